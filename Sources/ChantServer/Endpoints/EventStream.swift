import ChantDomain

/// Turns what the domain tells into server-sent events.
enum EventStream {
    /// The media type that asks for a stream.
    static let type = "text/event-stream"

    /// What a reader of `/events` is told whose position the journal cannot go on after.
    struct Reset: Sendable {
        let bounds: (oldest: Int64, newest: Int64)?
        /// The sequence number before the first event that follows.
        let next: Int64

        var event: ServerSentEvent {
            ServerSentEvent(name: "reset", id: String(next), data: EventPayload.reset(bounds).text)
        }
    }

    /// How many events are read from the journal at once.
    static let pageSize = 256

    /// `GET /events`: what the journal has after `position`, then what happens, on one cursor (R32).
    ///
    /// The pages go on until the feed has all that follows. The last page may reach beyond what the feed was told, or the
    /// feed beyond the page: what follows is what has a higher number, so there is neither a gap nor a double. The stream
    /// ends when the reader is too slow for the feed, and goes on where it was when the reader comes back.
    static func response(_ events: EventService, _ feed: EventFeed, after position: Int64, reset: Reset?)
        -> HTTPResponse
    {
        .events(heartbeat: nil) { writer in
            if let reset { try await writer.send(reset.event) }
            var reached = position
            while try await !writer.follow(feed.broadcast, after: reached) {
                let newest = feed.broadcast.newest
                let page = try events.page(after: reached, limit: pageSize)
                // Numbers have no gaps but where what came before was dropped while it was being read.
                if reached > 0, let first = page.first?.sequence, first > reached + 1 {
                    try await writer.send(Reset(bounds: try events.bounds(), next: first - 1).event)
                }
                try await writer.send(page.map(event))
                // An empty page means that what the feed no longer has was dropped from the journal too.
                reached = page.last?.sequence ?? newest
            }
        }
    }

    /// A log, line by line.
    static func response(_ log: LogStream, headers: Headers) -> HTTPResponse {
        .events(headers: headers) { writer in
            var reader = log.reader()
            do {
                while let events = try await reader.next() { try await writer.send(events.map(event)) }
            } catch LogServiceError.gone {
                // Removed while it was read: who comes back is told so.
                return
            }
        }
    }

    static func event(_ recorded: RecordedEvent) -> ServerSentEvent {
        ServerSentEvent(
            name: recorded.event.type,
            id: String(recorded.sequence),
            data: EventPayload.json(recorded).text
        )
    }

    static func event(_ event: LogEvent) -> ServerSentEvent {
        switch event {
        case .line(let line, let place):
            ServerSentEvent(name: line.isPart ? "log-part" : "log", id: place.description, bytes: line.text)
        case .run(_, let place): ServerSentEvent(name: "run", id: place.description, data: data(event))
        case .reset(_, let place): ServerSentEvent(name: "reset", id: place.description, data: data(event))
        case .end(_, _, _, let place): ServerSentEvent(name: "end", id: place.description, data: data(event))
        }
    }

    private static func data(_ event: LogEvent) -> String {
        LogPayload.data(event)?.text ?? ""
    }
}
