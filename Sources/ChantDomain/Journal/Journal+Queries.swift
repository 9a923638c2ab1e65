/// What can be asked.
extension Journal {
    /// The run with this id.
    public func run(_ id: RunID) throws(JournalError) -> Run? {
        try read("read run \(id)") { try RunRows.run($0, id) }
    }

    /// The live run of a spec (R17).
    public func liveRun(of spec: SpecID, project path: String) throws(JournalError) -> Run? {
        try read("read the live run of \(spec)") { try RunRows.live($0, spec: spec.text, projectPath: path) }
    }

    /// The run of a spec that was accepted last, live or not.
    public func latestRun(of spec: SpecID, project path: String) throws(JournalError) -> Run? {
        try read("read the latest run of \(spec)") { try RunRows.latest($0, spec: spec.text, projectPath: path) }
    }

    /// The latest run of each spec of a project that has one, by the spec's id.
    public func latestRuns(project path: String) throws(JournalError) -> [String: Run] {
        try read("read the latest runs") { db in
            let runs = try RunRows.latest(db, projectPath: path)
            return Dictionary(runs.map { ($0.specID, $0) }) { _, later in later }
        }
    }

    /// The live runs of a project, the oldest first; those of all projects where none is named.
    public func liveRuns(project path: String? = nil) throws(JournalError) -> [Run] {
        try read("read the live runs") { try RunRows.live($0, projectPath: path) }
    }

    /// The specs of a project that have a live run.
    func liveSpecs(project path: String) throws(JournalError) -> Set<String> {
        try read("read which specs have live runs") { try RunRows.liveSpecs($0, projectPath: path) }
    }

    /// The queued run of a project that was accepted first, of those that nothing keeps from starting.
    func oldestQueued(project path: String, _ obstacles: QueueObstacles) throws(JournalError) -> Run? {
        try read("read the queue") { try RunRows.oldestQueued($0, projectPath: path, obstacles) }
    }

    /// The queued runs that have a time before which they do not start (R46).
    func runsWaitingForTime(project path: String) throws(JournalError) -> [Run] {
        try read("read the runs that wait for a time") { try RunRows.waitingForTime($0, projectPath: path) }
    }

    /// The runs that fit, the newest first, and how many fit in all.
    public func runs(_ query: RunQuery) throws(JournalError) -> (items: [Run], total: Int) {
        try read("list runs") { try RunRows.runs($0, query) }
    }

    /// The order with this id.
    public func order(_ id: OrderID) throws(JournalError) -> Order? {
        try read("read order \(id)") { try OrderRows.order($0, id) }
    }

    /// At most `limit` events after a number, in order.
    public func events(after sequence: Int64, limit: Int) throws(JournalError) -> [RecordedEvent] {
        try read("read events") { try EventRecord.page($0, after: sequence, limit: limit) }
    }

    /// Events after a number, first from the journal, then live; see `EventBus.subscribe`.
    ///
    /// - Parameters:
    ///   - sequence: the last event that the reader knows; `nil` for what happens from now on.
    ///   - bufferLimit: how many live events may wait for the reader.
    /// - Returns: a subscription on one cursor.
    public func subscribe(after sequence: Int64?, bufferLimit: Int = 1024) -> Subscription<RecordedEvent> {
        bus.subscribe(after: sequence, bufferLimit: bufferLimit)
    }

    /// The number of the newest event that subscribers have been told of.
    public var newestPublished: Int64 { bus.newest }

    /// The numbers of the oldest and the newest event that the journal holds; `nil` while there is none.
    public func eventBounds() throws(JournalError) -> (oldest: Int64, newest: Int64)? {
        try read("read the bounds of the events") { try EventRecord.bounds($0) }
    }
}
