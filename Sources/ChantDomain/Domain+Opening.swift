import Foundation
import Logging

/// Everything that a `Domain` is made of.
struct DomainParts {
    let specs: SpecService
    let runs: RunService
    let logs: LogService
    let status: StatusService
    let events: EventService
    let rooms: ExecutionRooms
    let dispatcher: Dispatcher
    let recovery: Recovery
    let kept: KeptWorktrees
    let locks: ServiceLocks
    let notices: [String]
    let version: String
}

extension Domain {
    /// Opens a project: checks folder, repository and configuration, takes the locks, opens the journal, builds the rooms.
    ///
    /// - Throws: `DomainStartError`; nothing is left half started then.
    public static func open(_ settings: DomainSettings) async throws(DomainStartError) -> Domain {
        let chant = try ProjectFolder.chantFolder(
            of: settings.projectFolder,
            current: FileManager.default.currentDirectoryPath
        )
        let configuration = try ProjectOpening.configuration(chant, settings.environment)
        let git = try await ProjectOpening.git(chant, settings, configuration)
        let target = try await ProjectOpening.target(git, configuration)
        try StateFolder.prepare(settings.stateFolder)
        let locks = try ServiceLocks(chantFolder: chant, stateFolder: settings.stateFolder)
        do throws(DomainStartError) {
            let journal = try ProjectOpening.journal(settings)
            let opening = ProjectOpening(
                settings: settings,
                configuration: configuration,
                chantFolder: chant,
                git: git,
                target: target,
                journal: journal,
                locks: locks,
                notices: await ProjectOpening.notices(git, target, configuration)
            )
            return Domain(opening.parts())
        } catch {
            locks.release()
            throw error
        }
    }
}

/// Builds the rooms of one project, lower ones first.
struct ProjectOpening {
    let settings: DomainSettings
    let configuration: ProjectConfiguration
    let chantFolder: String
    let git: GitClient
    let target: BranchName
    let journal: Journal
    let locks: ServiceLocks
    let notices: [String]

    func parts() -> DomainParts {
        let rooms = executionRooms()
        let settlement = Settlement(
            journal: journal,
            lifecycle: rooms.lifecycle,
            logs: rooms.logs,
            settlements: rooms.settlements,
            logger: settings.logger,
            now: rooms.now
        )
        let dispatcher = Dispatcher(
            journal: journal,
            project: rooms.project,
            executor: SpecExecutor(rooms: rooms, settlement: settlement),
            workers: settings.workers,
            agentLimits: Dictionary(rooms.catalog.agents.map { ($0.name, $0.maxConcurrent) }) { first, _ in first },
            logger: settings.logger
        )
        let runs = RunService(
            project: rooms.project,
            configuration: configuration,
            target: target,
            environment: settings.environment,
            gatekeeper: rooms.gatekeeper,
            journal: journal,
            dispatcher: dispatcher,
            settlement: settlement,
            queueLimit: settings.queueLimit,
            now: rooms.now
        )
        return DomainParts(
            specs: SpecService(
                project: rooms.project,
                store: rooms.store,
                journal: journal,
                specPath: rooms.specPath,
                now: rooms.now
            ),
            runs: runs,
            logs: LogService(
                project: rooms.project,
                journal: journal,
                broadcaster: rooms.logs,
                stateFolder: settings.stateFolder
            ),
            status: StatusService(
                project: rooms.project,
                stateFolder: settings.stateFolder,
                target: target,
                store: rooms.store,
                journal: journal,
                dispatcher: dispatcher,
                worktrees: rooms.worktrees,
                checkout: git.repository.checkout,
                runs: runs,
                now: rooms.now
            ),
            events: EventService(journal: journal),
            rooms: rooms,
            dispatcher: dispatcher,
            recovery: Recovery(rooms: rooms, settlement: settlement),
            kept: KeptWorktrees(rooms: rooms),
            locks: locks,
            notices: notices,
            version: settings.version
        )
    }

    private func executionRooms() -> ExecutionRooms {
        let now: @Sendable () -> Date = { Date() }
        let project = ProjectIdentity(name: projectName, path: chantFolder)
        let store = SpecStore(
            chantFolder: chantFolder,
            intents: JournaledWrites(journal: journal, logger: settings.logger)
        )
        let lifecycle = SpecLifecycle(store: store, journal: journal, project: project)
        let catalog = AgentCatalog(
            configuration,
            projectFolder: project.folder,
            ownProgram: settings.ownProgram,
            searchPath: settings.environment["PATH"] ?? ""
        )
        let prompts = PromptLibrary(chantFolder: chantFolder)
        let targets = TargetLocks(repository: git.repository)
        let finisher = Finisher(
            journal: journal,
            lifecycle: lifecycle,
            git: git,
            target: target,
            targets: targets,
            specs: FinishedSpec(store: store, git: git, now: now),
            identity: configuration.server.serviceIdentity,
            signingKey: configuration.server.sign,
            logger: settings.logger,
            now: now
        )
        return ExecutionRooms(
            project: project,
            configuration: configuration,
            stateFolder: settings.stateFolder,
            target: target,
            environment: settings.environment,
            store: store,
            journal: journal,
            lifecycle: lifecycle,
            git: git,
            worktrees: WorktreeQueue(client: git, worktreesFolder: settings.worktreesFolder),
            finisher: finisher,
            catalog: catalog,
            prompts: prompts,
            spawner: Spawner(supervisorProgram: [settings.ownProgram, "supervise"]),
            logs: LogBroadcaster(),
            gatekeeper: Gatekeeper(
                project: project,
                store: store,
                journal: journal,
                git: git,
                target: target,
                catalog: catalog,
                prompts: prompts,
                configuredPrompt: configuration.defaults.prompt
            ),
            settlements: SettlementCount(),
            logger: settings.logger,
            now: now
        )
    }

    private var projectName: String {
        let folder = (chantFolder as NSString).deletingLastPathComponent
        return settings.projectName ?? configuration.project.name.flatMap { $0.isEmpty ? nil : $0 }
            ?? (folder as NSString).lastPathComponent
    }
}
