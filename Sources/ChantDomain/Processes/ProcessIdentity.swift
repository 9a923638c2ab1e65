import Glibc

/// Names one process for all time (R27): a pid alone is given to another process later.
///
/// The namespace is the one in which the pid was read, which is the reader's own: a process that made a namespace of
/// its own below keeps the pid that we see.
public struct ProcessIdentity: Codable, Hashable, Sendable {
    /// Its number in the namespace that saw it.
    public let pid: Int32
    /// Clock ticks between the machine's start and its own.
    public let startTicks: UInt64
    /// The machine's start.
    public let bootID: String
    /// The pid namespace in which `pid` means it.
    public let pidNamespace: String

    enum CodingKeys: String, CodingKey {
        case pid
        case startTicks = "start_ticks"
        case bootID = "boot_id"
        case pidNamespace = "pid_namespace"
    }

    /// What can be said about a process now.
    public enum Liveness: Sendable, Equatable {
        /// It runs.
        case alive
        /// It has ended; a zombie has, too.
        case gone
        /// It lives, or lived, where this process cannot look: never signalled, never called gone.
        case unverifiable
    }

    /// The process that has this pid now; `nil` where there is none, or it is a zombie.
    public static func of(pid: Int32) -> ProcessIdentity? {
        guard let place = Place.own, let entry = ProcessEntry.read(pid), !entry.hasEnded else { return nil }
        return ProcessIdentity(entry, in: place)
    }

    /// This process; `nil` where `/proc` is not mounted.
    public static var own: ProcessIdentity? { of(pid: getpid()) }

    /// Somebody of whom nothing is known but that there may be one: never signalled, never called gone.
    static let unverifiable = ProcessIdentity(pid: 0, startTicks: 0, bootID: own?.bootID ?? "", pidNamespace: "unknown")

    /// An identity as read from a file or a test.
    public init(pid: Int32, startTicks: UInt64, bootID: String, pidNamespace: String) {
        self.pid = pid
        self.startTicks = startTicks
        self.bootID = bootID
        self.pidNamespace = pidNamespace
    }

    private init(_ entry: ProcessEntry, in place: Place) {
        self.init(
            pid: entry.pid,
            startTicks: entry.startTicks,
            bootID: place.bootID,
            pidNamespace: place.pidNamespace
        )
    }

    /// Whether it runs, as far as this process can tell.
    public var liveness: Liveness {
        if let simulated = ProcessWorld.simulated { return simulated.isAlive(pid) ? .alive : .gone }
        guard let place = Place.own else { return .unverifiable }
        guard bootID == place.bootID else { return .gone }
        guard pidNamespace == place.pidNamespace else { return .unverifiable }
        guard let entry = ProcessEntry.read(pid), entry.startTicks == startTicks else { return .gone }
        return entry.hasEnded ? .gone : .alive
    }

    /// Whether the machine was started anew since.
    public var isOfEarlierBoot: Bool { Place.own.map { $0.bootID != bootID } ?? false }
}

/// Where pids have the meaning that they have for this process.
private struct Place {
    let bootID: String
    let pidNamespace: String

    /// Read once: a process changes neither.
    static let own: Place? = {
        guard
            let boot = SmallFile.read("/proc/sys/kernel/random/boot_id"),
            let namespace = SmallFile.link("/proc/self/ns/pid")
        else { return nil }
        let bootID = String(decoding: boot.prefix { $0 != 10 }, as: UTF8.self)
        return Place(bootID: bootID, pidNamespace: namespace)
    }()
}
