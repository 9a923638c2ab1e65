import Glibc

/// Many readers of one event stream, each as a browser is: it comes back with the last id that it got.
///
/// One `look` reads what is there for all of them and never waits, so that a thousand of them need no thread.
final class StreamCrowd {
    private struct Reader {
        var fd: Int32 = -1
        var line: [UInt8] = []
        var lastID = 0
        var connects = 0
        /// Leaves without a word when it has got this event; 0: stays.
        var leavesAt = 0
        var isResting = false
    }

    private var readers: [Reader]
    private let port: UInt16
    private let path: String
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    /// Ids that did not follow the one before.
    private(set) var mistakes: [String] = []

    init(_ count: Int, port: UInt16, path: String) throws {
        readers = Array(repeating: Reader(), count: count)
        self.port = port
        self.path = path
        for index in readers.indices { try connect(index) }
    }

    deinit {
        for reader in readers where reader.fd >= 0 { close(reader.fd) }
    }

    /// These readers take nothing for now.
    func rest(_ resting: some Sequence<Int>, _ rests: Bool = true) {
        for index in resting { readers[index].isResting = rests }
    }

    /// These readers go away and come back when they have got the event.
    func leave(_ leaving: some Sequence<Int>, at id: Int) {
        for index in leaving { readers[index].leavesAt = id }
    }

    /// How often a reader has connected.
    func connects(of index: Int) -> Int { readers[index].connects }

    /// Reads what is there.
    ///
    /// - Returns: whether every reader that does not rest has the event with this id.
    func look(for id: Int) throws -> Bool {
        for index in readers.indices where !readers[index].isResting { try drain(index) }
        return readers.allSatisfy { $0.isResting || $0.lastID >= id }
    }

    /// Reads on until no stream is open any more.
    func isOver() -> Bool {
        for index in readers.indices {
            while readers[index].fd >= 0 {
                let count = recv(readers[index].fd, &buffer, buffer.count, Int32(MSG_DONTWAIT))
                if count < 0 && errno == EAGAIN { break }
                if count > 0 { take(buffer[..<count], index) } else { hangUp(index) }
            }
        }
        return readers.allSatisfy { $0.fd < 0 }
    }

    private func drain(_ index: Int) throws {
        while true {
            let count = recv(readers[index].fd, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                take(buffer[..<count], index)
                let leaves = readers[index].leavesAt
                guard leaves > 0, readers[index].lastID >= leaves else { continue }
                readers[index].leavesAt = 0
            } else if count < 0, errno == EAGAIN {
                return
            }
            hangUp(index)
            try connect(index)
        }
    }

    /// Looks at the lines alone: the sizes of chunks are lines that mean nothing here.
    private func take(_ bytes: ArraySlice<UInt8>, _ index: Int) {
        for byte in bytes {
            guard byte == 0x0A else {
                readers[index].line.append(byte)
                continue
            }
            let line = readers[index].line
            readers[index].line.removeAll(keepingCapacity: true)
            guard line.count > 4, line[0] == 0x69, line[1] == 0x64, line[2] == 0x3A else { continue }
            let id = Int(String(decoding: line[4...], as: UTF8.self)) ?? -1
            if id != readers[index].lastID + 1 {
                mistakes.append("reader \(index): \(id) behind \(readers[index].lastID)")
            }
            readers[index].lastID = id
        }
    }

    private func hangUp(_ index: Int) {
        close(readers[index].fd)
        readers[index].fd = -1
        readers[index].line = []
    }

    private func connect(_ index: Int) throws {
        let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var size: Int32 = 4096
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let outcome = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard outcome == 0 else { throw NoConnection(code: errno) }
        readers[index].fd = fd
        readers[index].connects += 1
        let request =
            "GET \(path) HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
            + "Last-Event-ID: \(readers[index].lastID)\r\n\r\n"
        _ = send(fd, request, request.utf8.count, Int32(MSG_NOSIGNAL))
    }

    struct NoConnection: Error {
        let code: Int32
    }
}
