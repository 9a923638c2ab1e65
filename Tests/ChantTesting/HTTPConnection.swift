import Glibc

/// One HTTP/1.1 exchange over a socket of its own, read piece by piece: what a live stream needs.
///
/// Not `Sendable`: one task reads it. Waiting is looking again every few milliseconds, so no thread is blocked.
package final class HTTPConnection {
    /// The other side misbehaved, or the time was over.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) { self.description = description }
    }

    package private(set) var status = 0
    /// Field names in lower case.
    package private(set) var headers: [String: String] = [:]
    private let descriptor: Int32
    private var body = HTTPBody(framing: .toEnd)

    /// Connects, sends a request and reads the head of the answer.
    package init(
        port: Int,
        method: String = "GET",
        target: String,
        headers: [String: String] = [:],
        body: [UInt8] = [],
        within limit: Duration = .seconds(30)
    ) async throws {
        descriptor = try Self.connected(to: port)
        var lines = ["\(method) \(target) HTTP/1.1", "Connection: close"]
        if headers["Host"] == nil { lines.append("Host: localhost:\(port)") }
        lines += headers.map { "\($0): \($1)" }
        if headers["Content-Length"] == nil, !body.isEmpty || method == "POST" {
            lines.append("Content-Length: \(body.count)")
        }
        let end = ContinuousClock.now + limit
        try await send(Array(lines.joined(separator: "\r\n").utf8) + Array("\r\n\r\n".utf8) + body, until: end)
        try await readHead(until: end)
    }

    deinit { close(descriptor) }

    /// The next bytes of the body, `nil` at its end.
    package func next(within limit: Duration = .seconds(30)) async throws -> [UInt8]? {
        let end = ContinuousClock.now + limit
        while true {
            let ready = body.take()
            if !ready.isEmpty { return ready }
            if body.isComplete { return nil }
            guard let bytes = try await receive(until: end) else {
                guard body.mayEndHere else { throw Failure(description: "the connection broke off in the body") }
                return nil
            }
            body.append(bytes)
        }
    }

    /// The whole rest of the body.
    package func rest(within limit: Duration = .seconds(60)) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        let end = ContinuousClock.now + limit
        while let piece = try await next(within: end - ContinuousClock.now) { bytes += piece }
        return bytes
    }

    private func readHead(until end: ContinuousClock.Instant) async throws {
        var received: [UInt8] = []
        while true {
            if let (head, rest) = HTTPHead.split(received) {
                (status, headers) = (head.status, head.headers)
                body = HTTPBody(framing: head.framing)
                body.append(rest)
                return
            }
            guard let bytes = try await receive(until: end) else {
                throw Failure(description: "no answer, but \(received.count) bytes and the connection's end")
            }
            received += bytes
        }
    }

    private func send(_ bytes: [UInt8], until end: ContinuousClock.Instant) async throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE || errno == ECONNRESET {
                // The answer may be there already: a refusal before the whole body was read.
                return
            } else {
                guard errno == EAGAIN else { throw Failure(description: "send: errno \(errno)") }
                try await Self.pause(until: end)
            }
        }
    }

    /// Some bytes; `nil` at the connection's end.
    private func receive(until end: ContinuousClock.Instant) async throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 { return Array(buffer[..<count]) }
            if count == 0 || errno == ECONNRESET { return nil }
            guard errno == EAGAIN || errno == EINTR else { throw Failure(description: "recv: errno \(errno)") }
            try await Self.pause(until: end)
        }
    }

    private static func pause(until end: ContinuousClock.Instant) async throws {
        guard ContinuousClock.now < end else { throw Failure(description: "nothing more came in time") }
        try await Task.sleep(for: .milliseconds(2))
    }

    private static func connected(to port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(description: "socket: errno \(errno)") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let outcome = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        let code = errno
        guard outcome == 0 else {
            close(descriptor)
            throw Failure(description: "nobody listens on port \(port): errno \(code)")
        }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        return descriptor
    }
}
