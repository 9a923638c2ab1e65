import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Domain: lint, a live watch, output schemas")
struct DomainCheckTests {
    private let id = DomainWorld.spec

    private func refusal(_ domain: Domain) async -> GateRefusal? {
        do {
            _ = try await domain.start(id)
            return nil
        } catch let error as RunError {
            if case .refused(let refusal) = error { return refusal }
            return nil
        } catch {
            return nil
        }
    }

    @Test("R35: nothing starts beside a live watch, the start's log says so, and a run that waited is refused")
    func watch() async throws {
        let world = try await DomainWorld(agent: .held, specs: [DemoSpec(id), DemoSpec("2026-01-05-002-bbb")])
        try await LiveWatchTests.running(["chant", "watch"], in: world.project.folder) { pid in
            try await world.serving(workers: 1) { domain in
                let first = try await domain.start("2026-01-05-002-bbb")
                let second = try await domain.start(id)
                try await domain.reached(first.id, "running") { $0.state == .running }
                try world.project.write("\(pid)\n", to: ".chant/watch.pid")
                try await eventually("the watch is seen") { LiveWatch.pid(chantFolder: domain.project.path) == pid }
                let text = try world.project.specText(id)
                try world.project.release("go")
                let refused = try await domain.settled(second.id)
                #expect(refused.outcome == .refused && refused.reason == .chantWatchRunning)
                #expect(refused.problem?.members["pid"] == .number(Int(pid)))
                #expect(try world.project.specText(id) == text)
                #expect(try await domain.settled(first.id).outcome == .completed)
                #expect(await refusal(domain)?.reason == .chantWatchRunning)
            }
            let domain = try await world.open()
            #expect(domain.notices.contains { $0.contains("process \(pid)") })
            domain.close()
        }
    }

    @Test("§6.1, R42: a spec with a lint error does not start; the rules can be switched off")
    func lint() async throws {
        let world = try await DomainWorld()
        try world.project.write("---\nstatus: pending\n---\nno title\n", to: ".chant/specs/\(id).md")
        try await world.serving { domain in
            guard case .lintFailed(_, let findings)? = await refusal(domain) else {
                throw IndexFixture.Fault.noID("no refusal")
            }
            #expect(findings.map(\.rule) == [.title])
        }
        let lax = try await DomainWorld(configuration: ["lint:", "  disable: [title]"])
        try lax.project.write("---\nstatus: pending\n---\nno title\n", to: ".chant/specs/\(id).md")
        #expect(try await lax.work().outcome == .completed)
    }

    // MARK: - Output schemas

    /// What the agent says, and what comes of it where the schema is kept strictly.
    static let said: [(said: String, errors: [String]?)] = [
        ("{\\\"a\\\": 1}", nil), ("{\\\"a\\\": \\\"x\\\"}", ["/a: must be integer, not string"]),
        ("done", ["there is no JSON in the answer"]),
    ]

    private func world(_ said: String, schema: String?, isStrict: Bool) async throws -> DomainWorld {
        let world = try await DomainWorld(
            agent: .diligent(then: .say(said)),
            specs: [DemoSpec(id, header: ["output_schema: schemas/a.json"])],
            configuration: ["validation:", "  strict_output_validation: \(isStrict)"]
        )
        guard let schema else { return world }
        try FileManager.default.createDirectory(
            atPath: world.project.checkout + "/schemas",
            withIntermediateDirectories: true
        )
        try world.project.write(schema, to: "schemas/a.json")
        try await world.project.git("add", "-A")
        try await world.project.git("commit", "-q", "-m", "schema")
        return world
    }

    private static let schema = #"{"required": ["a"], "properties": {"a": {"type": "integer"}}}"#

    @Test("§6.3: strict, an answer that does not fit needs a person; lax, it is a warning", arguments: said)
    func answers(row: (said: String, errors: [String]?)) async throws {
        let strict = try await world(row.said, schema: Self.schema, isStrict: true)
        let run = try await strict.work()
        #expect(run.reason == (row.errors == nil ? nil : .schemaMismatch), "\(run.problem?.detail ?? "")")
        #expect(run.problem?.members["errors"] == row.errors.map { .texts($0) })
        #expect(try strict.spec().status == (row.errors == nil ? .completed : .needsAttention))
        guard row.errors != nil else { return }
        let lax = try await world(row.said, schema: Self.schema, isStrict: false)
        let other = try await lax.work()
        #expect(other.outcome == .completed)
        #expect(other.warnings.map(\.code) == [.schemaMismatch])
    }

    @Test("§6.3: a schema that is not there, is none, or lies outside the project is a warning that says so")
    func noSchema() async throws {
        for schema in [nil, "[]"] {
            let run = try await world("{}", schema: schema, isStrict: true).work()
            #expect(run.outcome == .completed, "\(run.problem?.detail ?? "")")
            #expect(run.warnings.map(\.code) == [.schemaMismatch])
            #expect(run.warnings.first?.paths == ["schemas/a.json"])
        }
        let outside = try await world("{}", schema: Self.schema, isStrict: true)
        try outside.project.write("x", to: "schemas/b.json")
        let checkout = outside.project.checkout
        try FileManager.default.moveItem(
            atPath: checkout + "/schemas/a.json",
            toPath: outside.project.folder + "/out.json"
        )
        try FileManager.default.createSymbolicLink(
            atPath: checkout + "/schemas/a.json",
            withDestinationPath: outside.project.folder + "/out.json"
        )
        let run = try await outside.work()
        #expect(run.warnings.contains { $0.code == .schemaMismatch && $0.detail.contains("not checked") })
    }
}
