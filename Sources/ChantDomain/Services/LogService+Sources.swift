/// One file that a log can come from, and the run that writes it.
struct LogSource: Sendable {
    let reader: LogReader
    /// What its positions are called.
    let position: LogPosition.Source
    /// The run that has written to it last, as the journal had it.
    let run: Run?

    /// Whether it may still grow.
    var isLive: Bool { run?.state.isLive ?? false }
}

extension LogService {
    /// The log that is meant now.
    func source(_ subject: LogRequest.Subject, _ view: LogView) throws(LogServiceError) -> LogSource {
        switch subject {
        case .run(let id):
            guard let run = try journaled({ () throws(JournalError) in try journal.run(id) }),
                run.projectPath == project.path
            else { throw .runNotFound(id) }
            return try source(of: run, view)
        case .spec(let spec):
            if let run = try latestRun(of: spec) { return try source(of: run, view) }
            guard view != .events else { throw .noEvents }
            return try existing(fileOfAllRuns(spec, run: nil), of: spec)
        case .allRuns(let spec):
            guard view != .events else { throw .noEvents }
            let run = try latestRun(of: spec)
            let source = fileOfAllRuns(spec, run: run)
            return run == nil ? try existing(source, of: spec) : source
        }
    }

    /// The log of one run.
    ///
    /// A run that has had no agent may have no file; that of any other is missed.
    func source(of run: Run, _ view: LogView) throws(LogServiceError) -> LogSource {
        let dialect = Provider(run.provider).dialect
        guard dialect != nil || view != .events else { throw .noEvents }
        let process = try journaled { () throws(JournalError) in try journal.process(of: run.id) }
        let folder = RunFolder(stateFolder: stateFolder, run: run.id)
        return LogSource(
            reader: LogReader(folder, view, dialect, agentStarted: process != nil) { [broadcaster] in
                broadcaster.readableEnd(of: run.id)
            }.masking(by: redactor),
            position: .run(run.id),
            run: run
        )
    }

    func fileOfAllRuns(_ spec: SpecID, run: Run?) -> LogSource {
        // The first run of a spec makes the file when it has something to say.
        let isExpected = run.map { !$0.state.isLive && $0.startedAt != nil } ?? true
        return LogSource(
            reader: LogReader(path: ChantLog.path(of: spec, chantFolder: project.path), isExpected: isExpected).masking(
                by: redactor
            ),
            position: .all,
            run: run
        )
    }

    /// The live run, else the latest.
    func latestRun(of spec: SpecID) throws(LogServiceError) -> Run? {
        try journaled { () throws(JournalError) -> Run? in
            if let live = try journal.liveRun(of: spec, project: project.path) { return live }
            return try journal.latestRun(of: spec, project: project.path)
        }
    }

    /// A file that only the original can have written; without it nothing has worked the spec.
    private func existing(_ source: LogSource, of spec: SpecID) throws(LogServiceError) -> LogSource {
        do {
            _ = try source.reader.size()
            return source
        } catch .gone {
            throw .neverRun(spec)
        } catch {
            throw .log(error)
        }
    }

    // MARK: - Errors of the rooms below

    func journaled<Value>(_ body: () throws(JournalError) -> Value) throws(LogServiceError) -> Value {
        do {
            return try body()
        } catch {
            throw .journal(error)
        }
    }

    func reading<Value>(_ body: () throws(LogError) -> Value) throws(LogServiceError) -> Value {
        do {
            return try body()
        } catch .gone(let path) {
            throw .gone(path: path)
        } catch {
            throw .log(error)
        }
    }
}
