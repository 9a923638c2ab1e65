import ChantDomain

/// Everything that happens, as server-sent events.
struct EventEndpoints: Sendable {
    let events: EventService
    let feed: EventFeed

    init(_ rooms: EndpointRooms) {
        events = rooms.domain.events
        feed = rooms.feed
    }

    /// Answers `GET /events`.
    func stream(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let position = try position(request)
        do {
            let bounds = try events.bounds()
            guard let position, !Self.isKnown(position, bounds) else {
                return EventStream.response(events, feed, after: position ?? events.newest, reset: nil)
            }
            let reset = EventStream.Reset(bounds: bounds, next: max(0, (bounds?.oldest ?? 1) - 1))
            return EventStream.response(events, feed, after: reset.next, reset: reset)
        } catch {
            throw Problem(error)
        }
    }

    /// Whether the journal can go on after `position` without a gap: nothing behind it was dropped, and it is not
    /// from a journal that was replaced.
    static func isKnown(_ position: Int64, _ bounds: (oldest: Int64, newest: Int64)?) -> Bool {
        guard let bounds else { return position == 0 }
        return position >= bounds.oldest - 1 && position <= bounds.newest
    }

    private func position(_ request: HTTPRequest) throws(Problem) -> Int64? {
        let after = try request.query.single("after")
        guard let text = request.headers["Last-Event-ID"] ?? after, !text.isEmpty else { return nil }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let sequence = Int64(text) else {
            throw Problem(.badEventID, detail: "“\(text)” is no id that this stream gives; they are whole numbers.")
        }
        return sequence
    }
}
