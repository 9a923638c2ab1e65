import Glibc

/// The agent that needs no model and no key: what `chant-server demo-agent` does (R66).
///
/// It behaves like a real one: it reads the variables of its run, writes progress as it goes, edits a file in the worktree,
/// ticks the criteria in its copy of the spec and commits. `DemoSettings` says how it can be made slow or wrong.
public struct DemoAgent: Sendable {
    let environment: [String: String]
    /// The folder that it works in.
    let folder: String
    let runner: any ProcessRunner
    /// Writes to standard output at once.
    let write: @Sendable ([UInt8]) -> Void

    /// Runs the demo agent in this process's folder, with this process's output.
    ///
    /// - Parameters:
    ///   - environment: the process's environment.
    ///   - arguments: what follows `demo-agent`; nothing is expected.
    /// - Returns: the exit code: 0, what `CHANT_DEMO_FAIL` says, 64 where the environment is no run's, 70 where git fails.
    public static func run(environment: [String: String], arguments: [String]) async -> Int32 {
        guard arguments.isEmpty else {
            complain("the demo agent takes no arguments; it is configured by CHANT_DEMO_* variables")
            return EX_USAGE
        }
        guard let folder = getcwd(nil, 0) else {
            complain("the working folder is gone")
            return EX_OSERR
        }
        defer { free(folder) }
        let agent = DemoAgent(
            environment: environment,
            folder: String(cString: folder),
            runner: SubprocessRunner(),
            write: { write($0, to: STDOUT_FILENO) }
        )
        return await agent.run()
    }

    /// Does the demo's work.
    ///
    /// - Returns: the exit code.
    func run() async -> Int32 {
        do {
            let settings = try DemoSettings(environment)
            let task = try DemoTask(environment: environment, folder: folder)
            try await work(on: task, as: settings)
            say("done, exit code \(settings.exitCode)")
            return settings.exitCode
        } catch let fault as DemoSettings.Fault {
            Self.complain(fault.detail)
            return EX_USAGE
        } catch {
            Self.complain("\(error)")
            return EX_SOFTWARE
        }
    }

    private func work(on task: DemoTask, as settings: DemoSettings) async throws {
        if settings.ignoresTerm { signal(SIGTERM, SIG_IGN) }
        say("demo agent, attempt \(task.attempt) of run \(task.runID)")
        say("spec \(task.specID): \(task.title)")
        say("prompt of \(task.promptBytes) bytes read, branch \(task.branch)")
        if settings.leavesGrandchild { say("left process \(try DemoGrandchild.start()) in a session of its own") }
        for step in 0..<settings.steps {
            try await Task.sleep(for: settings.delay)
            try task.append("- step \(step + 1) of run \(task.runID)", to: task.file)
            say("step \(step + 1) of \(settings.steps): wrote to \(task.file)")
        }
        if settings.steps == 0 { try task.append("- run \(task.runID)", to: task.file) }
        pour(settings.outputBytes)
        if settings.hangs { try await hang() }
        if settings.ticksCriteria { say("ticked \(try task.tickCriteria()) criteria in \(task.specFile)") }
        if let path = settings.touch { try task.append("touched by run \(task.runID)", to: path) }
        if settings.commits { say("committed \(try await commit(task, settings))") }
        if settings.leavesDirty { try task.append("- left uncommitted", to: task.file) }
    }

    /// Silent and idle until somebody stops it.
    private func hang() async throws {
        say("hanging until it is stopped")
        while true { try await Task.sleep(for: .seconds(3600)) }
    }

    private func commit(_ task: DemoTask, _ settings: DemoSettings) async throws -> String {
        let git = DemoGit(runner: runner, folder: folder, environment: environment)
        var paths = [task.file] + [settings.touch].compactMap { $0 }
        if settings.ticksCriteria, try await !git.ignores(task.specFile) { paths.append(task.specFile) }
        return try await git.commit(paths, message: "chant(\(task.specID)): \(task.title)")
    }

    /// Lines of 80 bytes, `count` bytes in all.
    private func pour(_ count: Int) {
        let line = Array(repeating: UInt8(ascii: "."), count: 79) + [UInt8(ascii: "\n")]
        let block = Array(repeatElement(line, count: 800).joined())
        var left = count
        while left > 0 {
            write(Array(block.prefix(left)))
            left -= block.count
        }
    }

    private func say(_ line: String) { write(Array("\(line)\n".utf8)) }

    private static func complain(_ line: String) { write(Array("demo agent: \(line)\n".utf8), to: STDERR_FILENO) }

    /// Straight to the descriptor, so that each line is there as soon as it is said.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno != EINTR { return }
            rest = rest.dropFirst(max(0, written))
        }
    }
}
