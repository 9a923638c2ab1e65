/// What can be asked.
extension Journal {
    /// The run with this id.
    public func run(_ id: RunID) throws(JournalError) -> Run? {
        try read("read run \(id)") { try RunTable.run($0, id) }
    }

    /// The live run of a spec (R17).
    public func liveRun(of spec: SpecID, project path: String) throws(JournalError) -> Run? {
        try read("read the live run of \(spec)") { try RunTable.live($0, spec: spec.text, projectPath: path) }
    }

    /// The run of a spec that was accepted last, live or not.
    public func latestRun(of spec: SpecID, project path: String) throws(JournalError) -> Run? {
        try read("read the latest run of \(spec)") { try RunTable.latest($0, spec: spec.text, projectPath: path) }
    }

    /// The live runs of a project, the oldest first; those of all projects where none is named.
    public func liveRuns(project path: String? = nil) throws(JournalError) -> [Run] {
        try read("read the live runs") { try RunTable.live($0, projectPath: path) }
    }

    /// The runs that fit, the newest first, and how many fit in all.
    public func runs(_ query: RunQuery) throws(JournalError) -> (items: [Run], total: Int) {
        try read("list runs") { try RunTable.runs($0, query) }
    }

    /// The order with this id.
    public func order(_ id: OrderID) throws(JournalError) -> Order? {
        try read("read order \(id)") { try OrderTable.order($0, id) }
    }

    /// At most `limit` events after a number, in order.
    public func events(after sequence: Int64, limit: Int) throws(JournalError) -> [RecordedEvent] {
        try read("read events") { try EventRecord.page($0, after: sequence, limit: limit) }
    }

    /// The numbers of the oldest and the newest event that the journal holds; `nil` while there is none.
    public func eventBounds() throws(JournalError) -> (oldest: Int64, newest: Int64)? {
        try read("read the bounds of the events") { try EventRecord.bounds($0) }
    }
}
