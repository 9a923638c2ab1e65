/// Gives the logs of runs: finds the log, the place in it, and follows it until the run has ended (R31, R33).
///
/// Nothing is held for a reader but a place in a file: reading is in bounded pieces, when the reader takes them.
public struct LogService: Sendable {
    let project: ProjectIdentity
    let journal: Journal
    let broadcaster: LogBroadcaster
    let stateFolder: String
    /// Masks what is secret in every view (R34).
    var redactor = SecretRedactor()

    /// A log line by line, with the place after each, as a stream wants it.
    ///
    /// - Throws: what can be refused before the first line: `finished` for a reader that has everything, `gone`, ….
    public func stream(_ request: LogRequest) throws(LogServiceError) -> LogStream {
        let current = try source(request.subject, request.view)
        guard case .after(let position) = request.start else {
            let offset = try offset(request.start, in: current)
            guard try offset <= size(of: current) else {
                return LogStream(self, request, at: current, reset: .beyondEnd)
            }
            return LogStream(self, request, at: current, offset: offset)
        }
        guard !position.isEnd else { throw .finished }
        return try resume(request, after: position, current: current)
    }

    /// A log as bytes of its view.
    ///
    /// - Throws: as `stream`, and for places that are not in this log, since a plain answer cannot tell of a reset.
    public func bytes(_ request: LogRequest) throws(LogServiceError) -> LogBytes {
        let source = try source(request.subject, request.view)
        let offset: Int
        if case .after(let position) = request.start {
            guard position.source == source.position, position.view == request.view else { throw .otherLog(position) }
            offset = position.offset
        } else {
            offset = try self.offset(request.start, in: source)
        }
        let size = try self.size(of: source)
        guard offset <= size else { throw .beyondEnd(offset: offset, size: size) }
        guard !request.follows else { return LogBytes(self, request, source, from: offset, to: nil) }
        let end = try reading { () throws(LogError) in
            try source.reader.presentEnd(request.view, isFinal: !source.isLive)
        }
        return LogBytes(self, request, source, from: offset, to: max(offset, end))
    }

    // MARK: - Where to go on

    /// The place behind what a reader has; where there is none, the start of what there is, with the reason.
    private func resume(
        _ request: LogRequest,
        after position: LogPosition,
        current: LogSource
    ) throws(LogServiceError) -> LogStream {
        func reset(_ reason: LogEvent.ResetReason) throws(LogServiceError) -> LogStream {
            _ = try self.size(of: current)
            return LogStream(self, request, at: current, reset: reason)
        }
        var source = current
        if position.source != current.position {
            switch try earlier(position, for: request) {
            case .found(let found): source = found
            case .reset(let reason): return try reset(reason)
            }
        }
        guard position.view == request.view else { return try reset(.otherView) }
        let size: Int
        do {
            size = try self.size(of: source)
        } catch {
            // The log of an earlier run may be gone while that of the present one is there.
            guard source.position != current.position, case .gone = error else { throw error }
            return try reset(.logGone)
        }
        guard position.offset <= size else { return try reset(.beyondEnd) }
        return LogStream(
            self,
            request,
            at: source,
            offset: position.offset,
            isEarlier: source.position != current.position
        )
    }

    private enum Earlier {
        case found(LogSource)
        case reset(LogEvent.ResetReason)
    }

    /// The log of another run that a reader of a spec's log has not finished yet.
    private func earlier(
        _ position: LogPosition,
        for request: LogRequest
    ) throws(LogServiceError) -> Earlier {
        guard case .spec(let spec) = request.subject else { return .reset(.otherLog) }
        guard let id = position.run else {
            // The original's file was all there was, and in the meantime a run of ours began: that one is next.
            return .found(fileOfAllRuns(spec, run: nil))
        }
        guard let run = try journaled({ () throws(JournalError) in try journal.run(id) }) else {
            return .reset(.logGone)
        }
        guard run.specID == spec.text, run.projectPath == project.path else { return .reset(.otherLog) }
        return .found(try self.source(of: run, request.view))
    }

    private func offset(_ start: LogRequest.Start, in source: LogSource) throws(LogServiceError) -> Int {
        switch start {
        case .beginning, .after: return 0
        case .offset(let offset): return offset
        case .tail(let lines):
            return try reading { () throws(LogError) in try source.reader.offset(ofLast: lines) }
        case .since(let time):
            guard source.position != .all else { throw .noTimes }
            return try reading { () throws(LogError) in try source.reader.offset(since: time) }
        }
    }

    private func size(of source: LogSource) throws(LogServiceError) -> Int {
        try reading { () throws(LogError) in try source.reader.size() }
    }
}
