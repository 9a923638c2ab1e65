import Synchronization

/// One server-sent event.
struct ServerSentEvent: Sendable, Equatable {
    /// The type; a reader gets an event without one as `message`.
    var name: String?
    /// What a reader sends back as `Last-Event-ID` to go on behind this event.
    var id: String?
    /// Usually UTF-8, as the format wants it; a log's raw view is whatever it is.
    var data: [UInt8]

    init(name: String? = nil, id: String? = nil, data: String) {
        self.init(name: name, id: id, bytes: Array(data.utf8))
    }

    init(name: String? = nil, id: String? = nil, bytes: [UInt8]) {
        self.name = name
        self.id = id
        data = bytes
    }

    /// A comment line: no event, only a sign of life.
    static let heartbeat = Array(":\n\n".utf8)

    /// The event as it goes over the wire; each line of the data is a `data:` line of its own.
    ///
    /// A name or an id with a line break or a NUL would be another field or none; those characters are left out.
    var frame: [UInt8] {
        var frame: [UInt8] = []
        if let name { Self.append("event", Array(Self.oneLine(name).utf8)[...], to: &frame) }
        if let id { Self.append("id", Array(Self.oneLine(id).utf8)[...], to: &frame) }
        for line in lines { Self.append("data", line, to: &frame) }
        frame.append(UInt8(ascii: "\n"))
        return frame
    }

    /// The data's lines: CR, LF and CRLF each end one for the reader.
    private var lines: [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = data.startIndex
        var index = start
        while index < data.endIndex {
            let byte = data[index]
            index += 1
            guard byte == 0x0A || byte == 0x0D else { continue }
            lines.append(data[start..<(index - 1)])
            if byte == 0x0D, index < data.endIndex, data[index] == 0x0A { index += 1 }
            start = index
        }
        lines.append(data[start...])
        return lines
    }

    private static func append(_ field: String, _ value: ArraySlice<UInt8>, to frame: inout [UInt8]) {
        frame.append(contentsOf: field.utf8)
        frame.append(contentsOf: ": ".utf8)
        frame.append(contentsOf: value)
        frame.append(UInt8(ascii: "\n"))
    }

    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\n" && $0 != "\r" && $0 != "\0" }))
    }
}

/// A stream of server-sent events, with a comment line whenever nothing was sent for a while.
///
/// The comment keeps proxies from closing the connection, and is what finds a client that has left.
final class EventWriter: Sendable {
    private let writer: any ResponseWriter
    private let lastWrite = Mutex(ContinuousClock.now)

    init(_ writer: any ResponseWriter) {
        self.writer = writer
    }

    /// Sends an event; waits while the client has not taken those before.
    func send(_ event: ServerSentEvent) async throws {
        try await write(event.frame)
    }

    /// Sends events in one piece.
    func send(_ events: some Sequence<ServerSentEvent>) async throws {
        try await write(events.flatMap(\.frame))
    }

    /// Goes on with what a broadcast has after `position`; `false` when it no longer has all that follows.
    func follow(_ broadcast: Broadcast, after position: Int64) async throws -> Bool {
        try await writer.follow(broadcast, after: position)
    }

    fileprivate func write(_ bytes: [UInt8]) async throws {
        try await writer.write(bytes)
        lastWrite.withLock { $0 = .now }
    }

    /// Never returns; throws when the client has left.
    fileprivate func beat(every interval: Duration) async throws {
        while true {
            let due = lastWrite.withLock { $0 } + interval
            try await Task.sleep(until: due, clock: .continuous)
            guard lastWrite.withLock({ $0 + interval <= .now }) else { continue }
            try await writer.writeIfIdle(ServerSentEvent.heartbeat)
            lastWrite.withLock { $0 = .now }
        }
    }
}

extension HTTPResponse {
    /// An answer of server-sent events, written by `produce`; it ends when that returns.
    ///
    /// - Parameters:
    ///   - retry: after how long a reader connects again when the stream has ended.
    ///   - heartbeat: after how long without an event a comment line is sent; `nil` where a broadcast does that.
    ///   - headers: further header fields.
    ///   - produce: sends the events; cancelled when the client has left or the service stops.
    /// - Returns: the answer.
    static func events(
        retry: Duration = .seconds(2),
        heartbeat: Duration? = .seconds(10),
        headers: Headers = Headers(),
        _ produce: @escaping @Sendable (EventWriter) async throws -> Void
    ) -> HTTPResponse {
        var headers = headers
        headers["Content-Type"] = "text/event-stream"
        headers["Cache-Control"] = "no-store"
        // nginx and its like would hold back the events until a buffer is full.
        headers["X-Accel-Buffering"] = "no"
        let milliseconds = retry.components.seconds * 1000 + retry.components.attoseconds / 1_000_000_000_000_000
        let body = Body.live { writer in
            let events = EventWriter(writer)
            try await events.write(Array("retry: \(milliseconds)\n\n".utf8))
            guard let heartbeat else { return try await produce(events) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await produce(events) }
                group.addTask { try await events.beat(every: heartbeat) }
                // The first to end is the producer, or the heartbeat that found nobody there.
                try await group.next()
                group.cancelAll()
            }
        }
        return HTTPResponse(status: 200, headers: headers, body: body)
    }
}
