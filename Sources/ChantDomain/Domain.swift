import Foundation
import Logging

/// One project, opened: every room built once, and the services that the outside calls.
public final class Domain: Sendable {
    /// Specs: list, show, edit.
    public let specs: SpecService
    /// Runs: start, show, cancel.
    public let runs: RunService
    /// What a person does to one spec: cancel, reset, pause, takeover.
    public let control: SpecControl
    /// Messages for agents.
    public var prompts: PromptService { PromptService(rooms: rooms) }
    /// Merges and completions by a person's word.
    public var merges: MergeService { MergeService(rooms: rooms, specs: specs) }
    /// What runs have changed.
    public var diffs: DiffService { DiffService(rooms: rooms) }
    /// Logs of runs.
    public let logs: LogService
    /// Counts, queue, processes.
    public let status: StatusService
    /// Everything that happens.
    public let events: EventService
    /// The project that is served.
    public let project: ProjectIdentity
    /// Masks what is secret in whatever else the service says (R34).
    public let redactor: SecretRedactor
    /// What is in force.
    public let configuration: ServedConfiguration
    /// What a person should know, in sentences, for the start log.
    public let notices: [String]

    private let opened: OpenedProject
    private let rooms: ExecutionRooms
    let dispatcher: Dispatcher
    let recovery: Recovery
    private let kept: KeptWorktrees
    private let retention: Retention
    private let editing: SpecEditing
    private let outside: OutsideEdits

    /// Opens a project: checks folder, repository and configuration, takes the locks, opens the journal, builds the rooms.
    ///
    /// - Throws: `DomainStartError`; nothing is left half started then.
    public static func open(_ settings: DomainSettings) async throws(DomainStartError) -> Domain {
        Domain(try await OpenedProject.open(settings))
    }

    private init(_ opened: OpenedProject) {
        let rooms = ExecutionRooms(opened)
        let settlement = Settlement(rooms)
        let executor = SpecExecutor(rooms: rooms, settlement: settlement)
        let dispatcher = Dispatcher(
            rooms,
            executor: executor,
            orders: Orders(rooms, settlement, opened.settings),
            workers: opened.settings.workers
        )
        self.opened = opened
        self.rooms = rooms
        self.dispatcher = dispatcher
        recovery = Recovery(rooms: rooms, settlement: settlement, adoption: Adoption(executor: executor))
        kept = KeptWorktrees(rooms: rooms)
        retention = Retention(rooms: rooms)
        project = rooms.project
        notices = opened.notices
        let editing = SpecEditing(rooms)
        self.editing = editing
        specs = Self.specs(rooms, editing)
        let runs = RunService(rooms, dispatcher, settlement, queueLimit: opened.settings.queueLimit)
        self.runs = runs
        control = SpecControl(rooms, specs, runs, dispatcher, settlement)
        outside = OutsideEdits(rooms, runs)
        redactor = rooms.redactor
        configuration = ServedConfiguration(opened, rooms.catalog)
        logs = LogService(rooms)
        status = StatusService(rooms, dispatcher, runs, retention)
        events = EventService(journal: rooms.journal)
    }

    private static func specs(_ rooms: ExecutionRooms, _ editing: SpecEditing) -> SpecService {
        SpecService(
            project: rooms.project,
            store: rooms.store,
            journal: rooms.journal,
            lists: SpecLists(
                project: rooms.project,
                store: rooms.store,
                journal: rooms.journal,
                copyPath: rooms.specPath,
                stateFolder: rooms.stateFolder
            ),
            specPath: rooms.specPath,
            now: rooms.now,
            editing: editing
        )
    }

    private var news: SpecNews {
        SpecNews(journal: rooms.journal, logger: rooms.logger) { [dispatcher] in dispatcher.changed() }
    }

    /// Notes in the project's lock where the service listens, for the one who comes second.
    public func announce(address: String) { opened.locks.announce(address: address) }

    /// Decides or takes over every run that an earlier service left; before the service says that it is ready.
    ///
    /// - Returns: how many runs were decided; what was adopted goes on in `run`.
    /// - Throws: `DomainStartError` where the journal could not be written; else what nobody foresees.
    @discardableResult
    public func recover() async throws -> Int {
        do {
            return try await decide()
        } catch let error as JournalError {
            throw DomainStartError(error)
        }
    }

    private func decide() async throws -> Int {
        // A full disk must not keep old runs from being decided.
        _ = rooms.floors.refusal
        let findings = try await recovery.recover()
        await dispatcher.adopt(findings.adopted)
        dispatcher.orders.tidyFiles()
        await kept.sweepAtStart(abandoned: findings.abandoned)
        await editing.commits?.recover()
        // All files are read before the first request; from here on, changes are told.
        _ = try await rooms.store.index()
        await runs.stopCancelled()
        try rooms.journal.record(
            [.serviceStarted(ServiceFacts(version: opened.settings.version, mode: nil))],
            project: project.name
        )
        return findings.decided
    }

    /// Starts queued runs until `stop` was called and what was under way has ended.
    public func run() async {
        await withTaskGroup { group in
            group.addTask { await self.kept.sweepRegularly() }
            group.addTask { await self.recovery.mendRegularly() }
            group.addTask { await self.outside.run() }
            group.addTask { await self.news.run() }
            group.addTask { await self.retention.sweepRegularly() }
            group.addTask { await self.rooms.floors.watch { self.dispatcher.changed() } }
            dispatcher.changed()
            await dispatcher.run()
            group.cancelAll()
        }
    }

    /// Starts nothing more, so that `run` returns when the agents are left, have ended or were stopped (R30).
    ///
    /// Queued runs stay queued.
    public func stop(_ mode: StopMode) async {
        do {
            try rooms.journal.record(
                [.serviceStopping(ServiceFacts(version: opened.settings.version, mode: mode.rawValue))],
                project: project.name
            )
        } catch {
            rooms.logger.error("stop not journaled", metadata: ["error": "\(error)"])
        }
        await dispatcher.stop(mode)
    }

    /// Returns once journal and dispatcher have answered, whatever they said: a sign of life.
    public func answer() async {
        _ = try? rooms.journal.eventBounds()
        _ = await dispatcher.busyWorkers
    }

    /// Gives up the locks and closes the journal; after `run` has returned.
    public func close() {
        do {
            try rooms.journal.close()
        } catch {
            rooms.logger.error("journal not closed", metadata: ["error": "\(error)"])
        }
        opened.locks.release()
    }
}
