import Foundation
import Glibc
import Logging

extension ExecutionRooms {
    /// Builds the rooms of an opened project, lower ones first.
    init(_ opened: OpenedProject) {
        let now = Surroundings.clock
        let writes = JournaledWrites(journal: opened.journal, logger: opened.settings.logger)
        let store = SpecStore(chantFolder: opened.chantFolder, intents: writes, watching: SpecWatching())
        let logger = opened.settings.logger
        let lifecycle = SpecLifecycle(store: store, journal: opened.journal, project: opened.identity) {
            change,
            error in
            let why: Logger.Metadata = ["spec": "\(change.specID)", "error": "\(error)"]
            logger.error("change of a spec not journaled", metadata: why)
        }
        let gatekeeper = Gatekeeper(opened, store)
        self.init(
            project: opened.identity,
            configuration: opened.configuration,
            stateFolder: opened.settings.stateFolder,
            target: opened.target,
            environment: opened.settings.environment,
            store: store,
            journal: opened.journal,
            lifecycle: lifecycle,
            git: opened.git,
            worktrees: WorktreeQueue(
                client: opened.git,
                worktreesFolder: opened.settings.worktreesFolder,
                identity: opened.configuration.server.serviceIdentity
            ),
            finisher: Finisher(opened, lifecycle, FinishedSpec(opened, store, now: now), now: now),
            catalog: gatekeeper.catalog,
            spawner: Spawner(supervisorProgram: [opened.settings.ownProgram, "supervise"]),
            logs: LogBroadcaster(),
            gatekeeper: gatekeeper,
            settlements: SettlementCount(),
            claims: SpecClaims(),
            drafts: RunDrafts(opened, gatekeeper.catalog, now: now),
            floors: Floors(opened),
            logger: opened.settings.logger,
            now: now,
            redactor: opened.redactor
        )
    }
}

extension RunDrafts {
    fileprivate init(_ opened: OpenedProject, _ catalog: AgentCatalog, now: @escaping @Sendable () -> Date) {
        self.init(
            project: opened.identity,
            configuration: opened.configuration,
            target: opened.target,
            environment: opened.settings.environment,
            catalog: catalog,
            rotation: RotationFile(chantFolder: opened.chantFolder),
            now: now
        )
    }
}

extension Floors {
    fileprivate convenience init(_ opened: OpenedProject) {
        let settings = opened.settings
        let limits = opened.configuration.server.floors
        self.init(
            limits,
            ballast: Ballast(path: settings.stateFolder + "/ballast", size: limits.ballast),
            logger: settings.logger,
            measure: settings.measure
        )
    }
}

extension Gatekeeper {
    fileprivate init(_ opened: OpenedProject, _ store: SpecStore) {
        self.init(
            project: opened.identity,
            store: store,
            journal: opened.journal,
            git: opened.git,
            target: opened.target,
            catalog: AgentCatalog(
                opened.configuration,
                projectFolder: opened.identity.folder,
                ownProgram: opened.settings.ownProgram,
                searchPath: opened.settings.environment["PATH"] ?? "",
                isRoot: geteuid() == 0,
                isSandbox: opened.settings.environment["IS_SANDBOX"] == "1"
            ),
            prompts: PromptLibrary(
                chantFolder: opened.chantFolder,
                extensions: opened.configuration.defaults.promptExtensions
            ),
            configuredPrompt: opened.configuration.defaults.prompt,
            lint: SpecLint(settings: opened.configuration.lint)
        )
    }
}

extension FinishedSpec {
    fileprivate init(_ opened: OpenedProject, _ store: SpecStore, now: @escaping @Sendable () -> Date) {
        self.init(
            store: store,
            git: opened.git,
            now: now,
            output: OutputCheck(
                projectFolder: opened.identity.folder,
                stateFolder: opened.settings.stateFolder,
                isStrict: opened.configuration.validation.strictOutput
            )
        )
    }
}

extension Finisher {
    fileprivate init(
        _ opened: OpenedProject,
        _ lifecycle: SpecLifecycle,
        _ specs: FinishedSpec,
        now: @escaping @Sendable () -> Date
    ) {
        self.init(
            journal: opened.journal,
            lifecycle: lifecycle,
            git: opened.git,
            target: opened.target,
            targets: TargetLocks(repository: opened.git.repository),
            specs: specs,
            identity: opened.configuration.server.serviceIdentity,
            signingKey: opened.configuration.server.sign,
            logger: opened.settings.logger,
            now: now
        )
    }
}

extension Settlement {
    /// The door of an opened project.
    init(_ rooms: ExecutionRooms) {
        self.init(
            journal: rooms.journal,
            lifecycle: rooms.lifecycle,
            logs: rooms.logs,
            settlements: rooms.settlements,
            stateFolder: rooms.stateFolder,
            logger: rooms.logger,
            now: rooms.now,
            drafts: rooms.drafts,
            retries: RetryDecision(keys: rooms.configuration.retries),
            redactor: rooms.redactor
        )
    }
}

extension Orders {
    /// The orders of an opened project.
    init(_ rooms: ExecutionRooms, _ settlement: Settlement, _ settings: DomainSettings) {
        self.init(
            journal: rooms.journal,
            project: rooms.project,
            store: rooms.store,
            drafts: rooms.drafts,
            settlement: settlement,
            queueLimit: settings.queueLimit,
            strategies: settings.strategies,
            logger: rooms.logger
        )
    }
}
