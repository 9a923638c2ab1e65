import ChantTesting
import Foundation
import GRDB
import Glibc
import Testing

@testable import ChantDomain

@Suite("Domain: adoption")
struct DomainAdoptionTests {
    private let id = DomainWorld.spec

    /// Works the spec until its agent has printed something, and leaves it as a service does that detaches (R30).
    private func leave(_ world: DomainWorld, _ options: RunOptions = RunOptions()) async throws -> Run {
        let domain = try await world.open()
        defer { domain.close() }
        try await domain.recover()
        async let running: Void = domain.run()
        let run = try await domain.start(id, options)
        let folder = RunFolder(stateFolder: world.project.state, run: run.id)
        try await domain.reached(run.id, "running") { $0.state == .running }
        try await eventually("output") { folder.outputFigures.bytes > 0 }
        await domain.stop(.detach)
        await running
        return try domain.runs.run(run.id)
    }

    private func agent(_ world: DomainWorld, of run: Run) throws -> SupervisedAgent {
        let folder = RunFolder(stateFolder: world.project.state, run: run.id)
        return try #require(SupervisedAgent.read(runFolder: folder.path))
    }

    /// Serves again until the run is settled, and until what follows it is.
    private func serveAgain(_ world: DomainWorld, _ run: Run) async throws -> (run: Run, next: Run?) {
        try await world.serving { domain in
            let settled = try await domain.settled(run.id)
            guard let next = settled.nextRun else { return (settled, nil) }
            return (settled, try await domain.settled(next))
        }
    }

    @Test("R29, R30: an agent that was left goes on, and the next service finishes its run as if nothing had been")
    func adopted() async throws {
        let world = try await DomainWorld(agent: .held)
        let left = try await leave(world)
        #expect(left.state == .running)
        let agent = try agent(world, of: left)
        #expect(agent.agent.liveness == .alive)
        let domain = try await world.open()
        defer { domain.close() }
        #expect(try await domain.recover() == 0, "nothing is decided: it goes on")
        let process = try #require(try await domain.status.processes().first)
        #expect(process.adopted && process.pid == agent.agent.pid)
        #expect(abs(process.startedAt.timeIntervalSince(agent.startedAt)) < 0.001)
        let owner = try world.project.text(".chant/.locks/\(id).lock")
        #expect(owner == "\(agent.supervisor.pid)\n", "R35")
        async let running: Void = domain.run()
        try world.project.release("go")
        let run = try await domain.settled(left.id)
        #expect(run.outcome == .completed)
        #expect(run.startedAt == left.startedAt)
        #expect(run.nextRun == nil)
        #expect(try world.spec().status == .completed)
        let starts = try await domain.events().compactMap { event -> Bool? in
            if case .processStarted(let facts) = event, facts.runID == run.id { facts.adopted } else { nil }
        }
        #expect(starts == [false, true])
        await domain.stop(.stop)
        await running
        #expect(try await world.status() == "")
        #expect(!world.project.exists("\(world.project.checkout)/.chant/.locks/\(id).lock"))
    }

    @Test("R29: an agent that ended while no service ran is finished from its exit record", arguments: [0, 7])
    func endedMeanwhile(code: Int) async throws {
        let steps = [.say("waiting"), .wait(for: "go")] + ScriptedAgent.diligent.steps + [.exit(code)]
        let world = try await DomainWorld(agent: ScriptedAgent(steps))
        let left = try await leave(world)
        let agent = try agent(world, of: left)
        try world.project.release("go")
        try await eventually("the end of the supervisor") { agent.supervisor.liveness == .gone }
        let (run, _) = try await serveAgain(world, left)
        #expect(run.outcome == (code == 0 ? .completed : .failed))
        #expect(run.reason == (code == 0 ? nil : .agentExit))
        #expect(run.exitCode == code)
        #expect(try world.spec().status == (code == 0 ? .completed : .failed))
    }

