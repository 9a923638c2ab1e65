import Glibc
import Subprocess
import SystemPackage

/// Runs short commands through swift-subprocess.
///
/// Each one leads a process group of its own, so that its time limit and a cancellation reach everything that it started:
/// TERM to the group, `grace`, then KILL to the group.
public struct SubprocessRunner: ProcessRunner {
    /// The time between TERM and KILL: git needs it to remove its lock files.
    public var grace: Duration

    /// A runner that gives stopped programs `grace` to clean up.
    public init(grace: Duration = .seconds(2)) {
        self.grace = grace
    }

    private enum Step: Sendable {
        case ended(Result<Ended, CommandError>)
        case timeIsUp
        case noTimer
    }

    private struct Ended: Sendable {
        var result: CommandResult
        var group: pid_t
    }

    /// Runs `command` to its end, or to the end of its time.
    public func run(_ command: Command) async throws(CommandError) -> CommandResult {
        if Effect.isRefused("run \(([command.program] + command.arguments).joined(separator: " "))") {
            throw .cannotRun(program: command.program, detail: "Input/output error")
        }
        var timedOut = false
        let outcome = await withTaskGroup(of: Step.self, returning: Result<Ended, CommandError>?.self) { group in
            group.addTask { .ended(await self.execute(command)) }
            group.addTask { (try? await Task.sleep(for: command.timeLimit)) == nil ? .noTimer : .timeIsUp }
            var outcome: Result<Ended, CommandError>?
            for await step in group {
                switch step {
                case .ended(let result): outcome = result
                case .timeIsUp: timedOut = outcome == nil
                case .noTimer: break
                }
                group.cancelAll()
            }
            return outcome
        }
        guard let outcome else { throw .cannotRun(program: command.program, detail: "no outcome") }
        var ended = try outcome.get()
        ended.result.timedOut = timedOut
        if timedOut || Task.isCancelled { await killStragglers(of: ended.group) }
        return ended.result
    }

    private func execute(_ command: Command) async -> Result<Ended, CommandError> {
        do {
            guard let bytes = command.input else { return .success(try await start(command, input: .none)) }
            // A file, not a pipe: a program that dies before it has read everything must not send us SIGPIPE.
            let input = try InputFile.holding(bytes)
            return .success(
                try await start(command, input: .fileDescriptor(input, closeAfterSpawningProcess: true))
            )
        } catch let error as CommandError {
            return .failure(error)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            return .failure(.notFound(program: command.program))
        } catch {
            return .failure(.cannotRun(program: command.program, detail: "\(error)"))
        }
    }

    private func start(_ command: Command, input: some InputProtocol) async throws -> Ended {
        var options = PlatformOptions()
        // A session's leader leads a group as well.
        if command.hasOwnSession { options.createSession = true } else { options.processGroupID = 0 }
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: grace)]
        var environment: [Environment.Key: String] = [:]
        for (name, value) in command.environment { environment[Environment.Key(stringLiteral: name)] = value }
        let result = try await Subprocess.run(
            command.program.contains("/") ? .path(FilePath(command.program)) : .name(command.program),
            arguments: Arguments(command.arguments),
            environment: .custom(environment),
            workingDirectory: FilePath(command.folder),
            platformOptions: options,
            input: input,
            output: .sequence,
            error: .sequence
        ) { execution in
            async let output = Self.collect(execution.standardOutput, for: command)
            async let error = Self.collect(execution.standardError, for: command)
            return try await (output, error)
        }
        let exit: CommandResult.Exit =
            switch result.terminationStatus {
            case .exited(let code): .code(code)
            case .signaled(let signal): .signal(signal)
            }
        return Ended(
            result: CommandResult(exit: exit, output: result.closureResult.0, error: result.closureResult.1),
            group: result.processIdentifier.value
        )
    }

    private static func collect(_ stream: SubprocessOutputSequence, for command: Command) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await buffer in stream {
            guard bytes.count + buffer.count <= command.outputLimit else {
                throw CommandError.outputLimit(program: command.program, bytes: command.outputLimit)
            }
            buffer.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// Ends what is left of the group of a stopped program whose leader has already gone.
    ///
    /// They had TERM together with the leader. As long as one of them lives the kernel gives their group's number to nobody
    /// else. A cancelled caller does not wait for them to clean up.
    private func killStragglers(of group: pid_t) async {
        let end = ContinuousClock.now + grace
        while kill(-group, 0) == 0, ContinuousClock.now < end {
            guard (try? await Task.sleep(for: .milliseconds(10))) != nil else { break }
        }
        _ = kill(-group, SIGKILL)
    }
}

/// A file without a name that holds a program's standard input.
private enum InputFile {
    static func holding(_ bytes: [UInt8]) throws -> FileDescriptor {
        var template = Array("\(folder)/chant-input-XXXXXX".utf8CString)
        let number = mkstemp(&template)
        guard number >= 0 else { throw Errno(rawValue: errno) }
        let file = FileDescriptor(rawValue: number)
        unlink(template)
        do {
            guard fcntl(number, F_SETFD, FD_CLOEXEC) == 0 else { throw Errno(rawValue: errno) }
            try file.writeAll(bytes)
            try file.seek(offset: 0, from: .start)
        } catch {
            try? file.close()
            throw error
        }
        return file
    }

    private static var folder: String {
        guard let value = getenv("TMPDIR"), value.pointee != 0 else { return "/tmp" }
        return String(cString: value)
    }
}
