package import Logging
import Synchronization

/// What accompanies a request on its way through middlewares and router.
package struct RequestContext: Sendable {
    /// The request's id: the client's own, if it sent a usable one, else ours.
    package var id: String
    /// What the request's logger is made of, when somebody has something to log.
    private let base: Logger
    /// The name of the route that was found: the `operationId` of the contract.
    package var routeName: String?
    /// The values of the template's `{names}`, decoded.
    package var parameters: [String: String]
    /// When the transport gives up waiting for the answer's beginning.
    package var deadline: ContinuousClock.Instant?

    package init(
        id: String,
        logger: Logger,
        routeName: String? = nil,
        parameters: [String: String] = [:],
        deadline: ContinuousClock.Instant? = nil
    ) {
        self.id = id
        base = logger
        self.routeName = routeName
        self.parameters = parameters
        self.deadline = deadline
    }

    /// Carries the request's id in its metadata; made anew for each use, since most requests log nothing but their line.
    package var logger: Logger {
        var logger = base
        logger[metadataKey: "request"] = "\(id)"
        return logger
    }

    /// Whether a line of this level is wanted at all.
    func logs(_ level: Logger.Level) -> Bool { base.logLevel <= level }

    /// A context that logs nothing.
    package init(silent id: String) {
        self.init(id: id, logger: Logger(label: "request") { _ in SwiftLogNoOpLogHandler() })
    }
}

/// Ids of requests: 16 hexadecimal digits, unless the client brings its own.
enum RequestID {
    private static let first = UInt64.random(in: .min ... .max)
    private static let count = Atomic<UInt64>(0)

    /// The next id: no two of one process are equal, and two processes begin at random places.
    ///
    /// An id is no secret. It is counted, then mixed by SplitMix64, which maps one to one: random numbers would cost a
    /// call of the system each.
    static func fresh() -> String {
        let number = count.wrappingAdd(1, ordering: .relaxed).newValue
        return hexadecimal(mixed(first &+ number &* 0x9E37_79B9_7F4A_7C15))
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            for place in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * place)) & 0xF
                buffer[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return 16
        }
    }

    /// A client's own id is used if it can stand in a header and in a log line: 1 to 128 letters, digits, `-`, `_`, `.`.
    static func isUsable(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