    @Test("R29: a supervisor that was killed: what it left is stopped, and the run starts again")
    func supervisorLost() async throws {
        let steps = [.grandchild, .say("waiting"), .wait(for: "go")] + ScriptedAgent.diligent.steps
        let world = try await DomainWorld(agent: ScriptedAgent(steps))
        let left = try await leave(world)
        let agent = try agent(world, of: left)
        let grandchild = try #require(
            Int32(try world.project.text(atPath: "\(world.project.folder)/grandchild.\(id)").filter(\.isNumber))
        )
        #expect(kill(agent.supervisor.pid, SIGKILL) == 0)
        try await eventually("the agent dies with its supervisor") { agent.agent.liveness == .gone }
        #expect(kill(grandchild, 0) == 0, "in a session of its own")
        try world.project.release("go")
        let (run, next) = try await serveAgain(world, left)
        #expect(run.outcome == .interrupted)
        #expect(run.reason == .supervisorLost)
        #expect(run.problem?.members["stopped"] == .number(1))
        #expect(ProcessIdentity.of(pid: grandchild) == nil)
        #expect(next?.outcome == .completed)
        #expect(try world.spec().status == .completed)
    }

    /// What the run's folder looks like after the machine was started anew.
    private func reboot(_ world: DomainWorld, _ run: Run, recordBy: String?) async throws {
        let agent = try agent(world, of: run)
        kill(agent.supervisor.pid, SIGKILL)
        try await eventually("the agent's end") { agent.agent.liveness == .gone }
        let folder = RunFolder(stateFolder: world.project.state, run: run.id)
        let text = try world.project.text(atPath: folder.processFile)
        let other = text.replacing(agent.supervisor.bootID, with: "00000000-0000-4000-8000-000000000000")
        try LocalFileSystem().replace(Array(other.utf8), at: folder.processFile, mode: 0o600)
        guard let recordBy else { return }
        let times = "\"started_at\":\"2026-01-05T00:00:00.000Z\",\"ended_at\":\"2026-01-05T00:00:01.000Z\""
        let usage = "{\"user_seconds\":0,\"system_seconds\":0,\"max_rss_bytes\":0}"
        let record = "{\"version\":1,\"signal\":15,\(times),\"by\":\"\(recordBy)\",\"usage\":\(usage),\"leftovers\":0}"
        try LocalFileSystem().replace(Array(record.utf8), at: folder.exitFile, mode: 0o600)
    }

    @Test(
        "R29: the machine was started anew: no process of before is looked for, and the run starts again",
        arguments: [nil, "asked", "exit"]
    )
    func rebooted(recordBy: String?) async throws {
        let world = try await DomainWorld(agent: .held)
        let left = try await leave(world)
        try await reboot(world, left, recordBy: recordBy)
        try world.project.release("go")
        let (run, next) = try await serveAgain(world, left)
        #expect(run.outcome == .interrupted)
        #expect(run.reason == .machineRestarted)
        #expect(next?.outcome == .completed)
        #expect(next?.retryOf == run.id)
    }

    @Test(
        "R27, R73: a supervisor that cannot be verified is waited for while its heart beats, and is lost afterwards",
        arguments: ["of another namespace", "of a newer version"]
    )
    func unverifiable(what: String) async throws {
        let world = try await DomainWorld(agent: .held)
        let left = try await leave(world)
        let agent = try agent(world, of: left)
        let folder = RunFolder(stateFolder: world.project.state, run: left.id)
        let text = try world.project.text(atPath: folder.processFile)
        let other =
            what == "of a newer version"
            ? text.replacing("\"version\":1", with: "\"version\":2")
            : text.replacing(agent.supervisor.pidNamespace, with: "pid:[1]")
        #expect(other != text)
        try LocalFileSystem().replace(Array(other.utf8), at: folder.processFile, mode: 0o600)
        try world.journal { journal in
            try journal.pool.writeWithoutTransaction { try $0.execute(sql: "DELETE FROM processes") }
        }
        try await world.serving { domain in
            let process = try #require(try await domain.status.processes().first)
            #expect(process.state == .unverifiable)
            #expect(try domain.runs.run(left.id).state == .running)
            // The supervisor is gone now, which shows only by its heart.
            kill(agent.supervisor.pid, SIGKILL)
            var long = [timeval(tv_sec: 1, tv_usec: 0), timeval(tv_sec: 1, tv_usec: 0)]
            try await eventually("no beat any more") { agent.supervisor.liveness == .gone }
            #expect(utimes(folder.heartbeatFile, &long) == 0)
            try world.project.release("go")
            let run = try await domain.settled(left.id)
            #expect(run.reason == .supervisorLost)
            #expect(try await domain.settled(try #require(run.nextRun)).outcome == .completed)
        }
    }

    @Test("R58: a stop that was asked for before the service went away reaches the adopted agent")
    func cancelledBefore() async throws {
        let world = try await DomainWorld(agent: .held)
        let left = try await leave(world)
        let agent = try agent(world, of: left)
        try world.journal { journal in _ = try journal.update(left.id, from: [.running]) { $0.cancelRequested = true } }
        let (run, next) = try await serveAgain(world, left)
        #expect(run.outcome == .cancelled)
        #expect(next == nil)
        #expect(agent.agent.liveness == .gone)
        #expect(try world.spec().status == .pending)
    }

    @Test("R26: a start that was not journaled any more is found in the run's folder")
    func notRegistered() async throws {
        let world = try await DomainWorld(agent: .held)
        let left = try await leave(world)
        let sql = "DELETE FROM processes; UPDATE runs SET state = 'preparing', stage = 'prepare'"
        try world.journal { journal in try journal.pool.writeWithoutTransaction { try $0.execute(sql: sql) } }
        try world.project.release("go")
        let (run, _) = try await serveAgain(world, left)
        #expect(run.outcome == .completed)
        #expect(run.id == left.id)
    }

    @Test("R30: a service that drains waits for its agent and starts nothing more")
    func drain() async throws {
        let other = "2026-01-05-002-bbb"
        let world = try await DomainWorld(agent: .held, specs: [DemoSpec(id), DemoSpec(other)])
        let domain = try await world.open(workers: 1)
        defer { domain.close() }
        try await domain.recover()
        async let running: Void = domain.run()
        let run = try await domain.start(id)
        let queued = try await domain.start(other)
        try await domain.reached(run.id, "running") { $0.state == .running }
        await domain.stop(.drain)
        await #expect(throws: RunError.self) { try await domain.start(other) }
        try world.project.release("go")
        await running
        #expect(try domain.runs.run(run.id).outcome == .completed)
        #expect(try domain.runs.run(queued.id).state == .queued)
    }
}
