import ChantTesting
import Foundation
import Glibc
import Testing

/// The socket that a service manager listens on for sd_notify's datagrams.
final class NotifySocket: Sendable {
    /// What `NOTIFY_SOCKET` has to be.
    let name: String
    private let descriptor: Int32

    /// Listens from now on.
    ///
    /// - Parameter name: a path, or `@` and a name of the abstract kind.
    /// - Throws: that the socket cannot be made.
    init(_ name: String) throws {
        self.name = name
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        try #require(descriptor >= 0)
        var bytes = Array(name.utf8)
        if name.hasPrefix("@") { bytes[0] = 0 } else { bytes.append(0) }
        let address = withUnsafeBytes(of: sa_family_t(AF_UNIX), Array.init) + bytes
        let code = address.withUnsafeBytes { place in
            bind(descriptor, place.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(place.count))
        }
        try #require(code == 0, "\(name): errno \(errno)")
    }

    deinit { close(descriptor) }

    /// The next message; `nil` where none has arrived.
    func next() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    /// Waits for a message that holds `text`; what comes before it is thrown away.
    @discardableResult
    func message(with text: String) async throws -> String {
        var found = ""
        try await eventually("the message \(text)", within: .seconds(60)) {
            while let message = next() {
                found = message
                if message.contains(text) { return true }
            }
            return false
        }
        return found
    }
}
