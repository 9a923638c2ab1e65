import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("A supervised agent")
struct SupervisedAgentTests {
    @Test("R29: the exit code is recorded", arguments: [Int32(0), 1, 42, 255])
    func code(code: Int32) async throws {
        let workshop = try AgentWorkshop()
        let record = try await workshop.record(of: workshop.launch("/bin/sh", ["-c", "exit \(code)"]))
        #expect(record.version == 1)
        #expect(record.code == code && record.signal == nil)
        #expect(record.by == .exit && record.leftovers == 0 && record.startError == nil)
        #expect(record.endedAt >= record.startedAt && record.endedAt.timeIntervalSinceNow > -60)
        #expect(record.usage.maxRSSBytes > 0)
    }

    @Test("R29: the signal that ended it is recorded", arguments: [SIGKILL, SIGTERM, SIGSEGV, SIGHUP])
    func signal(signal: Int32) async throws {
        let workshop = try AgentWorkshop()
        let record = try await workshop.record(of: workshop.launch("/bin/sh", ["-c", "kill -\(signal) $$"]))
        #expect(record.signal == signal && record.code == nil && record.by == .exit)
    }

    @Test("R26: both processes are on record before the agent's first step")
    func processFile() async throws {
        let workshop = try AgentWorkshop()
        let agent = try await workshop.start(workshop.launch("/bin/cat", [workshop.runFolder + "/process.json"]))
        _ = await waitForEnd(of: agent)
        #expect(!workshop.text("out.log").isEmpty)
        #expect(workshop.text("out.log") == workshop.text("process.json"))
        #expect(agent.runID == workshop.runID && agent.runFolder == workshop.runFolder)
        #expect(agent.agent.pid != agent.supervisor.pid)
        #expect(abs(agent.startedAt.timeIntervalSinceNow) < 60)
        #expect(SupervisedAgent.read(runFolder: workshop.runFolder) == agent)
        #expect(SupervisedAgent.read(runFolder: workshop.folder) == nil)
    }

    @Test("R61: its environment is exactly the one that it was given, and the run's mark")
    func environment() async throws {
        let workshop = try AgentWorkshop()
        var launch = workshop.launch("/usr/bin/env")
        launch.environment = ["PATH": "/bin", "EMPTY": "", "ODD": "a=b\"c d"]
        _ = try await workshop.record(of: launch)
        let expected = ["CHANT_RUN_ID=\(workshop.runID)", "EMPTY=", "ODD=a=b\"c d", "PATH=/bin"]
        #expect(workshop.lines("out.log").sorted() == expected)
    }

    @Test("R28: it leads its own session, dies before others when memory is short, and has no signal blocked")
    func surroundings() async throws {
        let workshop = try AgentWorkshop()
        let script = """
            pwd; readlink /proc/$$/fd/0; cat /proc/$$/oom_score_adj; cut -d' ' -f1,5,6 /proc/$$/stat; ls /proc/$$/fd
            grep -E 'Sig(Blk|Ign)' /proc/self/status | cut -f2
            """
        let agent = try await workshop.start(workshop.launch("/bin/sh", ["-c", script]))
        _ = await waitForEnd(of: agent)
        let pid = agent.agent.pid
        let none = "0000000000000000"
        let expected = [
            workshop.workingFolder, "/dev/null", "500", "\(pid) \(pid) \(pid)", "0", "1", "2", none, none,
        ]
        #expect(workshop.lines("out.log") == expected)
    }

    @Test("R34: output is readable by us alone, and both streams share one file in their order")
    func merged() async throws {
        let workshop = try AgentWorkshop()
        _ = try await workshop.record(of: workshop.launch("/bin/sh", ["-c", "echo a; echo b >&2; echo c"]))
        #expect(workshop.text("out.log") == "a\nb\nc\n")
        #expect(!FileManager.default.fileExists(atPath: workshop.runFolder + "/err.log"))
        var facts = stat()
        #expect(lstat(workshop.runFolder + "/out.log", &facts) == 0)
        #expect(facts.st_mode & 0o777 == 0o600)
    }

    @Test("R34: standard error has a file of its own where that is asked for")
    func separate() async throws {
        let workshop = try AgentWorkshop()
        var launch = workshop.launch("/bin/sh", ["-c", "echo a; echo b >&2; echo c"])
        launch.separateErrorFile = true
        _ = try await workshop.record(of: launch)
        #expect(workshop.text("out.log") == "a\nc\n")
        #expect(workshop.text("err.log") == "b\n")
    }

    @Test("R69: the file of times says how far the output had grown, and ends with its size")
    func times() async throws {
        let workshop = try AgentWorkshop()
        let script = "echo one; while [ ! -s ../run/times ]; do sleep 0.02; done; echo two"
        let begin = Date().timeIntervalSince1970 * 1000 - 1
        _ = try await workshop.record(of: workshop.launch("/bin/sh", ["-c", script], idle: .seconds(2)))
        let rows = workshop.lines("times").map { $0.split(separator: " ").compactMap { Double($0) } }
        #expect(rows.map(\.last) == [4, 8])
        #expect(rows.allSatisfy { $0.count == 2 && $0[0] > begin && $0[0] <= Date().timeIntervalSince1970 * 1000 })
    }

    @Test("R29: the heartbeat is there while it runs")
    func heartbeat() async throws {
        let workshop = try AgentWorkshop()
        let agent = try await workshop.start(shell: "exec sleep 100")
        try await eventually("the heart beats") {
            SupervisorFile.heartbeat(in: workshop.runFolder).map { abs($0.timeIntervalSinceNow) < 60 } ?? false
        }
        #expect(askToStop(agent))
        #expect(await waitForEnd(of: agent)?.by == .asked)
    }

    @Test("R29: a supervisor is one thread and little memory")
    func smallness() async throws {
        let workshop = try AgentWorkshop()
        let agent = try await workshop.start(shell: "exec sleep 100")
        let rollup = SmallFile.read("/proc/\(agent.supervisor.pid)/smaps_rollup") ?? []
        // Clean pages are the program's file, which all of its processes share; alone it would be charged with them.
        let own = String(decoding: rollup, as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix("Private_Dirty") }
            .compactMap { $0.split(separator: " ").dropFirst().first.flatMap { Int($0) } }
            .reduce(0, +)
        #expect(status(agent.supervisor.pid, "Threads") == "1")
        #expect(own > 0 && own < 4 * 1024, "private memory: \(own) KiB")
        #expect(askToStop(agent))
        _ = await waitForEnd(of: agent)
    }
}
