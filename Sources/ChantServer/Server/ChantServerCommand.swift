import ArgumentParser
import ChantDomain
import Glibc

/// The program `chant-server`: the service, what prepares and checks a project, and what the service itself starts.
@main
struct ChantServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chant-server",
        abstract: "Spec-driven work for AI coding agents, as an HTTP service.",
        version: ServiceVersion.text,
        subcommands: [ServeCommand.self, InitCommand.self, CheckCommand.self, DemoAgentCommand.self, MergeDriverCommand.self],
        defaultSubcommand: ServeCommand.self
    )

    /// Starts the subcommand.
    ///
    /// `supervise` is looked for before anything else is touched: fifty supervisors wait beside fifty agents,
    /// and must not pay for a command-line parser (`architecture.md` §1.2).
    static func main() async {
        if CommandLine.argc > 1, let word = CommandLine.unsafeArgv[1], strcmp(word, "supervise") == 0 {
            exit(AgentSupervisor.run(arguments: Array(CommandLine.arguments.dropFirst(2))))
        }
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as StartFailure {
            StandardError.write("chant-server: \(failure.sentence)\n")
            exit(failure.code.rawValue)
        } catch {
            exit(withError: error)
        }
    }
}
