import Glibc

/// Whoever started the service and wants to hear how it fares: systemd with `Type=notify`, or what speaks as it does.
///
/// Each word is one datagram to `$NOTIFY_SOCKET` (sd_notify(3)). One that cannot be sent is let go: the service does its
/// work whether somebody listens or not.
struct ServiceWatcher: Sendable {
    /// What there is to tell.
    enum Word: Sendable, Equatable {
        /// Runs of an earlier service are decided and the address is open.
        case ready(String)
        /// Somebody asked for a stop.
        case stopping(String)
        /// Everything that matters has answered.
        case alive
        /// Starting or stopping goes on, for at least so long.
        case extend(Duration)

        var text: String {
            switch self {
            case .ready(let status): "READY=1\nSTATUS=\(Self.line(status))"
            case .stopping(let status): "STOPPING=1\nSTATUS=\(Self.line(status))"
            case .alive: "WATCHDOG=1"
            case .extend(let duration): "EXTEND_TIMEOUT_USEC=\(Int64(duration / .microseconds(1)))"
            }
        }

        private static func line(_ text: String) -> String {
            String(text.map { $0.isNewline ? " " : $0 })
        }
    }

    /// So often it is told that starting or stopping goes on.
    static let patience: Duration = .seconds(10)

    private let address: [UInt8]?
    /// How long the watcher waits for a sign of life before it ends the service; `nil`: for ever.
    let watchdog: Duration?

    /// Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`; where they say nothing, nobody is told anything.
    init(environment: [String: String], pid: Int32 = getpid()) {
        address = environment["NOTIFY_SOCKET"].flatMap(Self.address)
        let isOurs = environment["WATCHDOG_PID"].map { $0 == String(pid) } ?? true
        watchdog = environment["WATCHDOG_USEC"].flatMap { Int64($0) }
            .flatMap { $0 > 0 && isOurs ? .microseconds($0) : nil }
    }

    /// Whether anybody listens.
    var isThere: Bool { address != nil }

    /// Tells one thing; waits for at most a second where the listener's queue is full.
    func tell(_ word: Word) {
        guard let address else { return }
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return }
        defer { close(socket) }
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let text = Array(word.text.utf8)
        address.withUnsafeBytes { place in
            guard let start = place.baseAddress else { return }
            let name = start.assumingMemoryBound(to: sockaddr.self)
            _ = sendto(socket, text, text.count, Int32(MSG_NOSIGNAL), name, socklen_t(place.count))
        }
    }

    /// Runs `body`, and tells all the while that it goes on.
    func extending<Result: Sendable>(
        every pause: Duration = patience,
        _ body: @Sendable () async throws -> Result
    ) async rethrows -> Result {
        guard isThere else { return try await body() }
        async let _: Void = {
            while !Task.isCancelled {
                tell(.extend(pause * 3))
                try? await Task.sleep(for: pause)
            }
        }()
        return try await body()
    }

    /// A `sockaddr_un`: a path, or behind `@` a name of the abstract kind, whose length is all that ends it.
    private static func address(_ text: String) -> [UInt8]? {
        var name = Array(text.utf8)
        let room = MemoryLayout<sockaddr_un>.size - MemoryLayout<sa_family_t>.size
        guard name.count > 1, name.count < room, name[0] == UInt8(ascii: "/") || name[0] == UInt8(ascii: "@") else {
            return nil
        }
        if name[0] == UInt8(ascii: "@") { name[0] = 0 } else { name.append(0) }
        return withUnsafeBytes(of: sa_family_t(AF_UNIX), Array.init) + name
    }
}
