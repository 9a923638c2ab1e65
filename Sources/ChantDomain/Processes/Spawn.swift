import CLinux
import Foundation

/// What is to be started, and within which limits.
public struct AgentLaunch: Sendable, Equatable {
    /// The run; its mark `CHANT_RUN_ID` is always part of the environment, so that every process can be found (R28).
    public var runID: RunID
    /// Where the supervisor writes; it exists.
    public var runFolder: String
    /// Absolute path of the agent's program.
    public var program: String
    /// Its arguments, without the program itself.
    public var arguments: [String]
    /// Its whole environment.
    public var environment: [String: String]
    /// Where it starts.
    public var workingFolder: String
    /// What the supervisor keeps.
    public var limits: SupervisorLimits
    /// Whether standard error goes to `err.log` instead of `out.log`.
    public var separateErrorFile: Bool

    /// An agent to be started.
    public init(
        runID: RunID,
        runFolder: String,
        program: String,
        arguments: [String],
        environment: [String: String],
        workingFolder: String,
        limits: SupervisorLimits,
        separateErrorFile: Bool
    ) {
        self.runID = runID
        self.runFolder = runFolder
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.workingFolder = workingFolder
        self.limits = limits
        self.separateErrorFile = separateErrorFile
    }
}

/// The limits that a supervisor keeps while nobody looks (R69).
public struct SupervisorLimits: Sendable, Equatable {
    /// How long the agent may run.
    public var wall: Duration
    /// How long it may write nothing and use next to no processor time.
    public var idle: Duration
    /// How long it has to end when it is asked, before it is killed.
    public var stopGrace: Duration
    /// What its output files may hold together.
    public var logBytes: Int

    /// Limits of one agent.
    public init(wall: Duration, idle: Duration, stopGrace: Duration, logBytes: Int) {
        self.wall = wall
        self.idle = idle
        self.stopGrace = stopGrace
        self.logBytes = logBytes
    }
}

/// Why no agent runs.
public enum SpawnError: Error, Sendable, Equatable {
    /// The supervisor's own program could not be executed.
    case supervisorNotStarted(program: String, code: Int32)
    /// The supervisor ended before the agent was there; what it said, and how it ended.
    case supervisorEnded(message: String, code: Int32?, signal: Int32?)
    /// The agent's program could not be executed; `exit.json` says the same.
    case agentNotStarted(message: String)
    /// It took too long; everything of it was stopped.
    case notInTime(Duration)
}

/// Starts agents, each below a supervisor of its own that outlives this process (R29).
public final class Spawner: Sendable {
    /// This program, though its file may have been replaced since: an upgrade must not mix two versions.
    public static let ownProgram = ["/proc/self/exe", "supervise"]

    private let supervisorProgram: [String]

    /// - Parameter supervisorProgram: a program and its first words, after which a supervisor's order is read.
    public init(supervisorProgram: [String] = ownProgram) {
        self.supervisorProgram = supervisorProgram
    }

    /// Starts an agent, and returns when its program is executed and it is on record in `process.json` (R26).
    ///
    /// Goes on to its end though the task is cancelled: a half-started agent would belong to nobody.
    ///
    /// - Parameters:
    ///   - launch: what to start.
    ///   - deadline: how long that may take.
    /// - Returns: the agent and its supervisor.
    /// - Throws: why no agent runs; then nothing of it is left.
    public func start(_ launch: AgentLaunch, deadline: Duration) async throws(SpawnError) -> SupervisedAgent {
        if Effect.isRefused("start \(launch.program)") {
            throw .supervisorNotStarted(program: supervisorProgram[0], code: EIO)
        }
        if let simulated = ProcessWorld.simulated { return try await simulated.start(launch) }
        let end = ContinuousClock.now + deadline
        let words = supervisorProgram + SupervisorOrder(launch).commandLine
        let environment = launch.environment.merging(["CHANT_RUN_ID": launch.runID.text]) { _, mark in mark }
        let child = try await spawn(words, environment: environment)
        defer { close(child.report) }
        guard await ProcessWatch.shared.becomesReadable(child.report, before: end, cancellable: false) else {
            await abandon(child, of: launch.runID)
            throw .notInTime(deadline)
        }
        if let agent = started(launch) {
            ProcessWatch.shared.reapWhenEnded(child.pidfd)
            return agent
        }
        throw await failure(of: child, launch)
    }

