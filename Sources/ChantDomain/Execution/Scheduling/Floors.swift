import Foundation
import Logging
import Synchronization

/// Keeps back starts while disk or memory are short, and refuses new runs while the state folder's disk is (R72).
final class Floors: Sendable {
    /// What was looked at, and when.
    private struct Look {
        var resources: Resources
        var at: ContinuousClock.Instant
    }

    let limits: ServerKeys.Floors
    private let ballast: Ballast
    private let measure: @Sendable () -> Resources
    private let logger: Logger
    /// So long a look is good enough: a thousand requests need no thousand looks.
    private let freshness: Duration
    private let last = Mutex<Look?>(nil)
    private let told = Mutex<[Shortage]>([])
    /// Whether a start was held back since somebody was last told that something changed.
    private let hasHeldBack = Atomic(false)

    init(
        _ limits: ServerKeys.Floors,
        ballast: Ballast,
        logger: Logger,
        freshness: Duration = .milliseconds(100),
        measure: @escaping @Sendable () -> Resources
    ) {
        self.limits = limits
        self.ballast = ballast
        self.logger = logger
        self.freshness = freshness
        self.measure = measure
    }

    /// What is there now.
    var resources: Resources {
        last.withLock { last in
            let now = Surroundings.moment
            if let known = last, now - known.at < freshness { return known.resources }
            let resources = measure()
            last = Look(resources: resources, at: now)
            return resources
        }
    }

    /// Everything that is short now.
    ///
    /// The room of a ballast that was given up is needed too: else giving it up would let new runs in.
    var shortages: [Shortage] { limits.shortages(resources, ballast: ballast.isTaken ? 0 : limits.ballast) }

    /// What queued runs wait for because of that.
    var holding: [WaitingFor] {
        shortages.compactMap { shortage in
            switch shortage.what {
            case .disk: .disk
            case .memory: .memory
            case .state: nil
            }
        }
    }

    /// Whether a start must wait now; whoever asks is told when it may be different, however short the shortage was.
    var holdsBack: Bool {
        let holds = !holding.isEmpty
        if holds { hasHeldBack.store(true, ordering: .sequentiallyConsistent) }
        return holds
    }

    /// Why no new run is taken; `nil` where one is.
    var refusal: Shortage? {
        guard let shortage = shortages.first(where: { $0.what == .state }) else { return nil }
        ballast.release()
        return shortage
    }

    /// Looks regularly until the task is cancelled: tells the log what changed, and whoever waits.
    func watch(changed: () -> Void) async {
        while !Task.isCancelled {
            if look() { changed() }
            do { try await Surroundings.sleep(for: limits.every) } catch { return }
        }
    }

    /// Returns: whether anything is different from the look before.
    private func look() -> Bool {
        // Before the look: whoever is held back after it is told by the next one.
        let someoneWaits = hasHeldBack.exchange(false, ordering: .sequentiallyConsistent)
        let now = shortages
        let isStateShort = now.contains { $0.what == .state }
        if isStateShort {
            if ballast.release() { logger.warning("the ballast was given up", metadata: ["file": "\(ballast.path)"]) }
        } else if let state = resources.state, state.free - limits.ballast > limits.state {
            do throws(FileError) {
                try ballast.take()
            } catch {
                logger.warning("the ballast cannot be made", metadata: ["error": "\(error)"])
            }
        }
        let before = told.withLock { told in
            defer { told = now }
            return told
        }
        tell(now, before)
        return now.map(\.what) != before.map(\.what) || (someoneWaits && now.allSatisfy { $0.what == .state })
    }

    private func tell(_ now: [Shortage], _ before: [Shortage]) {
        for shortage in now where !before.contains(where: { $0.what == shortage.what }) {
            logger.warning("\(shortage.sentence)")
        }
        for shortage in before where !now.contains(where: { $0.what == shortage.what }) {
            logger.notice("\(shortage.what.relief)")
        }
    }
}

/// What runs need and may run out of.
public struct Resources: Sendable, Equatable {
    /// The file system of the worktrees.
    public var worktrees: DiskSpace?
    /// The file system of the state folder.
    public var state: DiskSpace?
    /// Memory that programs can still have.
    public var memory: Int?

    /// Given figures; what is `nil` nobody can tell, and it holds nothing back.
    public init(worktrees: DiskSpace?, state: DiskSpace?, memory: Int?) {
        self.worktrees = worktrees
        self.state = state
        self.memory = memory
    }

    /// What is there now.
    public static func measured(worktreesFolder: String, stateFolder: String) -> Resources {
        Resources(
            worktrees: DiskSpace(of: worktreesFolder),
            state: DiskSpace(of: stateFolder),
            memory: AvailableMemory.bytes()
        )
    }
}

/// Something that is below its floor.
public struct Shortage: Sendable, Equatable {
    /// What it is.
    public enum What: String, Sendable, CaseIterable {
        /// The worktrees' disk: starts wait.
        case disk
        /// Memory: starts wait.
        case memory
        /// The state folder's disk: new runs are refused.
        case state

        /// What the log says when there is enough again.
        var relief: String {
            switch self {
            case .disk: "There is enough disk for worktrees again; runs start."
            case .memory: "There is enough memory again; runs start."
            case .state: "There is enough disk for the state folder again; new runs are taken."
            }
        }
    }

    /// What is short.
    public let what: What
    /// How much there is, in bytes.
    public let free: Int
    /// How much there must be, in bytes.
    public let floor: Int

    /// What it means and which key decides it.
    public var sentence: String {
        let figures = "\(free >> 20) MiB free, \(floor >> 20) MiB needed"
        return switch what {
        case .disk: "Starts wait: too little disk for worktrees (\(figures), `server.floors.disk`)."
        case .memory: "Starts wait: too little memory (\(figures), `server.floors.memory`)."
        case .state: "New runs are refused: too little disk for the state folder (\(figures), `server.floors.state`)."
        }
    }
}

extension ServerKeys.Floors {
    /// What of `resources` is below its floor.
    ///
    /// - Parameters:
    ///   - resources: what there is.
    ///   - ballast: what the ballast still has to take from the state folder's disk.
    /// - Returns: the shortages, none twice.
    func shortages(_ resources: Resources, ballast: Int = 0) -> [Shortage] {
        var found: [Shortage] = []
        func compare(_ what: Shortage.What, _ free: Int?, _ floor: Int) {
            guard let free, free < floor else { return }
            found.append(Shortage(what: what, free: free, floor: floor))
        }
        compare(.disk, resources.worktrees?.free, diskFloor(of: resources.worktrees))
        compare(.memory, resources.memory, memory)
        compare(.state, resources.state?.free, state == 0 ? 0 : state + ballast)
        return found
    }

    /// The larger of the two floors of the worktrees' disk, in bytes.
    func diskFloor(of space: DiskSpace?) -> Int {
        max(disk, (space?.total ?? 0) / 100 * diskPercent)
    }
}
