/// What a connection may cost in time and memory.
struct TransportLimits: Sendable {
    /// epoll workers.
    var threads = 2
    /// Open connections of all workers together, without live streams.
    var connections = 4096
    /// Open streams; fewer where the process may not have so many files open.
    var streams = 10_000
    /// Bytes of headers and buffers of a connection; the three limits that follow must fit into it, else libmicrohttpd
    /// refuses first, in a form of its own.
    var connectionMemory = 32 << 10
    /// Bytes of a target: path and query.
    var target = 8 << 10
    /// Bytes of the header fields.
    var fieldBytes = 12 << 10
    /// How many header fields.
    var fields = 64
    /// Bytes of a body that are kept.
    var body = 8 << 20
    /// Bytes of a body that is too large and is read on, so that the client gets to read its answer.
    var drain = 32 << 20
    /// From the end of one request to the first line of the next on the same connection.
    var idle: Duration = .seconds(60)
    /// From the opening of a connection, or from a later request's first line, to the last byte of the header.
    var header: Duration = .seconds(30)
    /// From the header's last byte to the body's.
    var bodyTime: Duration = .seconds(120)
    /// From the request's last byte to the beginning of the answer.
    var handler: Duration = .seconds(60)
    /// Bytes of a stream that wait for the client.
    var streamBuffer = 64 << 10
    /// Bytes of a live stream that the system holds for its client.
    var socketBuffer = 128 << 10
    /// How long a stream that has nothing to send goes on for a client that has closed its side.
    ///
    /// TCP does not tell a client that left from one that only has no more to say.
    var halfClosed: Duration = .seconds(5)
    /// How long a live stream waits for a client that takes nothing.
    var stalled: Duration = .seconds(60)
    /// How often the sweeper looks.
    var sweep: Duration = .milliseconds(500)

    /// When libmicrohttpd itself closes a connection without any traffic: never before the sweeper, who can say why; what
    /// is left for it is a client that does not read its answer.
    var backstopSeconds: UInt32 { UInt32(max(idle, header, bodyTime).components.seconds) + 5 }
}

/// Where to listen.
struct ListenAddress: Sendable, Equatable {
    /// A numeric address or a name.
    var host: String
    /// 0 means any that is free.
    var port: UInt16
}

/// Why the transport could not be started.
enum TransportError: Error, Equatable {
    /// The host is no address and no name that can be resolved.
    case unknownHost(String, reason: String)
    /// The address is in use by another socket.
    case addressInUse(ListenAddress)
    /// The system refused the address or the socket.
    case refused(ListenAddress, code: Int32)
    /// libmicrohttpd did not start.
    case notStarted(code: Int32)
    /// It was started before.
    case startedAlready
}

extension TransportError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unknownHost(let host, let reason): "cannot listen on \(host): \(reason)"
        case .addressInUse(let address): "cannot listen on \(address.host):\(address.port): the address is in use"
        case .refused(let address, let code):
            "cannot listen on \(address.host):\(address.port): \(SystemMessage.text(code))"
        case .notStarted(let code): "the HTTP server could not be started: \(SystemMessage.text(code))"
        case .startedAlready: "the HTTP server was started before"
        }
    }
}
