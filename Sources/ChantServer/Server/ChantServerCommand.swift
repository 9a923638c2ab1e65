import ArgumentParser
import ChantDomain
import Foundation
import Glibc

/// The program `chant-server`.
///
/// `supervise` is looked for before anything else is touched, and in a function that is not asynchronous: fifty
/// supervisors wait beside fifty agents and must not pay for a command-line parser, and the kernel ties an agent's life
/// to the one thread that started it (`architecture.md` §1.2).
@main
enum Program {
    static func main() {
        if CommandLine.argc > 1, let word = CommandLine.unsafeArgv[1], strcmp(word, "supervise") == 0 {
            exit(AgentSupervisor.run(arguments: Array(CommandLine.arguments.dropFirst(2))))
        }
        Task { await ChantServerCommand.start() }
        dispatchMain()
    }
}

/// The subcommands: the service, what prepares and checks a project, and what the service itself starts.
struct ChantServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chant-server",
        abstract: "Spec-driven work for AI coding agents, as an HTTP service.",
        version: ServiceVersion.text,
        subcommands: [
            ServeCommand.self, InitCommand.self, CheckCommand.self, DemoAgentCommand.self, MergeDriverCommand.self,
        ],
        defaultSubcommand: ServeCommand.self
    )

    /// Parses the command line, runs the subcommand and ends the process with the exit code of the contract.
    fileprivate static func start() async -> Never {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            Glibc.exit(0)
        } catch let failure as StartFailure {
            StandardError.write("chant-server: \(failure.sentence)\n")
            Glibc.exit(failure.code.rawValue)
        } catch {
            exit(withError: error)
        }
    }
}
