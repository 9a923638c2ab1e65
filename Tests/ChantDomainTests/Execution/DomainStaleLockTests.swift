import ChantTesting
import Foundation
import GRDB
import Glibc
import Testing

@testable import ChantDomain

@Suite("Domain: locks whose process number is another one's by now")
struct DomainStaleLockTests {
    private let id = DomainWorld.spec

    private func stranger(_ world: DomainWorld) throws -> ChildProgram {
        try ChildProgram(
            "sleep",
            ["600"],
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
            folder: world.project.folder,
            output: "/dev/null",
            error: "/dev/null"
        )
    }

    /// Ends the supervisor, and lets somebody else have its number.
    private func reuse(_ world: DomainWorld, _ run: Run, by stranger: ChildProgram) async throws {
        let folder = RunFolder(stateFolder: world.project.state, run: run.id)
        let agent = try #require(SupervisedAgent.read(runFolder: folder.path))
        kill(agent.supervisor.pid, SIGKILL)
        try await eventually("the agent's end") { agent.agent.liveness == .gone && agent.supervisor.liveness == .gone }
        let bytes = Data(try LocalFileSystem().read(folder.processFile))
        var file = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        var supervisor = try #require(file["supervisor"] as? [String: Any])
        supervisor["pid"] = Int(stranger.pid)
        file["supervisor"] = supervisor
        let other = try JSONSerialization.data(withJSONObject: file)
        try LocalFileSystem().replace(Array(other), at: folder.processFile, mode: 0o600)
        let now = try #require(SupervisedAgent.read(runFolder: folder.path))
        #expect(now.supervisor.pid == stranger.pid && now.supervisor.liveness == .gone)
        try world.project.write("\(stranger.pid)\n", to: ".chant/.locks/\(id).lock")
    }

    @Test(
        "R27, R29, R45: what follows an interrupted run starts, whoever has its supervisor's number",
        arguments: [false, true]
    )
    func interrupted(isUndone: Bool) async throws {
        let world = try await DomainWorld(agent: .held)
        let left = try await world.left()
        let stranger = try stranger(world)
        defer { stranger.send(SIGKILL) }
        try await reuse(world, left, by: stranger)
        if isUndone {
            // Without it the agent is not adopted: its run is undone at the start.
            let folder = RunFolder(stateFolder: world.project.state, run: left.id)
            try FileManager.default.removeItem(atPath: folder.specBeforeFile)
        }
        try world.project.release("go")
        try await world.serving { domain in
            let run = try await domain.settled(left.id)
            #expect(run.outcome == .interrupted)
            let next = try await domain.settled(try #require(run.nextRun))
            #expect(next.outcome == .completed, "\(next.problem?.detail ?? "")")
        }
        #expect(!world.project.exists("\(world.project.checkout)/.chant/.locks/\(id).lock"))
    }

    @Test("R27, R44: a forced reset gives up the lock of a supervisor that is gone, and no other")
    func forced() async throws {
        let world = try await DomainWorld(agent: ScriptedAgent([.exit(1)]))
        #expect(try await world.work().reason == .agentExit)
        let stranger = try stranger(world)
        defer { stranger.send(SIGKILL) }
        let lock = "\(world.project.checkout)/.chant/.locks/\(id).lock"
        try world.project.write("\(stranger.pid)\n", to: ".chant/.locks/\(id).lock")
        try await world.serving { domain in
            _ = try await domain.control.forceReset(try specID(id), by: "ann")
            #expect(world.project.exists(lock), "another program's")
        }
        let sql = "UPDATE processes SET supervisor = json_set(supervisor, '$.pid', ?)"
        try world.journal { journal in
            try journal.pool.writeWithoutTransaction { try $0.execute(sql: sql, arguments: [stranger.pid]) }
        }
        try await world.serving { domain in
            _ = try await domain.control.forceReset(try specID(id), by: "ann")
            #expect(!world.project.exists(lock))
            #expect(try await domain.settled(try await domain.start(id).id).reason == .agentExit)
        }
    }
}
