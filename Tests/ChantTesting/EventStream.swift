/// One server-sent event.
package struct ServerEvent: Sendable, Equatable {
    package var id: String?
    package var event = "message"
    package var data = ""

    package var json: JSON { (try? JSON(Array(data.utf8))) ?? .null }
}

/// Reads server-sent events as a browser does; one task reads it.
package final class EventStream {
    package let connection: HTTPConnection
    /// The last id that came, for resuming.
    package private(set) var lastID: String?
    /// The comment lines that came.
    package private(set) var comments = 0
    private var unread: [UInt8] = []
    private var isEnded = false

    init(_ connection: HTTPConnection) { self.connection = connection }

    package var status: Int { connection.status }

    /// The next event; `nil` when the stream has ended.
    package func next(within limit: Duration = .seconds(30)) async throws -> ServerEvent? {
        let end = ContinuousClock.now + limit
        var event = ServerEvent()
        var data: [String] = []
        while let line = try await line(until: end) {
            if line.isEmpty {
                guard !data.isEmpty else { continue }
                event.data = data.joined(separator: "\n")
                return event
            }
            if line.hasPrefix(":") {
                comments += 1
                continue
            }
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            var value = parts.count > 1 ? String(parts[1]) : ""
            if value.hasPrefix(" ") { value.removeFirst() }
            switch parts[0] {
            case "id":
                event.id = value
                lastID = value
            case "event": event.event = value
            case "data": data.append(value)
            default: break
            }
        }
        return nil
    }

    /// Waits for a comment line, as quiet streams carry them; an event that comes first is an error.
    package func heartbeat(within limit: Duration = .seconds(60)) async throws {
        let end = ContinuousClock.now + limit
        while let line = try await line(until: end) {
            if line.isEmpty { continue }
            guard line.hasPrefix(":") else { throw HTTPConnection.Failure(description: "no heartbeat, but: \(line)") }
            comments += 1
            return
        }
        throw HTTPConnection.Failure(description: "no heartbeat before the stream's end")
    }

    /// All events up to the stream's end, or up to one that `isLast` names.
    package func events(
        within limit: Duration = .seconds(60),
        until isLast: (ServerEvent) -> Bool = { _ in false }
    ) async throws -> [ServerEvent] {
        let end = ContinuousClock.now + limit
        var events: [ServerEvent] = []
        while let event = try await next(within: end - ContinuousClock.now) {
            events.append(event)
            if isLast(event) { break }
        }
        return events
    }

    private func line(until end: ContinuousClock.Instant) async throws -> String? {
        while true {
            if let index = unread.firstIndex(of: 10) {
                let line = String(decoding: unread[..<index], as: UTF8.self)
                unread.removeFirst(index + 1)
                return line
            }
            guard !isEnded, let bytes = try await connection.next(within: end - ContinuousClock.now) else {
                isEnded = true
                return nil
            }
            unread += bytes
        }
    }
}
