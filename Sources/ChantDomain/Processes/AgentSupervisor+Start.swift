import CLinux
import Glibc

extension AgentSupervisor {
    /// Starts the agent: nothing of it runs before both identities are in `process.json` (R26).
    ///
    /// - Returns: what watches it; `nil` where the program could not be executed, which is on record then.
    static func start(
        _ order: SupervisorOrder,
        _ folder: SupervisorFolder
    ) throws(SupervisorFailure) -> AgentSupervisor? {
        var gate: Int32 = -1
        var report: Int32 = -1
        let pid = fork(order, folder, &gate, &report)
        guard pid > 0 else { throw SupervisorFailure(what: "cannot start a process", code: errno) }
        let startedAt = SupervisorClock.now
        defer { close(report) }
        do throws(SupervisorFailure) {
            defer { close(gate) }
            try folder.writeProcess(processText(order, agent: pid, startedAt: startedAt))
            _ = SmallFile.write([1], to: gate)
        } catch {
            // The gate closed without a word: the child ends.
            waitpid(pid, nil, 0)
            throw error
        }
        let failure = SmallFile.read(report, limit: 4) ?? []
        guard failure.count == 4 else { return AgentSupervisor(order, folder, agent: pid, startedAt: startedAt) }
        waitpid(pid, nil, 0)
        let code = failure.withUnsafeBytes { $0.loadUnaligned(as: Int32.self) }
        try folder.writeExit(notStartedText(order, code, startedAt: startedAt))
        return nil
    }

    private static func fork(
        _ order: SupervisorOrder,
        _ folder: SupervisorFolder,
        _ gate: inout Int32,
        _ report: inout Int32
    ) -> Int32 {
        order.program.withCString { program in
            order.workingFolder.withCString { workingFolder in
                CStrings.with([order.program] + order.arguments) { arguments in
                    var agent = clinux_agent(
                        path: program,
                        arguments: arguments,
                        folder: workingFolder,
                        output: folder.output,
                        error: folder.errors,
                        oom_score: 500
                    )
                    return clinux_fork_agent(&agent, &gate, &report)
                }
            }
        }
    }

    private static func processText(
        _ order: SupervisorOrder,
        agent: Int32,
        startedAt: Int64
    ) throws(SupervisorFailure) -> String {
        guard let own = ProcessIdentity.own, let identity = ProcessIdentity.of(pid: agent) else {
            throw SupervisorFailure(what: "cannot read /proc", code: ENOENT)
        }
        return SupervisorJSON.object([
            ("version", "1"), ("run", SupervisorJSON.string(order.run)),
            ("supervisor", SupervisorJSON.identity(own)), ("agent", SupervisorJSON.identity(identity)),
            ("started_at", SupervisorJSON.string(SupervisorClock.text(startedAt))),
        ])
    }

    private static func notStartedText(_ order: SupervisorOrder, _ code: Int32, startedAt: Int64) -> String {
        let text: String =
            if code < 0 {
                SupervisorFailure(what: "cannot start in \(order.workingFolder)", code: -code).text
            } else if code == ENOENT, access(order.program, F_OK) == 0 {
                "cannot execute \(order.program): the interpreter that its first line names is missing"
            } else {
                SupervisorFailure(what: "cannot execute \(order.program)", code: code).text
            }
        return recordText(
            startedAt: startedAt,
            endedAt: SupervisorClock.now,
            by: .startFailed,
            ended: nil,
            leftovers: 0,
            startError: text
        )
    }
}
