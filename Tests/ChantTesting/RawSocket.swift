import Glibc
import Synchronization

/// A TCP connection that sends exactly what it is told, for tests of what well-behaved clients never send.
///
/// Nothing blocks a thread: waiting is looking again every few milliseconds, up to a deadline.
public final class RawSocket: Sendable {
    /// What went wrong.
    public struct Failure: Error, CustomStringConvertible {
        /// The failure in words.
        public let description: String
    }

    /// An answer, taken apart; a chunked body is put together.
    public struct Answer: Sendable {
        /// The status code.
        public var status: Int
        /// The header fields; names in lower case.
        public var headers: [String: String]
        /// The body.
        public var body: [UInt8]

        /// The body as text.
        public var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let fd: Int32
    private let received = Mutex<[UInt8]>([])

    /// Connects to a port of this machine.
    ///
    /// - Parameters:
    ///   - port: where the service listens.
    ///   - receiveBuffer: size of the kernel's buffer; a small one makes a slow reader.
    /// - Throws: `Failure` if nobody listens there.
    public init(port: UInt16, receiveBuffer: Int32? = nil) throws {
        fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard fd >= 0 else { throw Failure(description: "socket: errno \(errno)") }
        if var size = receiveBuffer {
            setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let outcome = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        let code = errno
        // `deinit` closes the socket here too: an initialiser that throws once all is set runs it.
        guard outcome == 0 else { throw Failure(description: "connect: errno \(code)") }
        _ = fcntl(fd, F_SETFL, O_NONBLOCK)
    }

    deinit {
        Glibc.close(fd)
    }

    /// Sends text as it stands; line ends must be written out.
    public func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    /// Sends bytes.
    public func send(_ bytes: [UInt8], within limit: Duration = .seconds(10)) async throws {
        var sent = 0
        let end = ContinuousClock.now + limit
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(fd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
                continue
            }
            guard errno == EAGAIN else { throw Failure(description: "send: errno \(errno)") }
            try await pause(until: end, "nothing more could be sent")
        }
    }

    /// Closes the sending side only.
    public func closeSending() {
        shutdown(fd, Int32(SHUT_WR))
    }

    /// Leaves at once: what is unread makes the system send a reset.
    public func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
        // The descriptor itself is closed with the object; this one closes the connection now.
        var address = sockaddr(sa_family: sa_family_t(AF_UNSPEC), sa_data: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        connect(fd, &address, socklen_t(MemoryLayout<sockaddr>.size))
    }

    /// Reads until `enough` says so about everything that came, and gives that.
    ///
    /// - Throws: `Failure` when the time is over or the other side closed first.
    @discardableResult
    public func read(
        within limit: Duration = .seconds(10),
        until enough: (_ text: String) -> Bool
    ) async throws -> String {
        let end = ContinuousClock.now + limit
        while true {
            let text = String(decoding: received.withLock { $0 }, as: UTF8.self)
            if enough(text) { return text }
            guard try await readMore(until: end) else {
                throw Failure(description: "closed too early, after: \(text.suffix(500))")
            }
        }
    }

    /// Reads up to the connection's end, and gives everything; a reset counts as an end.
    public func readToEnd(within limit: Duration = .seconds(10)) async throws -> String {
        let end = ContinuousClock.now + limit
        while try await readMore(until: end) {}
        return String(decoding: received.withLock { $0 }, as: UTF8.self)
    }

    /// Reads the next answer and leaves what comes behind it.
    public func readAnswer(within limit: Duration = .seconds(10), isHead: Bool = false) async throws -> Answer {
        let end = ContinuousClock.now + limit
        while true {
            let bytes = received.withLock { $0 }
            if let (answer, rest) = RawAnswer.parse(bytes, isHead: isHead, isEnded: false) {
                received.withLock { $0 = Array(rest) }
                return answer
            }
            guard try await readMore(until: end) else {
                if let (answer, _) = RawAnswer.parse(bytes, isHead: isHead, isEnded: true) { return answer }
                let text = String(decoding: bytes, as: UTF8.self)
                throw Failure(description: "closed before the answer was complete: \(text.suffix(500))")
            }
        }
    }

    /// How many bytes were read and not used yet.
    public var unread: Int { received.withLock { $0.count } }

    /// Whether there was more before the end.
    private func readMore(until end: ContinuousClock.Instant) async throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = recv(fd, &buffer, buffer.count, 0)
            if count > 0 {
                received.withLock { $0.append(contentsOf: buffer[..<count]) }
                return true
            }
            if count == 0 || errno == ECONNRESET { return false }
            guard errno == EAGAIN else { throw Failure(description: "recv: errno \(errno)") }
            try await pause(until: end, "nothing more came")
        }
    }

    private func pause(until end: ContinuousClock.Instant, _ failure: String) async throws {
        guard ContinuousClock.now < end else { throw Failure(description: "\(failure) in time") }
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// Takes answers apart.
private enum RawAnswer {
    static func parse(_ bytes: [UInt8], isHead: Bool, isEnded: Bool) -> (RawSocket.Answer, ArraySlice<UInt8>)? {
        guard let headEnd = find("\r\n\r\n", in: bytes[...]) else { return nil }
        let lines = String(decoding: bytes[..<headEnd], as: UTF8.self).components(separatedBy: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].drop { $0 == " " }.description
        }
        let rest = bytes[(headEnd + 4)...]
        // A `100 Continue` is no answer yet.
        if status == 100 { return parse(Array(rest), isHead: isHead, isEnded: isEnded) }
        var answer = RawSocket.Answer(status: status, headers: headers, body: [])
        if isHead || status == 204 || status == 304 { return (answer, rest) }
        if headers["transfer-encoding"] == "chunked" {
            guard let (body, behind) = unchunk(rest) else { return nil }
            answer.body = body
            return (answer, behind)
        }
        guard let length = headers["content-length"].flatMap({ Int($0) }) else {
            answer.body = Array(rest)
            return isEnded ? (answer, []) : nil
        }
        guard rest.count >= length else { return nil }
        answer.body = Array(rest.prefix(length))
        return (answer, rest.dropFirst(length))
    }

    private static func unchunk(_ bytes: ArraySlice<UInt8>) -> ([UInt8], ArraySlice<UInt8>)? {
        var body: [UInt8] = []
        var rest = bytes
        while let end = find("\r\n", in: rest) {
            guard let size = Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16) else { return nil }
            rest = rest[(end + 2)...]
            guard rest.count >= size + 2 else { return nil }
            body += rest.prefix(size)
            rest = rest.dropFirst(size + 2)
            if size == 0 { return (body, rest) }
        }
        return nil
    }

    private static func find(_ text: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let wanted = Array(text.utf8)
        guard bytes.count >= wanted.count else { return nil }
        return (bytes.startIndex...(bytes.endIndex - wanted.count)).first {
            bytes[$0..<($0 + wanted.count)].elementsEqual(wanted)
        }
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
