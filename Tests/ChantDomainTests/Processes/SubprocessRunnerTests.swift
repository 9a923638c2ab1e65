import ChantDomain
import ChantTesting
import Foundation
import Testing

@Suite("SubprocessRunner")
struct SubprocessRunnerTests {
    let runner = SubprocessRunner(grace: .milliseconds(300))

    private func shell(_ script: String, environment: [String: String] = ["PATH": "/usr/bin:/bin"]) -> Command {
        Command("/bin/sh", ["-c", script], folder: "/", environment: environment)
    }

    @Test("both streams and the exit code come back as they were, damaged bytes included")
    func streams() async throws {
        let result = try await runner.run(shell(#"printf 'a\377b'; printf 'e\000f' >&2; exit 7"#))
        #expect(result == CommandResult(exit: .code(7), output: [0x61, 0xFF, 0x62], error: [0x65, 0, 0x66]))
    }

    @Test("the environment is exactly the one given")
    func environment() async throws {
        let command = Command("/usr/bin/env", ["-0"], folder: "/", environment: ["ONLY": "this = ä"])
        #expect(try await runner.run(command).output == Array("ONLY=this = ä\0".utf8))
    }

    @Test("input larger than a pipe arrives whole")
    func input() async throws {
        var command = Command("/bin/cat", [], folder: "/", environment: [:])
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        command.input = bytes
        #expect(try await runner.run(command).output == bytes)
    }

    @Test("a program that does not read its input ends as it wants")
    func unreadInput() async throws {
        var command = shell("exit 3")
        command.input = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(try await runner.run(command).exit == .code(3))
    }

    @Test("without input it reads the null device")
    func noInput() async throws {
        #expect(try await runner.run(shell("cat; echo end")).output == Array("end\n".utf8))
    }

    @Test("the folder is where it runs, and names are looked up in the given PATH")
    func folder() async throws {
        let command = Command("pwd", [], folder: "/usr", environment: ["PATH": "/bin"])
        #expect(try await runner.run(command).output == Array("/usr\n".utf8))
    }

    @Test("its time limit stops the whole group, also what ignores TERM")
    func timeLimit() async throws {
        var command = shell(#"trap '' TERM; (trap '' TERM; echo $$; exec sleep 300) & echo $!; wait"#)
        command.timeLimit = .milliseconds(300)
        let result = try await runner.run(command)
        #expect(result.timedOut)
        #expect(result.exit == .signal(SIGKILL))
        let child = try #require(String(decoding: result.output, as: UTF8.self).split(separator: "\n").last)
        try await eventually("child \(child) gone") { Self.isGone(String(child)) }
    }

    @Test("a child that outlives its leader past the time limit is stopped, too")
    func stragglers() async throws {
        var command = shell(#"(trap '' TERM; exec sleep 300) >/dev/null 2>&1 & echo $!; exec sleep 300"#)
        command.timeLimit = .milliseconds(300)
        let result = try await runner.run(command)
        #expect(result.timedOut)
        #expect(result.exit == .signal(SIGTERM))
        let child = try #require(String(decoding: result.output, as: UTF8.self).split(separator: "\n").last)
        try await eventually("child \(child) gone") { Self.isGone(String(child)) }
    }

    @Test("a cancelled call returns the signal")
    func cancelled() async throws {
        let task = Task { try await runner.run(shell("trap '' TERM; exec sleep 300")) }
        task.cancel()
        let result = try await task.value
        guard case .signal = result.exit else { throw CommandError.cannotRun(program: "sh", detail: "\(result)") }
        #expect(!result.timedOut)
    }

    @Test("too much output is an error and stops the program")
    func outputLimit() async throws {
        var command = shell("yes")
        command.outputLimit = 100_000
        await #expect(throws: CommandError.outputLimit(program: "/bin/sh", bytes: 100_000)) {
            try await runner.run(command)
        }
    }

    @Test(
        "a missing program and a missing folder are told apart from failing ones",
        arguments: ["/no/such", "no-such"]
    )
    func missing(program: String) async throws {
        let command = Command(program, [], folder: "/", environment: ["PATH": "/bin"])
        await #expect(throws: CommandError.notFound(program: program)) { try await runner.run(command) }
        let lost = Command("/bin/true", [], folder: "/no/such/folder", environment: [:])
        await #expect(throws: CommandError.self) { try await runner.run(lost) }
    }

    private static func isGone(_ pid: String) -> Bool {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return true }
        return stat.split(separator: ")").last?.split(separator: " ").first == "Z"
    }
}
