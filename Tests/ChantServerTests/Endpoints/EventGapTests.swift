import ChantTesting
import Foundation
import Logging
import Testing

@testable import ChantDomain
@testable import ChantServer

@Suite("Endpoints: events that were dropped")
struct EventGapTests {
    @Test("R32: a reader under whose eyes events were dropped is told so, and then gets everything that is kept")
    func reset() async throws {
        let folder = try TestFolder()
        let journal = try Journal.open(stateFolder: folder.path)
        try journal.record((1...9).map { _ in .serviceStarted(ServiceFacts(version: "1")) }, project: "")
        let events = EventService(journal: journal)
        let feed = EventFeed(events, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        // The position was known when the request came: event 3 is the next one.
        let response = EventStream.response(events, feed, after: 2, reset: nil)
        #expect(try journal.dropEvents(before: .distantPast, keeping: 4) == 5)
        let client = RouterClient { _, _ in response }
        let answer = await client.send("GET", "/events") { $0.contains("id: 9\n") }
        let ids = answer.text.split(separator: "\n").filter { $0.hasPrefix("id: ") || $0.hasPrefix("event: reset") }
        #expect(ids == ["event: reset", "id: 5", "id: 6", "id: 7", "id: 8", "id: 9"])
        #expect(answer.text.contains(#"{"oldest":6,"newest":9}"#), "\(answer.text)")
        try journal.close()
    }
}
