import Foundation
public import Logging

/// What a domain is opened with.
public struct DomainSettings: Sendable {
    /// The project's folder, which holds `.chant`; `nil`: the nearest one upwards from the current folder.
    public var projectFolder: String?
    /// The project's name, where the caller gave one.
    public var projectName: String?
    /// Folder of the journal and of the runs' evidence.
    public var stateFolder: String
    /// Folder of all worktrees.
    public var worktreesFolder: String
    /// How many runs execute at once.
    public var workers: Int
    /// How many runs may wait (R47).
    public var queueLimit: Int
    /// The path of `chant-server` itself, which supervises agents and is the demo agent.
    public var ownProgram: String
    /// The service's environment, from which agents inherit (R61).
    public var environment: [String: String]
    /// The version, for events.
    public var version: String
    /// Where the domain logs.
    public var logger: Logger

    /// Settings with the defaults of the rules.
    public init(
        projectFolder: String?,
        projectName: String? = nil,
        stateFolder: String,
        worktreesFolder: String,
        workers: Int = 4,
        queueLimit: Int = 1000,
        ownProgram: String,
        environment: [String: String],
        version: String,
        logger: Logger
    ) {
        self.projectFolder = projectFolder
        self.projectName = projectName
        self.stateFolder = stateFolder
        self.worktreesFolder = worktreesFolder
        self.workers = workers
        self.queueLimit = queueLimit
        self.ownProgram = ownProgram
        self.environment = environment
        self.version = version
        self.logger = logger
    }
}

/// One project, opened: every room built once, and the services that the outside calls.
public final class Domain: Sendable {
    /// Specs: list, show, create.
    public let specs: SpecService
    /// Runs: start, show, cancel.
    public let runs: RunService
    /// Logs of runs.
    public let logs: LogService
    /// Counts, queue, processes.
    public let status: StatusService
    /// Everything that happens.
    public let events: EventService
    /// The project that is served.
    public let project: ProjectIdentity
    /// What a person should know, in sentences, for the start log.
    public let notices: [String]

    private let rooms: ExecutionRooms
    private let dispatcher: Dispatcher
    private let recovery: Recovery
    private let kept: KeptWorktrees
    private let locks: ServiceLocks
    private let version: String

    init(_ parts: DomainParts) {
        specs = parts.specs
        runs = parts.runs
        logs = parts.logs
        status = parts.status
        events = parts.events
        project = parts.rooms.project
        notices = parts.notices
        rooms = parts.rooms
        dispatcher = parts.dispatcher
        recovery = parts.recovery
        kept = parts.kept
        locks = parts.locks
        version = parts.version
    }

    /// Notes in the project's lock where the service listens, for the one who comes second.
    public func announce(address: String) { locks.announce(address: address) }

    /// Decides every run that an earlier service left; before the service says that it is ready.
    ///
    /// - Returns: how many runs were decided.
    @discardableResult
    public func recover() async throws -> Int {
        let decided = try await recovery.recover()
        await kept.sweepAtStart()
        try rooms.journal.record([.serviceStarted(ServiceFacts(version: version, mode: nil))], project: project.name)
        return decided
    }

    /// Starts queued runs until `stop` was called and what was under way has ended.
    public func run() async {
        await withTaskGroup { group in
            group.addTask { await self.kept.sweepRegularly() }
            dispatcher.changed()
            await dispatcher.run()
            group.cancelAll()
        }
    }

    /// Stops the agents and settles their runs as interrupted; `run` returns then. Queued runs stay queued.
    public func stop() async {
        do {
            try rooms.journal.record(
                [.serviceStopping(ServiceFacts(version: version, mode: "stop"))],
                project: project.name
            )
        } catch {
            rooms.logger.error("stop not journaled", metadata: ["error": "\(error)"])
        }
        await dispatcher.stop()
    }

    /// Gives up the locks and closes the journal; after `run` has returned.
    public func close() {
        do {
            try rooms.journal.close()
        } catch {
            rooms.logger.error("journal not closed", metadata: ["error": "\(error)"])
        }
        locks.release()
    }
}
