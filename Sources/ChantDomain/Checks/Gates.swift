/// Everything that the gates look at, read at one moment.
struct GateSubject: Sendable {
    let id: SpecID
    let file: SpecFile?
    let index: SpecIndex
    let options: RunOptions
    /// The spec's live run, other than the one that asks.
    let liveRun: (run: Run, pid: Int32?)?
    /// The live process that holds the spec's lock.
    let lockOwner: Int32?
    let catalog: AgentCatalog
    let prompts: PromptLibrary
    /// `defaults.prompt`.
    let configuredPrompt: String
    let target: String
    let targetExists: Bool
    let repositoryIsEmpty: Bool
    /// The rules that a spec's own file has to keep.
    var lint = SpecLint()
    /// The live `watch` of the original's program, by its pid (R35).
    var watcher: Int32?
}

/// What the gates found out on the way: what a run works with.
struct GatePass: Sendable {
    let spec: Spec
    let agent: Agent
    let prompt: Prompt
}

/// The one ordered list of gates that each run passes, in every mode (I10): readable, lint errors, not running, startable,
/// approval, dependencies, prompt, agent, target.
///
/// A pure function: the same answer for the POST, for the worker at the moment of the start, and for a diagnosis.
enum Gates {
    /// - Throws: the refusal of the first gate that does not let the run through.
    static func pass(_ subject: GateSubject) throws(GateRefusal) -> GatePass {
        let spec = try readable(subject)
        try withoutLintErrors(spec, subject)
        try notRunning(subject)
        try startable(spec, subject)
        try approved(spec, subject)
        try ready(spec, subject)
        let prompt = try prompt(spec, subject)
        let agent = try agent(subject)
        try target(subject)
        return GatePass(spec: spec, agent: agent, prompt: prompt)
    }

    private static func readable(_ subject: GateSubject) throws(GateRefusal) -> Spec {
        guard let file = subject.file else { throw .gone(subject.id) }
        switch file.reading {
        case .success(let spec): return spec
        case .failure(let failure): throw .unreadable(failure.file)
        }
    }

    private static func withoutLintErrors(_ spec: Spec, _ subject: GateSubject) throws(GateRefusal) {
        let errors = subject.lint.errorsAgainstWork(in: spec, subject.index)
        if !errors.isEmpty { throw .lintFailed(spec.id, errors) }
    }

    private static func notRunning(_ subject: GateSubject) throws(GateRefusal) {
        if let live = subject.liveRun { throw .alreadyRunning(live.run, pid: live.pid) }
        if let owner = subject.lockOwner { throw .lockedByOther(subject.id, pid: owner) }
        if let watcher = subject.watcher { throw .chantWatchRunning(pid: watcher) }
    }

    private static func startable(_ spec: Spec, _ subject: GateSubject) throws(GateRefusal) {
        if SpecGroup.isDriver(spec, in: subject.index) { throw .driver(spec.id) }
        if spec.archived { throw .notStartable(spec.id, status: spec.status, allowed: []) }
        guard (try? spec.status.applying(.start)) != nil else {
            throw .notStartable(spec.id, status: spec.status, allowed: spec.status.allowed.map(\.rawValue))
        }
    }

    private static func approved(_ spec: Spec, _ subject: GateSubject) throws(GateRefusal) {
        guard !subject.options.skip.contains(.approval), let approval = spec.approval else { return }
        if approval.isRejected { throw .approvalRejected(spec.id, by: approval.by) }
        if approval.isOpen { throw .needsApproval(spec.id) }
    }

    private static func ready(_ spec: Spec, _ subject: GateSubject) throws(GateRefusal) {
        let readiness = Readiness.of(
            spec,
            in: subject.index,
            askedByName: true,
            hasLiveRun: false,
            skip: subject.options.skip.union([.approval])
        )
        if case .blocked(let blockers) = readiness { throw .notReady(spec.id, blockers) }
    }

    private static func prompt(_ spec: Spec, _ subject: GateSubject) throws(GateRefusal) -> Prompt {
        try prompt(spec, asked: subject.options.prompt, subject.prompts, configured: subject.configuredPrompt)
    }

    /// The prompt of a spec (R68), for a run and for who wants to see it before.
    static func prompt(
        _ spec: Spec,
        asked: String?,
        _ prompts: PromptLibrary,
        configured: String
    ) throws(GateRefusal) -> Prompt {
        let name = prompts.name(
            request: asked,
            spec: spec.prompt,
            isDocumentation: spec.kind == .documentation,
            configured: configured
        )
        do throws(AgentError) {
            return try prompts.prompt(named: name)
        } catch {
            throw refusal(error)
        }
    }

    private static func agent(_ subject: GateSubject) throws(GateRefusal) -> Agent {
        do throws(AgentError) {
            let agent = try subject.catalog.agent(named: subject.options.agent)
            if let fault = subject.catalog.fault(of: agent) { throw fault }
            return agent
        } catch {
            throw refusal(error)
        }
    }

    private static func refusal(_ error: AgentError) -> GateRefusal {
        switch error {
        case .unknownAgent(let name, let known): .unknownAgent(name, known: known)
        case .agentMissing(let agent, let program, _): .agentMissing(agent: agent, program: program)
        case .providerUnsupported(_, let provider, let supported):
            .providerUnsupported(provider, supported: supported)
        case .refusesRoot(let agent): .agentRefusesRoot(agent: agent)
        case .promptMissing(let name, let detail): .promptMissing(name, detail: detail)
        }
    }

    private static func target(_ subject: GateSubject) throws(GateRefusal) {
        if subject.repositoryIsEmpty { throw .repositoryEmpty }
        guard subject.targetExists else { throw .targetMissing(subject.target) }
    }
}