    /// A supervisor of ours: its pid, and the pipe that ends when the agent's start is decided.
    private struct Child: Sendable {
        let pid: Int32
        let pidfd: Int32
        let report: Int32
    }

    private func spawn(_ words: [String], environment: [String: String]) async throws(SpawnError) -> Child {
        let result = await PermanentThread.spawning.run { () -> Result<Child, SpawnError> in
            var ends: (Int32, Int32) = (-1, -1)
            let piped = withUnsafeMutablePointer(to: &ends) { pair in
                pair.withMemoryRebound(to: Int32.self, capacity: 2) { clinux_pipe($0) }
            }
            guard piped == 0 else { return .failure(.supervisorNotStarted(program: words[0], code: errno)) }
            defer { close(ends.1) }
            var pidfd: Int32 = -1
            let lines = environment.map { "\($0.key)=\($0.value)" }.sorted()
            // A list of processes should say what it is, not how it was found.
            let name = words[0] == Self.ownProgram[0] ? SmallFile.link(words[0]) : nil
            let pid = CStrings.with([name ?? words[0]] + words.dropFirst()) { arguments in
                CStrings.with(lines) { clinux_spawn(words[0], arguments, $0, ends.1, &pidfd) }
            }
            guard pid > 0 else {
                let code = errno
                close(ends.0)
                return .failure(.supervisorNotStarted(program: words[0], code: code))
            }
            return .success(Child(pid: pid, pidfd: pidfd, report: ends.0))
        }
        return try result.get()
    }

    private func started(_ launch: AgentLaunch) -> SupervisedAgent? {
        guard let agent = SupervisedAgent.read(runFolder: launch.runFolder), agent.runID == launch.runID else {
            return nil
        }
        return ExitRecord.read(runFolder: launch.runFolder)?.by == .startFailed ? nil : agent
    }

    /// Says why, when the supervisor has ended; it does so at once where no agent runs.
    private func failure(of child: Child, _ launch: AgentLaunch) async -> SpawnError {
        let said = SmallFile.read(child.report, limit: 4096) ?? []
        _ = await ProcessWatch.shared.becomesReadable(child.pidfd, before: nil, cancellable: false)
        let ended = reap(child)
        if let message = ExitRecord.read(runFolder: launch.runFolder)?.startError {
            return .agentNotStarted(message: message)
        }
        return .supervisorEnded(
            message: String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines),
            code: ended.code < 0 ? nil : ended.code,
            signal: ended.signal < 0 ? nil : ended.signal
        )
    }

    private func abandon(_ child: Child, of run: RunID) async {
        _ = clinux_pidfd_signal(child.pidfd, SIGKILL)
        _ = await ProcessWatch.shared.becomesReadable(child.pidfd, before: nil, cancellable: false)
        _ = reap(child)
        _ = await ProcessTree.stopMarked(runID: run, grace: .zero)
    }

    private func reap(_ child: Child) -> clinux_ended {
        var ended = clinux_ended(pid: child.pid, code: -1, signal: -1)
        _ = clinux_pidfd_reap(child.pidfd, &ended)
        close(child.pidfd)
        return ended
    }
}

extension SupervisorOrder {
    /// The order that starts `launch`.
    init(_ launch: AgentLaunch) {
        func milliseconds(_ duration: Duration) -> Int64 { max(0, Int64(duration / .milliseconds(1))) }
        self.init(
            runFolder: launch.runFolder,
            run: launch.runID.text,
            workingFolder: launch.workingFolder,
            wall: milliseconds(launch.limits.wall),
            idle: milliseconds(launch.limits.idle),
            stopGrace: milliseconds(launch.limits.stopGrace),
            logBytes: Int64(launch.limits.logBytes),
            separateErrors: launch.separateErrorFile,
            program: launch.program,
            arguments: launch.arguments
        )
    }
}
