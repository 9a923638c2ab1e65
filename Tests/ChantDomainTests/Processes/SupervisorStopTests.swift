import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Stopping agents")
struct SupervisorStopTests {
    /// Ignores TERM, and so does a grandchild of its own session; both tell their pids.
    private let stubborn = """
        trap '' TERM
        setsid sh -c 'trap "" TERM; echo $$ > grandchild; while :; do sleep 0.1; done' &
        echo $$ > agent
        while :; do sleep 0.1; done
        """

    @Test("R69: the wall limit ends it")
    func wall() async throws {
        let workshop = try AgentWorkshop()
        let script = "while :; do echo x; sleep 0.02; done"
        let agent = try await workshop.start(shell: script, wall: .milliseconds(200))
        let record = try #require(await waitForEnd(of: agent))
        #expect(record.by == .wall && record.signal == SIGTERM)
        #expect(record.endedAt.timeIntervalSince(record.startedAt) >= 0.2)
    }

    @Test("R69: silence without work ends it")
    func idle() async throws {
        let workshop = try AgentWorkshop()
        let agent = try await workshop.start(shell: "exec sleep 100", idle: .milliseconds(200))
        #expect(try #require(await waitForEnd(of: agent)).by == .idle)
    }

    @Test("R69: silent work does not end it")
    func silentWork() async throws {
        let workshop = try AgentWorkshop()
        let script = "i=0; while [ $i -lt 12000000 ]; do i=$((i+1)); done"
        let record = try await workshop.record(
            of: workshop.launch("/bin/sh", ["-c", script], wall: .seconds(300), idle: .seconds(2))
        )
        #expect(record.by == .exit && record.code == 0)
        #expect(record.usage.userSeconds > 2, "the work was too short to tell")
    }

    @Test("R69: too much output ends it, whichever file it goes to", arguments: [true, false])
    func log(separate: Bool) async throws {
        let workshop = try AgentWorkshop()
        var launch = workshop.launch("/bin/sh", ["-c", "yes >&2"], wall: .seconds(30), idle: .seconds(1))
        launch.limits.logBytes = 4096
        launch.separateErrorFile = separate
        let record = try await workshop.record(of: launch)
        #expect(record.by == .log)
    }

    @Test("R28: asked, it gets TERM, and what it says to that is its exit code")
    func asked() async throws {
        let workshop = try AgentWorkshop()
        let script = "trap 'echo bye; exit 7' TERM; echo $$ > agent; while :; do sleep 0.05; done"
        let agent = try await workshop.start(shell: script)
        #expect(try await workshop.pid("agent") == agent.agent.pid)
        #expect(askToStop(agent))
        let record = try #require(await waitForEnd(of: agent))
        #expect(record.by == .asked && record.code == 7)
        #expect(workshop.text("out.log").hasSuffix("bye\n"))
    }

    @Test("R28: who ignores TERM is killed after the grace, also a grandchild in a session of its own")
    func stubbornness() async throws {
        let workshop = try AgentWorkshop()
        let agent = try await workshop.start(shell: stubborn, grace: .milliseconds(300))
        let grandchild = try await workshop.pid("grandchild")
        _ = try await workshop.pid("agent")
        #expect(isRunning(grandchild))
        #expect(askToStop(agent))
        let record = try #require(await waitForEnd(of: agent))
        #expect(record.by == .asked && record.signal == SIGKILL)
        #expect(record.leftovers >= 1)
        #expect(!isRunning(grandchild) && !isRunning(agent.agent.pid) && !isRunning(agent.supervisor.pid))
        #expect(!askToStop(agent), "a supervisor that is gone is not asked")
    }

    @Test("R28: a stopped agent is woken to hear TERM")
    func stopped() async throws {
        let workshop = try AgentWorkshop()
        let agent = try await workshop.start(shell: "trap 'exit 7' TERM; echo $$ > agent; kill -STOP $$; sleep 100")
        _ = try await workshop.pid("agent")
        try await eventually("the agent is stopped") {
            ProcessEntry.read(agent.agent.pid)?.state == UInt8(ascii: "T")
        }
        #expect(askToStop(agent))
        #expect(try #require(await waitForEnd(of: agent)).by == .asked)
    }

