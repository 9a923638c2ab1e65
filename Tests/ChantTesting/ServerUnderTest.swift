import Glibc

/// The built `chant-server`, serving a test's project on a free port.
package final class ServerUnderTest: Sendable {
    /// It did not get ready; its log says why.
    package struct NotReady: Error, CustomStringConvertible {
        let exit: ChildProgram.Exit?
        let log: String

        package var description: String { "the service is not ready (exit: \(String(describing: exit))): \(log)" }
    }

    package let project: DemoProject
    package let program: ChildProgram
    package let client: HTTPClient
    private let number: String

    /// Starts the service and waits until it is ready.
    ///
    /// - Parameters:
    ///   - project: the project to serve.
    ///   - flags: further flags of `serve`.
    ///   - environment: further variables of the service.
    ///   - wrapper: a program and its words that become the service.
    /// - Throws: `NotReady`, with its log.
    package init(
        _ project: DemoProject,
        flags: [String] = [],
        environment: [String: String] = [:],
        wrapper: [String] = []
    ) async throws {
        let number = String(UInt32.random(in: 0...UInt32.max), radix: 16)
        let program = try Self.launch(
            project,
            number,
            flags: flags,
            environment: environment,
            wrapper: wrapper
        )
        let portFile = "\(project.folder)/port-\(number)"
        let log = { (try? project.text(atPath: "\(project.folder)/server-\(number).err")) ?? "" }
        do {
            try await eventually("the service's port file", within: .seconds(60)) {
                project.exists(portFile) || program.ended() != nil
            }
        } catch {
            program.send(SIGKILL)
            throw NotReady(exit: nil, log: log())
        }
        guard let text = try? project.text(atPath: portFile), let port = Int(text.filter(\.isNumber)) else {
            throw NotReady(exit: program.ended(), log: log())
        }
        self.project = project
        self.program = program
        self.number = number
        client = HTTPClient(port: port)
    }

    deinit { program.send(SIGKILL) }

    /// Starts the service without waiting for anything, for tests of starts that are refused.
    ///
    /// - Parameters:
    ///   - project: the project.
    ///   - number: names the files of its output and its port.
    ///   - flags: further flags of `serve`; one that repeats a flag of the test's wins.
    ///   - environment: further variables of the service.
    ///   - wrapper: a program and its words that become the service.
    /// - Returns: the started program.
    /// - Throws: `ChildProgram.NotStarted`, or that it was not built.
    package static func launch(
        _ project: DemoProject,
        _ number: String,
        flags: [String] = [],
        environment: [String: String] = [:],
        wrapper: [String] = []
    ) throws -> ChildProgram {
        var arguments = wrapper.dropFirst() + (wrapper.isEmpty ? [] : [try BuiltProducts.chantServer()]) + ["serve"]
        let defaults = [
            ("--project", project.checkout), ("--listen", "127.0.0.1:0"), ("--state-dir", project.state),
            ("--worktrees-dir", project.worktrees), ("--port-file", "\(project.folder)/port-\(number)"),
            // No agent is left behind.
            ("--on-stop", "stop"),
        ]
        for (flag, value) in defaults where !flags.contains(flag) { arguments += [flag, value] }
        return try ChildProgram(
            wrapper.first ?? BuiltProducts.chantServer(),
            arguments + flags,
            environment: project.environment.merging(environment) { _, extra in extra },
            folder: project.checkout,
            output: "\(project.folder)/server-\(number).out",
            error: "\(project.folder)/server-\(number).err"
        )
    }

    /// What the service has written about itself, without the lines of single requests.
    package var log: String {
        let text = (try? project.text(atPath: "\(project.folder)/server-\(number).err")) ?? ""
        return text.split(separator: "\n").filter { !$0.contains("\"message\":\"request\"") }.joined(separator: "\n")
    }

    /// What the service has written to its standard output.
    package var output: String {
        (try? project.text(atPath: "\(project.folder)/server-\(number).out")) ?? ""
    }

    /// Asks the service to stop and waits for its end.
    package func stop(within limit: Duration = .seconds(30)) async throws -> ChildProgram.Exit {
        program.send(SIGTERM)
        return try await program.waitForEnd(within: limit)
    }

    /// Kills the service, as a crash would.
    package func crash() async throws {
        program.send(SIGKILL)
        _ = try await program.waitForEnd()
    }

    // MARK: What most tests ask for

    /// Posts work on a spec.
    ///
    /// - Returns: the run as it was accepted.
    package func work(_ spec: String, _ options: String = "") async throws -> JSON {
        let answer = try await client.post("/specs/\(spec)/work", options)
        guard answer.status == 202 else { throw HTTPClient.Unexpected(answer: answer, expected: 202) }
        return answer.json
    }

    /// The run once it fulfils something; a run that is settled before it does is a failure at once.
    package func run(
        _ id: String,
        within limit: Duration = .seconds(60),
        until fact: (JSON) -> Bool
    ) async throws -> JSON {
        var last = JSON.null
        do {
            try await eventually("run \(id)", within: limit) {
                last = try await client.json("/runs/\(id)")
                return fact(last) || last["state"].text == "settled"
            }
        } catch let error as NotInTime {
            throw HTTPConnection.Failure(description: "\(error.description), but \(last)")
        }
        guard fact(last) else { throw HTTPConnection.Failure(description: "settled too early: \(last)") }
        return last
    }

    /// The run with its outcome.
    package func settled(_ run: JSON, within limit: Duration = .seconds(60)) async throws -> JSON {
        try await self.run(run["id"].text ?? "", within: limit) { $0["state"].text == "settled" }
    }

    /// The run once its agent has printed something.
    package func agentAtWork(_ run: JSON) async throws -> JSON {
        let id = run["id"].text ?? ""
        _ = try await self.run(id) { $0["state"].text == "running" }
        try await eventually("output of \(id)") {
            let log = try await client.get("/runs/\(id)/log?follow=0")
            return log.status == 200 && !log.body.isEmpty
        }
        return try await client.json("/runs/\(id)")
    }
}
