import Foundation

extension RunService {
    /// The service of an opened project.
    init(_ rooms: ExecutionRooms, _ dispatcher: Dispatcher, _ settlement: Settlement, queueLimit: Int) {
        self.init(
            project: rooms.project,
            gatekeeper: rooms.gatekeeper,
            store: rooms.store,
            journal: rooms.journal,
            drafts: rooms.drafts,
            dispatcher: dispatcher,
            settlement: settlement,
            floors: rooms.floors,
            queueLimit: queueLimit,
            now: rooms.now
        )
    }
}

extension SpecControl {
    /// The service of an opened project.
    init(
        _ rooms: ExecutionRooms,
        _ specs: SpecService,
        _ runs: RunService,
        _ dispatcher: Dispatcher,
        _ settlement: Settlement
    ) {
        self.init(
            specs: specs,
            runs: runs,
            claims: rooms.claims,
            dispatcher: dispatcher,
            settlement: settlement,
            stateFolder: rooms.stateFolder,
            logger: rooms.logger
        )
    }
}

extension StatusService {
    /// The service of an opened project.
    init(_ rooms: ExecutionRooms, _ dispatcher: Dispatcher, _ runs: RunService, _ retention: Retention) {
        self.init(
            project: rooms.project,
            stateFolder: rooms.stateFolder,
            target: rooms.target,
            store: rooms.store,
            journal: rooms.journal,
            dispatcher: dispatcher,
            worktrees: rooms.worktrees,
            checkout: rooms.git.repository.checkout,
            runs: runs,
            storage: StorageService(
                journal: rooms.journal,
                retention: retention,
                limits: rooms.configuration.server.retention,
                floors: rooms.floors
            ),
            now: rooms.now
        )
    }
}

extension OutsideEdits {
    /// The watch of an opened project.
    init(_ rooms: ExecutionRooms, _ runs: RunService) {
        self.init(
            store: rooms.store,
            journal: rooms.journal,
            project: rooms.project,
            logger: rooms.logger,
            cancelled: { await runs.specWasCancelled($0) },
            ended: { await rooms.completeDrivers(after: $0) }
        )
    }
}

extension LogService {
    /// The service of an opened project.
    init(_ rooms: ExecutionRooms) {
        self.init(
            project: rooms.project,
            journal: rooms.journal,
            broadcaster: rooms.logs,
            stateFolder: rooms.stateFolder,
            redactor: rooms.redactor
        )
    }
}
