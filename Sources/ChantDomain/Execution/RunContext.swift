import Foundation
import Logging
import Synchronization

/// The rooms that a run passes through, opened once for a project.
struct ExecutionRooms: Sendable {
    let project: ProjectIdentity
    let configuration: ProjectConfiguration
    let stateFolder: String
    let target: BranchName
    let environment: [String: String]
    let store: SpecStore
    let journal: Journal
    let lifecycle: SpecLifecycle
    let git: GitClient
    let worktrees: WorktreeQueue
    let finisher: Finisher
    let catalog: AgentCatalog
    let spawner: Spawner
    let logs: LogBroadcaster
    let gatekeeper: Gatekeeper
    let settlements: SettlementCount
    let claims: SpecClaims
    let drafts: RunDrafts
    let floors: Floors
    let logger: Logger
    let now: @Sendable () -> Date
    /// Masks what is secret on every way out (R34).
    var redactor = SecretRedactor()

    /// Finds what paused runs have left.
    var pausedWork: PausedWork { PausedWork(journal: journal, project: project) }

    /// Puts the messages for agents together.
    var prompting: PromptAssembly {
        PromptAssembly(
            project: project,
            configuration: configuration,
            journal: journal,
            git: git,
            stateFolder: stateFolder,
            redactor: redactor
        )
    }

    /// Reads again what is secret, before an agent may see what has become so since the service started (R34).
    func lookForSecrets() {
        let found = SecretValues(environment: environment, keys: configuration.server, projectFolder: project.folder)
        redactor.learn(found.values.union(SecretValues.passwords(inConfigurationOf: git.repository)))
    }

    /// The path of a spec's file inside the repository, seen from its top folder.
    func repositoryPath(of file: SpecFile) -> String {
        git.repository.prefix + ".chant" + file.path.dropFirst(project.path.count)
    }

    /// Where `.chant/specs/<id>.md` lies inside the repository, seen from its top folder.
    func specPath(_ id: SpecID) -> String { git.repository.prefix + ".chant/specs/\(id).md" }

    /// A spec's log of all runs, as an agent with this dialect fills it; masked, like all that leaves the service (R34).
    func chantLog(of spec: SpecID, _ dialect: AgentDialect?) -> ChantLog {
        ChantLog(chantFolder: project.path, spec: spec, dialect: dialect, redactor: redactor)
    }

    /// The folder of a run's evidence.
    func folder(of run: RunID) -> RunFolder { RunFolder(stateFolder: stateFolder, run: run) }
}

/// Counts what runs of the repository did to it, so that a change in the checkout can be told from a neighbour's (R54).
///
/// A merge is begun before it shows in the checkout, and over when it has: nothing was amid one, or between the two,
/// exactly where no more are begun at the end of a time than were over at its beginning.
final class SettlementCount: Sendable {
    private let begunCount = Atomic<Int>(0)
    private let overCount = Atomic<Int>(0)

    /// How many merges and settlements have begun since the service started.
    var begun: Int { begunCount.load(ordering: .sequentiallyConsistent) }
    /// How many of them are over.
    var over: Int { overCount.load(ordering: .sequentiallyConsistent) }

    /// A run has settled.
    func add() {
        begunCount.add(1, ordering: .sequentiallyConsistent)
        overCount.add(1, ordering: .sequentiallyConsistent)
    }

    /// Counts what moves the target, from before it does until after.
    func merging<Result: Sendable, Failure: Error>(
        _ merge: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        begunCount.add(1, ordering: .sequentiallyConsistent)
        defer { overCount.add(1, ordering: .sequentiallyConsistent) }
        return try await merge()
    }
}

/// What all stages of one run see, beside the output of the stage before.
struct RunContext: Sendable {
    let rooms: ExecutionRooms
    let control: RunControl
    let traces: RunTraces
    let run: RunID
    let spec: SpecID

    /// Where the spec lies inside the repository: in `specs/`, or in the folder below it where it was found.
    var specPath: String { traces.specPath ?? rooms.specPath(spec) }
}

/// What a run has left in the world so far: what settling and cleaning up have to undo, wherever it stopped.
final class RunTraces: Sendable {
    private struct State {
        var worktree: Worktree?
        var lock: SpecLock?
        var isAdopted = false
        var specStarted = false
        var specPath: String?
        var gitTime: Duration = .zero
        var agentCommits: RunCommits?
        var deniedTools: [String] = []
        var warnings: [RunWarning] = []
    }

    private let state = Mutex(State())

    /// The worktree that the run holds.
    var worktree: Worktree? {
        get { state.withLock { $0.worktree } }
        set { state.withLock { $0.worktree = newValue } }
    }

    /// Whether an earlier service began the run, and may have left its lock.
    var isAdopted: Bool {
        get { state.withLock { $0.isAdopted } }
        set { state.withLock { $0.isAdopted = newValue } }
    }

    /// The spec's lock (R35), while the run holds it.
    var lock: SpecLock? {
        get { state.withLock { $0.lock } }
        set { state.withLock { $0.lock = newValue } }
    }

    /// Whether the spec's file says `in_progress` because of this run.
    var specStarted: Bool {
        get { state.withLock { $0.specStarted } }
        set { state.withLock { $0.specStarted = newValue } }
    }

    /// Where the run's spec lies inside the repository, once its file was found.
    var specPath: String? {
        get { state.withLock { $0.specPath } }
        set { state.withLock { $0.specPath = newValue } }
    }

    /// The time that git took so far.
    var gitTime: Duration { state.withLock { $0.gitTime } }

    /// Adds the time that `work` takes to that of git.
    func timingGit<R: Sendable, E: Error>(_ work: () async throws(E) -> R) async throws(E) -> R {
        let begun = ContinuousClock.now
        defer { state.withLock { $0.gitTime += ContinuousClock.now - begun } }
        return try await work()
    }

    /// What the agent committed, once that is known.
    var commits: RunCommits? {
        get { state.withLock { $0.agentCommits } }
        set { state.withLock { $0.agentCommits = newValue } }
    }

    /// The tools that the agent wanted to use and was not allowed to: often why it did not do its work.
    var deniedTools: [String] {
        get { state.withLock { $0.deniedTools } }
        set { state.withLock { $0.deniedTools = newValue } }
    }

    /// What was noteworthy so far.
    var warnings: [RunWarning] { state.withLock { $0.warnings } }

    /// Notes something that does not change the outcome.
    func warn(_ warning: RunWarning) { state.withLock { $0.warnings.append(warning) } }
}
