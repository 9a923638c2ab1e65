import Testing

@testable import ChantDomain

/// A strategy's moments, as a line each: `ready | in flight | ended | what it decides`.
@Suite("Strategies")
struct StrategyTests {
    private static func spec(_ letter: Substring) -> SpecID? { SpecID("2026-01-05-001-\(letter)") }

    /// Letters are specs; `a+` completed, `a-` failed, `a?` needs attention, `a~` was cancelled.
    private static func view(_ line: String, _ change: (inout OrderView) -> Void = { _ in }) -> OrderView {
        let parts = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.split(separator: " ") }
        var view = OrderView()
        view.ready = parts[0].compactMap(spec)
        view.inFlight = Set(parts[1].compactMap(spec))
        let outcomes: [Character: RunOutcome] = ["+": .completed, "-": .failed, "?": .needsAttention, "~": .cancelled]
        for word in parts[2] {
            guard let id = spec(word.dropLast()), let last = word.last else { continue }
            view.outcomes[id] = outcomes[last]
        }
        change(&view)
        return view
    }

    private static func decision(_ text: String) -> SchedulingDecision {
        if text == "wait" { return .wait }
        if let ending = OrderEnding(rawValue: text) { return .end(ending) }
        return .start(text.split(separator: " ").compactMap(spec))
    }

    @Test(
        "R15: a chain has one in flight, in order, and stops after the first that did not complete",
        arguments: [
            ("a b c | | ", "a"), ("b c | a | ", "wait"), ("b c | | a+", "b"), ("c | | a+ b-", "failed"),
            ("c | | a+ b?", "failed"), ("c | | a~", "failed"), (" | | a+ b+", "finished"), (" | a | b-", "wait"),
        ]
    )
    func chain(line: String, expected: String) {
        let view = Self.view(line) { $0.onFailure = .stop }
        #expect(ChainStrategy().next(view) == Self.decision(expected))
    }

    @Test("R15: with on_failure continue a chain goes on with what can start, and finishes")
    func chainGoesOn() {
        #expect(ChainStrategy().next(Self.view("c | | a-")) == Self.decision("c"))
        #expect(ChainStrategy().next(Self.view(" | | a- c+")) == .end(.finished))
    }

    @Test(
        "R16: a parallel order fills its places, and a failure stops nothing that does not depend on it",
        arguments: [
            ("a b c | | ", "a b"), ("c d | a | ", "c"), ("c | a b | ", "wait"), ("c | a | b-", "c"),
            (" | | a+ b-", "finished"), (" | a | b-", "wait"),
        ]
    )
    func parallel(line: String, expected: String) {
        let view = Self.view(line) { $0.maxConcurrent = 2 }
        #expect(ParallelStrategy().next(view) == Self.decision(expected))
    }

    @Test("R16: with on_failure stop what runs may end, and nothing more starts")
    func parallelStops() {
        let stop: (inout OrderView) -> Void = { $0.onFailure = .stop }
        #expect(ParallelStrategy().next(Self.view("c | a | b-", stop)) == .wait)
        #expect(ParallelStrategy().next(Self.view("c | | a+ b-", stop)) == .end(.failed))
    }

    @Test("single starts all at once, and is as good as its specs")
    func single() {
        #expect(SingleStrategy().next(Self.view("a b c | | ")) == Self.decision("a b c"))
        #expect(SingleStrategy().next(Self.view(" | | a+ b+")) == .end(.finished))
        #expect(SingleStrategy().next(Self.view(" | | a+ b-")) == .end(.failed))
        #expect(SingleStrategy().next(Self.view(" | | a+ b~")) == .end(.cancelled))
    }

    @Test("R15: max_specs counts what was started, and says so where more was left", arguments: RunMode.allCases)
    func limit(mode: RunMode) {
        let two: (inout OrderView) -> Void = { $0.maxSpecs = 2 }
        #expect(mode.strategy.next(Self.view("c d | | a+", two)) == Self.decision("c"))
        #expect(mode.strategy.next(Self.view("c | | a+ b+", two)) == .end(.limit))
        #expect(mode.strategy.next(Self.view(" | | a+ b+", two)) == .end(.finished))
    }

    @Test("a cancelled order waits for what runs, and starts nothing", arguments: RunMode.allCases)
    func cancelled(mode: RunMode) {
        let stop: (inout OrderView) -> Void = { $0.isStopping = true }
        #expect(mode.strategy.next(Self.view("b | a | ", stop)) == .wait)
        #expect(mode.strategy.next(Self.view("b | | a~", stop)) == .end(.cancelled))
    }
}
