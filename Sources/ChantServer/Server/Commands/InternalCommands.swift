import ArgumentParser
import ChantDomain
import Foundation
import Glibc

/// `chant-server demo-agent`: the built-in agent of provider `demo` (R66); started by a supervisor.
struct DemoAgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo-agent",
        abstract: "The built-in demo agent; the service starts it.",
        shouldDisplay: false
    )

    @Argument(parsing: .allUnrecognized)
    var rest: [String] = []

    func run() async throws {
        let code = await DemoAgent.run(environment: ProcessInfo.processInfo.environment, arguments: rest)
        throw ExitCode(code)
    }
}
