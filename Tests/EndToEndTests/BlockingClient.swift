import ChantTesting
import Glibc

/// Asks a service over one connection that stays open, and blocks its thread meanwhile: for pollers on own threads.
final class BlockingClient {
    private let descriptor: Int32
    private var received: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let outcome = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard outcome == 0 else { throw HTTPConnection.Failure(description: "connect: errno \(errno)") }
    }

    deinit { close(descriptor) }

    /// The JSON of one answer, which must be 200 and have a length.
    func json(_ target: String) throws -> JSON {
        let request = Array("GET \(target) HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw HTTPConnection.Failure(description: "send: errno \(errno)")
        }
        while true {
            if let body = try takeAnswer(target) { return try JSON(body) }
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { throw HTTPConnection.Failure(description: "\(target): no answer, errno \(errno)") }
            received += buffer[..<count]
        }
    }

    /// The body of an answer that is here whole.
    private func takeAnswer(_ target: String) throws -> [UInt8]? {
        let gap = Array("\r\n\r\n".utf8)
        guard let end = received.indices.first(where: { received[$0...].starts(with: gap) }) else { return nil }
        let lines = String(decoding: received[..<end], as: UTF8.self).split(separator: "\r\n")
        guard lines.first?.contains(" 200 ") == true else {
            throw HTTPConnection.Failure(description: "\(target): \(lines.first ?? "nothing")")
        }
        let field = lines.first { $0.lowercased().hasPrefix("content-length:") }
        guard let length = field.flatMap({ Int($0.filter(\.isNumber)) }) else {
            throw HTTPConnection.Failure(description: "\(target): no length")
        }
        guard received.count >= end + 4 + length else { return nil }
        defer { received.removeFirst(end + 4 + length) }
        return Array(received[(end + 4)..<(end + 4 + length)])
    }
}
