/// The command to go on with a paused spec.
public struct ResumeRun: Sendable {
    /// The spec's full id.
    public var spec: SpecID
    /// What the caller asked for; `from: target` starts over.
    public var options: RunOptions

    /// A command to resume.
    public init(spec: SpecID, options: RunOptions = RunOptions()) {
        self.spec = spec
        self.options = options
    }
}

extension RunService {
    /// Starts a run that goes on where a paused one was stopped (R45, R49).
    ///
    /// - Returns: the queued run.
    /// - Throws: what `start` throws; a spec that is not paused is refused with what its status allows.
    public func resume(_ command: ResumeRun) async throws(RunError) -> Run {
        do throws(SpecError) {
            try await gatekeeper.store.read(command.spec).spec().refuse(unlessAllowed: .resume)
        } catch {
            throw .spec(error)
        }
        return try await start(StartRun(spec: command.spec, options: command.options))
    }

    /// The run as it says from the beginning with whose work it goes on, where its spec is paused.
    func goingOn(_ run: Run, _ spec: Spec) throws(RunError) -> Run {
        guard spec.status == .paused, run.options.from != .target else { return run }
        let work = PausedWork(journal: journal, project: project)
        let earlier = try asking { () throws(JournalError) in try work.predecessor(of: spec.id) }
        var run = run
        run.goOn(after: earlier)
        return run
    }
}
