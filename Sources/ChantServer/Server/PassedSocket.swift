import Glibc

/// The listening socket that whoever started the service has opened for it (`LISTEN_FDS`, sd_listen_fds(3)).
///
/// Such a socket stays open while the service is replaced by a newer one: clients wait instead of being refused.
struct PassedSocket: Sendable, Equatable {
    /// The first descriptor that is passed.
    static let first: Int32 = 3

    /// Bound, listening, and closed in the programs that the service starts.
    let descriptor: Int32
    /// Where it listens.
    let address: ListenAddress

    /// Takes over the one socket that was passed; `nil` where none was, or to another process.
    ///
    /// - Throws: `StartFailure` with 78 for what the service would not have opened itself.
    static func take(
        _ environment: [String: String],
        pid: Int32 = getpid(),
        first: Int32 = first
    ) throws(StartFailure) -> PassedSocket? {
        guard environment["LISTEN_PID"] == String(pid), let text = environment["LISTEN_FDS"] else { return nil }
        guard let count = Int32(text), count >= 0, count < 1024 else {
            throw StartFailure(.configuration, "LISTEN_FDS: “\(text)” is no number of sockets")
        }
        guard count > 0 else { return nil }
        for descriptor in first..<(first + count) { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        guard count == 1 else {
            throw StartFailure(.configuration, "LISTEN_FDS: \(count) sockets were passed; this version listens on one")
        }
        guard option(SO_ACCEPTCONN, of: first) == 1, option(SO_TYPE, of: first) == Int32(SOCK_STREAM.rawValue) else {
            throw StartFailure(
                .configuration,
                "LISTEN_FDS: descriptor \(first) is no listening stream socket; `Accept=no` and `ListenStream=` make one"
            )
        }
        guard let address = address(of: first), IPAddress.isLoopback(address.host) else {
            throw StartFailure(
                .configuration,
                "LISTEN_FDS: the passed socket does not listen on a loopback address; until there are tokens the "
                    + "service listens on 127.0.0.1 or [::1] only"
            )
        }
        // The library's workers take connections until there are none.
        _ = fcntl(first, F_SETFL, fcntl(first, F_GETFL) | O_NONBLOCK)
        return PassedSocket(descriptor: first, address: address)
    }

    private static func option(_ name: Int32, of descriptor: Int32) -> Int32? {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : nil
    }

    private static func address(of descriptor: Int32) -> ListenAddress? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var host = [CChar](repeating: 0, count: 256)
        var port = [CChar](repeating: 0, count: 8)
        let isKnown = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                getsockname(descriptor, address, &size) == 0
                    && [AF_INET, AF_INET6].contains(Int32(address.pointee.sa_family))
                    && getnameinfo(address, size, &host, 256, &port, 8, NI_NUMERICHOST | NI_NUMERICSERV) == 0
            }
        }
        guard isKnown, let number = UInt16(text(port)) else { return nil }
        return ListenAddress(host: text(host), port: number)
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
