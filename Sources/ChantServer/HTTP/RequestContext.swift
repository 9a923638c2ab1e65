package import Logging

/// What accompanies a request on its way through middlewares and router.
package struct RequestContext: Sendable {
    /// The request's id: the client's own, if it sent a usable one, else ours.
    package var id: String
    /// Carries the request's id in its metadata.
    package var logger: Logger
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
        self.logger = logger
        self.routeName = routeName
        self.parameters = parameters
        self.deadline = deadline
    }

    /// A context that logs nothing.
    package init(silent id: String) {
        self.init(id: id, logger: Logger(label: "request") { _ in SwiftLogNoOpLogHandler() })
    }
}

/// Ids of requests: 16 hexadecimal digits, unless the client brings its own.
enum RequestID {
    static func fresh() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
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
