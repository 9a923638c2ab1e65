import ChantTesting
import Testing

/// Lets a few services run at once: each test has its own, and the machine may have two cores only.
private actor Gate {
    static let shared = Gate(places: 4)
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) { free = places }

    func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}

/// Runs `body` while no more than a few tests of its kind run.
func withTurn(_ body: () async throws -> Void) async throws {
    await Gate.shared.enter()
    do {
        try await body()
    } catch {
        await Gate.shared.leave()
        throw error
    }
    await Gate.shared.leave()
}

/// Starts the built service on a project, runs `body`, and asks the service to stop.
///
/// Whatever `body` did, the service must end with exit code 0.
func withService(
    _ agent: ScriptedAgent = .diligent,
    specs: [DemoSpec] = [DemoSpec(first)],
    server keys: [String] = [],
    configuration: [String] = [],
    flags: [String] = [],
    before: (DemoProject) async throws -> Void = { _ in },
    _ body: (ServerUnderTest, DemoProject) async throws -> Void
) async throws {
    try await withTurn {
        let project = try await DemoProject(agent: agent, specs: specs, server: keys, configuration: configuration)
        try await before(project)
        let server = try await ServerUnderTest(project, flags: flags)
        do {
            try await body(server, project)
        } catch {
            Issue.record("\(error)\nthe service's log:\n\(server.log.suffix(6000))")
        }
        let exit = try await server.stop()
        #expect(exit == .code(0), "\(server.log.suffix(3000))")
    }
}

/// The spec that most tests work on.
let first = "2026-01-05-001-aaa"
let second = "2026-01-05-002-bbb"

/// How a run ended, for one comparison.
struct Ending: Equatable, CustomStringConvertible {
    var outcome: String?
    var reason: String?

    init(_ outcome: String, _ reason: String? = nil) {
        self.outcome = outcome
        self.reason = reason
    }

    init(_ run: JSON) {
        outcome = run["outcome"].text
        reason = run["reason"].text
    }

    var description: String { "\(outcome ?? "none") \(reason ?? "")" }
}

extension ServerUnderTest {
    /// Works a spec to the run's end.
    func finished(_ spec: String = first, _ options: String = "") async throws -> JSON {
        try await settled(try await work(spec, options))
    }

    /// The spec's status as the service shows it.
    func status(of spec: String = first) async throws -> String {
        try await client.json("/specs/\(spec)")["status"].text ?? ""
    }
}

extension DemoProject {
    /// The value of a key in the header of a spec's file.
    func header(_ key: String, of spec: String = first) throws -> String? {
        let lines = try specText(spec).split(separator: "\n", omittingEmptySubsequences: false)
        let header = lines.dropFirst().prefix { $0 != "---" }
        return header.first { $0.hasPrefix("\(key):") }.map { line in
            String(line.dropFirst(key.count + 1).drop { $0 == " " })
        }
    }

    /// Worktrees beside the checkout itself.
    func otherWorktrees() async throws -> [String] {
        try await git("worktree", "list", "--porcelain").split(separator: "\n")
            .filter { $0.hasPrefix("worktree ") }.dropFirst().map { String($0.dropFirst("worktree ".count)) }
    }
}
