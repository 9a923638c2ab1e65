import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Starting agents")
struct SpawnerTests {
    @Test(
        "R28: a program that cannot be executed is recorded with the reason",
        arguments: [
            ("/no/such/program", "No such file or directory"), ("/etc/passwd", "Permission denied"),
        ]
    )
    func missingProgram(program: String, reason: String) async throws {
        let workshop = try AgentWorkshop()
        let message = "cannot execute \(program): \(reason)"
        await #expect(throws: SpawnError.agentNotStarted(message: message)) {
            try await workshop.start(workshop.launch(program))
        }
        let record = try #require(ExitRecord.read(runFolder: workshop.runFolder))
        #expect(record.by == .startFailed && record.startError == message)
        #expect(record.code == nil && record.signal == nil)
    }

    @Test("R28: a script whose interpreter is missing says so")
    func missingInterpreter() async throws {
        let workshop = try AgentWorkshop()
        let script = workshop.workingFolder + "/agent"
        try Data("#!/no/such/shell\n".utf8).write(to: URL(fileURLWithPath: script))
        #expect(chmod(script, 0o700) == 0)
        await #expect(throws: SpawnError.self) { try await workshop.start(workshop.launch(script)) }
        #expect(ExitRecord.read(runFolder: workshop.runFolder)?.startError?.contains("interpreter") == true)
    }

    @Test("R28: a working folder that is missing is recorded as such")
    func missingFolder() async throws {
        let workshop = try AgentWorkshop()
        var launch = workshop.launch("/bin/true")
        launch.workingFolder = "/no/such/folder"
        let message = "cannot start in /no/such/folder: No such file or directory"
        await #expect(throws: SpawnError.agentNotStarted(message: message)) { try await workshop.start(launch) }
    }

    @Test("R29: a supervisor that cannot work says why, and no agent runs")
    func missingRunFolder() async throws {
        let workshop = try AgentWorkshop()
        var launch = workshop.launch("/bin/true")
        launch.runFolder = "/no/such/folder"
        let message = "chant-server supervise: cannot open /no/such/folder: No such file or directory"
        await #expect(throws: SpawnError.supervisorEnded(message: message, code: 74, signal: nil)) {
            try await workshop.start(launch)
        }
    }

    @Test("R29: a supervisor's program that is missing is told by its code")
    func missingSupervisor() async throws {
        let workshop = try AgentWorkshop()
        let spawner = Spawner(supervisorProgram: ["/no/such/program", "supervise"])
        await #expect(throws: SpawnError.supervisorNotStarted(program: "/no/such/program", code: ENOENT)) {
            try await spawner.start(workshop.launch("/bin/true"), deadline: .seconds(10))
        }
    }

    @Test("R29: a supervisor that dies before it says anything is told by its signal")
    func dyingSupervisor() async throws {
        let workshop = try AgentWorkshop()
        let spawner = Spawner(supervisorProgram: ["/bin/sh", "-c", "kill -9 $$"])
        await #expect(throws: SpawnError.supervisorEnded(message: "", code: nil, signal: SIGKILL)) {
            try await spawner.start(workshop.launch("/bin/true"), deadline: .seconds(10))
        }
    }

    @Test("R29: a supervisor that hangs is stopped at the deadline")
    func hangingSupervisor() async throws {
        let workshop = try AgentWorkshop()
        let spawner = Spawner(supervisorProgram: ["/bin/sh", "-c", "echo $$ > \(workshop.folder)/pid; exec sleep 100"])
        await #expect(throws: SpawnError.notInTime(.milliseconds(500))) {
            try await spawner.start(workshop.launch("/bin/true"), deadline: .milliseconds(500))
        }
        let text = String(decoding: SmallFile.read(workshop.folder + "/pid") ?? [], as: UTF8.self)
        let pid = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(ProcessEntry.read(pid) == nil, "killed and reaped")
    }

    @Test("R28: an agent's supervisor is reaped when it ends: no zombies of ours")
    func noZombies() async throws {
        let workshop = try AgentWorkshop()
        let agent = try await workshop.start(shell: "exit 0")
        _ = await waitForEnd(of: agent)
        try await eventually("the supervisor is reaped") { ProcessEntry.read(agent.supervisor.pid) == nil }
    }

    @Test("R29: a supervisor leads a session of its own and keeps nothing of ours open")
    func session() async throws {
        let workshop = try AgentWorkshop()
        let agent = try await workshop.start(shell: "exec sleep 100")
        let pid = agent.supervisor.pid
        #expect(getsid(pid) == pid)
        #expect(SmallFile.link("/proc/\(pid)/cwd") == "/")
        let files = SmallFile.numbers(in: "/proc/\(pid)/fd").compactMap { SmallFile.link("/proc/\(pid)/fd/\($0)") }
        // It looks at its agent's processor time now and then.
        let own = ["/dev/null", workshop.runFolder, "/proc/"]
        #expect(files.allSatisfy { file in own.contains(where: file.hasPrefix) }, "\(files)")
        #expect(askToStop(agent))
        _ = await waitForEnd(of: agent)
    }

    @Test("R29: the end of a supervisor that is no child of ours is waited for")
    func adopted() async throws {
        let workshop = try AgentWorkshop()
        // A service in between that starts the supervisor and is gone.
        let words = [try BuiltProducts.chantServer(), "supervise"]
        let order = SupervisorOrder(workshop.launch("/bin/sh", ["-c", "read line < ../pipe; exit 3"])).commandLine
        #expect(mkfifo(workshop.folder + "/pipe", 0o600) == 0)
        var pid: pid_t = 0
        let script = ["/bin/sh", "-c", "setsid \"$@\" < /dev/null > /dev/null 2>&1 &", "sh"] + words + order
        let mark = ["PATH=/usr/bin:/bin", "CHANT_RUN_ID=\(workshop.runID)"]
        let started = CStrings.with(script) { arguments in
            CStrings.with(mark) { posix_spawn(&pid, "/bin/sh", nil, nil, arguments, $0) }
        }
        try #require(started == 0)
        waitpid(pid, nil, 0)
        try await eventually("the supervisor writes its file") {
            SupervisedAgent.read(runFolder: workshop.runFolder) != nil
        }
        let agent = try #require(SupervisedAgent.read(runFolder: workshop.runFolder))
        #expect(ProcessEntry.read(agent.supervisor.pid)?.parent != getpid())
        async let record = waitForEnd(of: agent)
        let pipe = open(workshop.folder + "/pipe", O_WRONLY)
        close(pipe)
        #expect(await record?.code == 3)
        #expect(await waitForEnd(of: agent)?.code == 3, "and again, long after")
    }

    @Test("R27: one that cannot be verified counts as gone when its heartbeat is old")
    func unverifiable() async throws {
        let workshop = try AgentWorkshop()
        let own = try #require(ProcessIdentity.own)
        let other = ProcessIdentity(pid: own.pid, startTicks: 1, bootID: own.bootID, pidNamespace: "pid:[1]")
        let agent = SupervisedAgent(
            runID: workshop.runID,
            runFolder: workshop.runFolder,
            supervisor: other,
            agent: other,
            startedAt: Date()
        )
        #expect(!askToStop(agent))
        #expect(ProcessTree.figures(of: agent) == nil)
        try Data().write(to: URL(fileURLWithPath: workshop.runFolder + "/heartbeat"))
        let waiting = Task { await waitForEnd(of: agent) }
        let old = [timespec(tv_sec: 1000, tv_nsec: 0), timespec(tv_sec: 1000, tv_nsec: 0)]
        #expect(utimensat(AT_FDCWD, workshop.runFolder + "/heartbeat", old, 0) == 0)
        #expect(await waiting.value == nil)
    }

    @Test("R29: a wait for an end can be given up")
    func cancelledWait() async throws {
        let workshop = try AgentWorkshop()
        let agent = try await workshop.start(shell: "exec sleep 100")
        let waiting = Task { await waitForEnd(of: agent) }
        waiting.cancel()
        #expect(await waiting.value == nil)
        #expect(agent.agent.liveness == .alive, "giving up does not stop the agent")
        #expect(askToStop(agent))
        #expect(await waitForEnd(of: agent)?.by == .asked)
    }

    @Test("R47: fifty at once")
    func fifty() async throws {
        let codes = try await withThrowingTaskGroup { group in
            for index in 0..<50 {
                group.addTask {
                    let workshop = try AgentWorkshop()
                    let script = "echo \(index); exit \(index)"
                    let record = try await workshop.record(of: workshop.launch("/bin/sh", ["-c", script]))
                    #expect(workshop.text("out.log") == "\(index)\n")
                    return record.code ?? -1
                }
            }
            return try await group.reduce(into: [Int32]()) { $0.append($1) }
        }
        #expect(codes.sorted() == Array(0..<50))
    }
}
