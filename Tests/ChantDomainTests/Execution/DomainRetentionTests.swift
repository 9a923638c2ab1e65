import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Domain: retention")
struct DomainRetentionTests {
    private static let third = "2026-01-05-003-ccc"
    private static let specs = [DomainWorld.spec, "2026-01-05-002-bbb", third]

    private func world(_ retention: String, agent: ScriptedAgent = .diligent) async throws -> DomainWorld {
        try await DomainWorld(
            agent: agent,
            specs: Self.specs.map { DemoSpec($0) },
            server: ["keep_failed: 0s", "retention: { every: 30ms, \(retention) }"]
        )
    }

    private func folder(_ run: Run, _ world: DomainWorld) -> String {
        RunFolder(stateFolder: world.project.state, run: run.id).path
    }

    private func log(_ spec: String, _ world: DomainWorld) -> String {
        "\(world.project.checkout)/.chant/logs/\(spec).log"
    }

    @Test(
        "R71: a run that nothing needs goes with its log, by age, size or number; what holds unfinished work stays",
        arguments: ["runs_age: 1ms", "runs_bytes: 1B", "runs_count: 1"]
    )
    func runs(retention: String) async throws {
        let world = try await world(retention)
        try await world.serving { domain in
            try world.project.script(ScriptedAgent(ScriptedAgent.diligent.steps + [.exit(1)]))
            let failed = try await domain.settled(try await domain.start(Self.specs[0]).id)
            #expect(failed.reason == .agentExit)
            try world.project.script(.diligent)
            let done = try await domain.settled(try await domain.start(Self.specs[1]).id)
            #expect(world.project.exists(log(done.specID, world)))
            let newest = try await domain.settled(try await domain.start(Self.specs[2]).id)
            #expect(newest.outcome == .completed)
            try await eventually("the run of the finished spec is gone") {
                (try? domain.runs.run(done.id)) == nil && !world.project.exists(folder(done, world))
            }
            #expect(!world.project.exists(log(done.specID, world)))
            #expect(throws: RunError.self) { try domain.runs.run(done.id) }
            // The branch of the failed spec is there, so its run is what a later merge would need.
            #expect(try domain.runs.run(failed.id) == failed)
            #expect(world.project.exists(folder(failed, world)) && world.project.exists(log(failed.specID, world)))
            #expect(try domain.runs.run(newest.id) == newest)
            // Several sweeps later too.
            let looked = try await domain.status.status().storage.kept?.at ?? .distantPast
            try await eventually("another look") {
                try await domain.status.status().storage.kept.map { $0.at > looked } ?? false
            }
            #expect(try domain.runs.run(failed.id) == failed)
            #expect(try await domain.status.status().storage.journal.runs == 2)
        }
    }

    @Test("R71: while a spec has a live run, its earlier ones stay; a log that somebody else wrote to stays for good")
    func live() async throws {
        let world = try await world("runs_age: 1ms", agent: ScriptedAgent([.exit(1)]))
        try await world.serving { domain in
            let first = try await domain.settled(try await domain.start(DomainWorld.spec).id)
            try world.project.script(.held)
            let second = try await domain.start(DomainWorld.spec)
            try await domain.reached(second.id, "running") { $0.state == .running }
            let begun = Date()
            try await eventually("a look") {
                try await domain.status.status().storage.kept.map { $0.at > begun } ?? false
            }
            #expect(try domain.runs.run(first.id) == first)
            #expect(try await domain.status.status().storage.kept?.worktrees == 1)
            try world.project.release("go")
            #expect(try await domain.settled(second.id).outcome == .completed)
            try await eventually("the first is gone") { (try? domain.runs.run(first.id)) == nil }
            #expect(!world.project.exists(folder(first, world)))
            #expect(world.project.exists(log(first.specID, world)), "the second run has its part in it")
            // The original program works the spec meanwhile.
            let path = log(second.specID, world)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: 600)],
                ofItemAtPath: path
            )
            let last = try await domain.settled(try await domain.start(Self.third).id)
            #expect(last.outcome == .completed)
            try await eventually("the second is gone") { (try? domain.runs.run(second.id)) == nil }
            #expect(world.project.exists(path))
        }
    }

    @Test("R71: folders that the journal does not know go when they are old, and not while a supervisor is alive")
    func strangers() async throws {
        let world = try await world("runs_age: 1ms")
        let old = Date(timeIntervalSinceNow: -48 * 3600)
        let ids = [RunID(at: old), RunID(at: old.addingTimeInterval(1)), RunID(at: Date())]
        for id in ids {
            let path = RunFolder(stateFolder: world.project.state, run: id).path
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            #expect(FileManager.default.createFile(atPath: path + "/heartbeat", contents: nil))
            let dates = id == ids[0] ? [path + "/heartbeat", path] : [path]
            for place in dates {
                try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: place)
            }
        }
        try FileManager.default.createDirectory(
            atPath: world.project.state + "/runs/.removed-\(ids[2])",
            withIntermediateDirectories: true
        )
        _ = chmod(world.project.state, 0o700)
        try await world.serving { domain in
            try await eventually("a look") { try await domain.status.status().storage.kept != nil }
            let names = try FileManager.default.contentsOfDirectory(atPath: world.project.state + "/runs")
            #expect(names.sorted() == ids.dropFirst().map(\.text).sorted())
        }
    }

    @Test("R71: kept refs beyond their number go, the oldest first; not those of others, nor what alone holds work")
    func refs() async throws {
        let world = try await world("refs_count: 1")
        let day: TimeInterval = 24 * 3600
        let ids = (0..<4).map { RunID(at: Date(timeIntervalSinceNow: -30 * day + Double($0))) }
        let young = RunID(at: Date(timeIntervalSinceNow: -60))
        let names = [
            "refs/chant/left/\(ids[0])", "refs/chant/kept/\(DomainWorld.spec)/\(ids[1])",
            "refs/chant/kept/\(DomainWorld.spec)/\(ids[2])", "refs/chant/kept/gone/\(ids[3])",
            "refs/chant/left/\(young)", "refs/chant/left/somebody", "refs/chant/finish/\(ids[0])",
        ]
        for name in names { try await world.project.git("update-ref", name, "HEAD") }
        try await world.serving { domain in
            try await eventually("a look") { try await domain.status.status().storage.kept != nil }
            #expect(try await world.refs("refs/chant") == [names[6], names[2], names[5], names[4]].sorted())
            #expect(try await domain.status.status().storage.kept?.refs == 3)
        }
    }

    @Test("R71: refs go by age too, and events by number")
    func ages() async throws {
        let world = try await world("refs_age: 1h, events_count: 3")
        let old = "refs/chant/left/\(RunID(at: Date(timeIntervalSinceNow: -30 * 24 * 3600)))"
        try await world.project.git("update-ref", old, "HEAD")
        try await world.serving { domain in
            _ = try await domain.settled(try await domain.start(DomainWorld.spec).id)
            try await eventually("three events") { try await domain.status.status().storage.journal.events == 3 }
            let bounds = try #require(try domain.events.bounds())
            #expect(bounds.newest - bounds.oldest == 2 && bounds.oldest > 1)
            try await eventually("no ref") { try await world.refs("refs/chant").isEmpty }
        }
    }
}
