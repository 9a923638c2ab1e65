import Foundation
import Testing

@testable import ChantDomain

@Suite("Retries")
struct RetryTests {
    @Test(
        "R50: a failure passes by its status, or by what the end of its text says",
        arguments: [
            (429, "", true), (500, "", true), (502, "", true), (503, "", true), (504, "", true), (529, "", true),
            (401, "rate limit", false), (nil, "Error: Rate Limit exceeded", true), (nil, "OVERLOADED", true),
            (nil, "Too many requests, slow down", true), (nil, "status 429", true), (nil, "HTTP/1.1 529", true),
            (nil, "ran 14290 tests", false), (nil, "all is well", false), (nil, "", false),
        ] as [(Int?, String, Bool)]
    )
    func transience(status: Int?, text: String, passes: Bool) {
        let cause = Transience(RetryKeys()).cause(status: status, end: text.split(separator: "\n").map(String.init))
        #expect((cause != nil) == passes)
    }

    @Test("R50: only the last 50 lines count, and the configuration's list replaces that of the rules")
    func patterns() {
        let old = ["rate limit"] + Array(repeating: "working", count: 50)
        #expect(Transience(RetryKeys()).cause(status: nil, end: old) == nil)
        var keys = RetryKeys()
        keys.patterns = ["Database is Locked"]
        #expect(Transience(keys).cause(status: nil, end: ["database is locked"])?.word == "Database is Locked")
        #expect(Transience(keys).cause(status: nil, end: ["rate limit"]) == nil)
    }

    @Test(
        "R50: a retry-after in the text says how long",
        arguments: [
            ("429, retry-after: 7", 7), ("rate limit; Retry-After=2.5", 2.5), ("overloaded, retry after 90 s", 90),
            ("429 \"retry_after\": 3", 3), ("429 retry after 1500 ms", 1.5), ("429 retry-after: 2 minutes", 120),
            ("429 retry-after: soon", nil), ("429", nil), ("429 retry-after: 99999999999", 86400),
        ] as [(String, Double?)]
    )
    func retryAfter(text: String, seconds: Double?) {
        let cause = Transience(RetryKeys()).cause(status: nil, end: [text])
        #expect(cause != nil)
        #expect(cause?.retryAfter == seconds.map { Duration.seconds($0) })
    }

    @Test("R50: 60 s doubled each time, at most an hour, three times; what the other side asks for wins")
    func decision() {
        let decision = RetryDecision(keys: RetryKeys())
        let cause = Transience.Cause(word: "429")
        let waits = (1...4).map { decision.wait(attempt: $0, cause: cause, jitter: 0) }
        #expect(waits == [.seconds(60), .seconds(120), .seconds(240), nil])
        #expect(decision.wait(attempt: 1, cause: nil, jitter: 0) == nil)
        #expect(decision.wait(attempt: 1, cause: cause, jitter: 1) == .seconds(66))
        #expect(decision.wait(attempt: 1, cause: cause, jitter: -1) == .seconds(54))
        let asked = Transience.Cause(word: "429", retryAfter: .seconds(10))
        #expect(decision.wait(attempt: 3, cause: asked, jitter: 0) == .seconds(10))
        // Never earlier than asked.
        #expect(decision.wait(attempt: 3, cause: asked, jitter: -1) == .seconds(11))
        var many = RetryKeys()
        many.maxRetries = 100
        #expect(RetryDecision(keys: many).wait(attempt: 90, cause: cause, jitter: 0) == .seconds(3600))
    }

    @Test("R46: not-before is the earlier of two clocks, and of one after a restart of the machine")
    func notBefore() {
        let now = Date(timeIntervalSince1970: 1000)
        let moment = NotBefore(at: now.addingTimeInterval(60), uptime: 560, bootID: "a")
        #expect(moment.remaining(now: now, uptime: 500, bootID: "a") == 60)
        // Somebody set the wall clock back by an hour: the boot-time clock counts.
        #expect(moment.remaining(now: now.addingTimeInterval(-3600), uptime: 530, bootID: "a") == 30)
        #expect(moment.remaining(now: now.addingTimeInterval(50), uptime: 500, bootID: "a") == 10)
        #expect(moment.remaining(now: now, uptime: 9000, bootID: "b") == 60)
    }

    @Test("round-robin takes each agent as often as its weight says, and another one after a refusal")
    func roundRobin() throws {
        let agents = [Self.agent("a", weight: 2), Self.agent("b"), Self.agent("c", weight: 0)]
        let rotation = AgentRotation(strategy: .roundRobin, agents: agents)
        var place = 0
        var names: [String] = []
        for _ in 1...8 {
            let next = try #require(rotation.next(after: place, random: 0))
            place = next.place
            names.append(next.agent.name)
        }
        // As in the original, the first pick is the second entry.
        #expect(names == ["a", "b", "c", "a", "a", "b", "c", "a"])
        #expect(rotation.next(after: 0, besides: "a", random: 0)?.agent.name == "b")
        let alone = AgentRotation(strategy: .roundRobin, agents: [Self.agent("a")])
        #expect(alone.next(after: 7, besides: "a", random: 0)?.agent.name == "a")
    }

    @Test("random is by weight; none is nobody's turn; the roomiest agent has the most places left")
    func otherStrategies() {
        let agents = [Self.agent("a", weight: 3), Self.agent("b", limit: 3)]
        let random = AgentRotation(strategy: .random, agents: agents)
        let names = (UInt64(0)..<8).compactMap { random.next(after: 0, random: $0)?.agent.name }
        #expect(names == ["a", "a", "a", "b", "a", "a", "a", "b"])
        #expect(random.next(after: 0, besides: "a", random: 5)?.agent.name == "b")
        #expect(AgentRotation(strategy: .none, agents: agents).next(after: 0, random: 0) == nil)
        #expect(AgentRotation.roomiest(agents, busy: [:])?.name == "b")
        #expect(AgentRotation.roomiest(agents, busy: ["b": 1])?.name == "a")
        #expect(AgentRotation.roomiest(agents, busy: ["a": 2, "b": 3]) == nil)
    }

    @Test("the round's place is kept as the original keeps it, and a damaged file is its beginning")
    func rotationFile() throws {
        let folder = try SpecFolder()
        let file = RotationFile(chantFolder: folder.chant)
        let path = folder.chant + "/store/rotation.json"
        for expected in [1, 2] {
            let seen = file.advance { last in (last, last + 1) }
            #expect(seen == expected - 1)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "{\"last_index\":\(expected)}\n")
        }
        for damaged in ["", "{", "{\"last_index\": -4}"] {
            try LocalFileSystem().replace(Array(damaged.utf8), at: path, mode: 0o644)
            #expect(file.advance { last in (last, last) } == 0)
        }
    }

    private static func agent(_ name: String, limit: Int = 2, weight: Int = 1) -> Agent {
        Agent(name: name, provider: .demo, command: [], maxConcurrent: limit, weight: weight)
    }
}
