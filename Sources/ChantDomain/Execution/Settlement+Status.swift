import Logging

/// The status that was written, or could not be, for a run's end.
struct NotedStatus: Sendable {
    /// What was done to the status; `nil` where the file was left alone.
    let event: SpecEvent?
    /// Whether the file says when another attempt comes.
    let isRetry: Bool
    /// What writing it said.
    let warnings: [RunWarning]

    /// Whether it is in the file.
    var isWritten: Bool { !warnings.contains { $0.code == .statusNotWritten } }
}

/// The status of the spec that a run leaves.
extension Settlement {
    /// The status that the end asks for, unless it is written; a stop that came since asks for another one.
    func write(
        _ final: StageFailure,
        _ run: Run,
        _ context: RunContext,
        after noted: NotedStatus?
    ) async -> NotedStatus {
        let touches = context.traces.specStarted || final.reason == .specCancelled
        let applied = touches ? final.specEvent : nil
        if let noted, noted.isWritten, noted.event == applied, noted.isRetry == (final.retry != nil) { return noted }
        let note = await note(of: run, final, at: context.specPath)
        var warnings = await leave(context.spec, applied, note, final.retry)
        if let noted, noted.isWritten {
            // The status that was found is this run's own.
            warnings = noted.warnings + warnings.filter { $0.code != .statusChangedOutside }
        }
        return NotedStatus(event: applied, isRetry: final.retry != nil, warnings: warnings)
    }

    /// Writes the status that the outcome asks for; what cannot be written is logged, and the run settles all the same.
    func leave(
        _ spec: SpecID,
        _ event: SpecEvent?,
        _ note: TakeoverNote? = nil,
        _ retry: PlannedRetry? = nil
    ) async -> [RunWarning] {
        guard let event else { return [] }
        do {
            let other = try await lifecycle.leave(spec, event, retryState: retry?.header) { note?.added(to: $0) ?? $0 }
            // A member that is over may have been the last one that its driver waited for (R9).
            if event == .cancel { await lifecycle.completeDrivers(after: spec, at: now(), logger) }
            guard let other, event != .cancel else { return [] }
            return [
                RunWarning(
                    .statusChangedOutside,
                    "The spec's status was \(other.rawValue) in the file when the run ended."
                )
            ]
        } catch {
            logger.error("spec status not written", metadata: ["spec": "\(spec)", "error": "\(error)"])
            return [.statusNotWritten(error)].compactMap(\.self)
        }
    }
}

extension StageFailure {
    /// Whether another run takes the place of the one that ends so.
    var isFollowed: Bool { outcome == .interrupted || retry != nil }
}
