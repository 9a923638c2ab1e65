import Testing

@testable import ChantServer

@Suite("Exchange state")
struct ExchangeStateTests {
    typealias Event = ExchangeState.Event
    typealias Action = ExchangeState.Action

    /// How to come to each phase.
    static let ways: [(phase: ExchangeState.Phase, events: [Event])] = [
        (.fresh, []),
        (.receiving(received: 0, discarding: false), [.header(.accepted)]),
        (.receiving(received: 0, discarding: true), [.header(.tooLarge)]),
        (.handling(suspended: false), [.header(.accepted), .called]),
        (.handling(suspended: true), [.header(.accepted), .called, .handlerReturned]),
        (.answered, [.header(.accepted), .called, .answer]),
        (.sending, [.header(.accepted), .called, .answer, .handlerReturned]),
        (.done, [.completed]),
    ]
    static let events: [Event] = [
        .header(.accepted), .body(1), .called, .handlerReturned, .answer, .deadline, .stop, .completed,
    ]
    /// The whole table: a row for each phase, a column for each event.
    static let table: [[Action]] = [
        // header  body      called         returned  answer   deadline           stop               completed
        [.proceed, .close, .close, .none, .none, .none, .none, .cancelTask],
        [.close, .keep, .startHandler, .none, .none, .none, .none, .cancelTask],
        [.close, .discard, .startTooLarge, .none, .none, .none, .none, .cancelTask],
        [.close, .close, .suspend, .suspend, .hold, .none, .none, .cancelTask],
        [.close, .close, .suspend, .none, .resume, .replaceAndResume, .replaceAndResume, .cancelTask],
        [.close, .close, .queue, .queue, .drop, .none, .none, .cancelTask],
        [.close, .close, .none, .none, .drop, .none, .none, .cancelTask],
        [.none, .none, .none, .none, .drop, .none, .none, .none],
    ]

    private func state(after events: [Event]) -> ExchangeState {
        var state = ExchangeState(bodyLimit: 10, drainLimit: 20)
        for event in events { _ = state.apply(event) }
        return state
    }

    @Test("Each event in each phase asks for what the table says", arguments: 0..<8)
    func wholeTable(row: Int) {
        let way = Self.ways[row]
        #expect(state(after: way.events).phase == way.phase)
        for (column, event) in Self.events.enumerated() {
            var state = state(after: way.events)
            #expect(state.apply(event) == Self.table[row][column], "\(way.phase), \(event)")
        }
    }

    @Test("A refused header starts the handler before the body is read")
    func refused() {
        var state = state(after: [])
        #expect(state.apply(.header(.refused)) == .startHandler)
    }

    @Test("A body over its limit is read and forgotten, one far over it closes the connection")
    func bodyLimits() {
        var state = state(after: [.header(.accepted)])
        #expect(state.apply(.body(10)) == .keep)
        #expect(state.apply(.body(1)) == .discard)
        #expect(state.apply(.body(9)) == .discard)
        var other = state
        #expect(state.apply(.called) == .startTooLarge)
        #expect(other.apply(.body(1)) == .close)
    }

    @Test("A connection is resumed exactly once for each suspension, whatever comes after")
    func resumesOnce() {
        for first in [Event.answer, .deadline, .stop] {
            for second in [Event.answer, .deadline, .stop] {
                var state = state(after: [.header(.accepted), .called, .handlerReturned])
                let actions = [state.apply(first), state.apply(second)]
                let resumes = actions.filter { $0 == .resume || $0 == .replaceAndResume }
                #expect(resumes.count == 1, "\(first), \(second)")
                #expect(state.apply(.called) == .queue)
            }
        }
    }

    @Test("After a stop nothing is suspended any more")
    func stopped() {
        for way in Self.ways where way.phase != .done {
            var state = state(after: way.events + [.stop])
            let actions = [Event.header(.accepted), .called, .handlerReturned, .called].map { state.apply($0) }
            #expect(!actions.contains(.suspend), "\(way.phase)")
        }
    }
}