    @Test("R28: what an agent leaves behind is stopped in the same way")
    func leftover() async throws {
        let workshop = try AgentWorkshop()
        let script = """
            setsid sh -c 'trap "echo gone > left; exit" TERM; echo $$ > grandchild; while :; do sleep 0.05; done' &
            while [ ! -s grandchild ]; do sleep 0.02; done
            """
        let agent = try await workshop.start(shell: script)
        let record = try #require(await waitForEnd(of: agent))
        #expect(record.by == .exit && record.code == 0 && record.leftovers >= 1)
        #expect(!isRunning(try await workshop.pid("grandchild")))
        #expect(
            SmallFile.read(workshop.workingFolder + "/left") == Array("gone\n".utf8),
            "it was asked before it was killed"
        )
    }

    @Test("R28: a leftover that ignores TERM is killed after the grace")
    func stubbornLeftover() async throws {
        let workshop = try AgentWorkshop()
        let script = """
            setsid sh -c 'trap "" TERM; echo $$ > grandchild; while :; do sleep 0.05; done' &
            while [ ! -s grandchild ]; do sleep 0.02; done
            """
        let agent = try await workshop.start(shell: script, grace: .milliseconds(200))
        let record = try #require(await waitForEnd(of: agent))
        #expect(record.by == .exit && record.leftovers >= 1)
        #expect(!isRunning(try await workshop.pid("grandchild")))
    }

    @Test("R28: a killed supervisor takes its agent along, and what escaped is found by the run's mark")
    func supervisorKilled() async throws {
        let workshop = try AgentWorkshop()
        let agent = try await workshop.start(shell: stubborn)
        let grandchild = try await workshop.pid("grandchild")
        _ = try await workshop.pid("agent")
        #expect(kill(agent.supervisor.pid, SIGKILL) == 0)
        #expect(await waitForEnd(of: agent) == nil)
        try await eventually("the agent dies with it") { agent.agent.liveness == .gone }
        #expect(isRunning(grandchild))
        #expect(ProcessTree.figures(of: agent) == nil)
        let other = RunID(at: Date())
        #expect(await ProcessTree.stopMarked(runID: other, grace: .zero) == 0)
        #expect(await ProcessTree.stopMarked(runID: workshop.runID, grace: .milliseconds(100)) >= 1)
        #expect(!isRunning(grandchild))
    }

    @Test("R28: what was orphaned listens to TERM within the grace")
    func orphanAsked() async throws {
        let workshop = try AgentWorkshop()
        let script = """
            setsid sh -c 'trap "echo gone > left; exit" TERM; echo $$ > grandchild; while :; do sleep 0.05; done' &
            sleep 100
            """
        let agent = try await workshop.start(shell: script)
        let grandchild = try await workshop.pid("grandchild")
        #expect(kill(agent.supervisor.pid, SIGKILL) == 0)
        _ = await waitForEnd(of: agent)
        #expect(await ProcessTree.stopMarked(runID: workshop.runID, grace: .seconds(20)) >= 1)
        #expect(!isRunning(grandchild))
        #expect(SmallFile.read(workshop.workingFolder + "/left") == Array("gone\n".utf8))
    }

    @Test("R26: figures are sums over the tree")
    func figures() async throws {
        let workshop = try AgentWorkshop()
        let script = "sleep 100 & setsid sleep 100 & i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; wait"
        let agent = try await workshop.start(shell: script)
        try await eventually("two children and some work show") {
            guard let figures = ProcessTree.figures(of: agent) else { return false }
            return figures.children == 2 && figures.cpuSeconds > 0 && figures.rssBytes > 100_000
        }
        #expect(askToStop(agent))
        #expect(await waitForEnd(of: agent)?.by == .asked)
        #expect(ProcessTree.figures(of: agent) == nil)
    }
}
