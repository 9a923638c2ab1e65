import ArgumentParser
import ChantDomain
import Foundation
import Glibc

/// The program `chant-server`.
///
/// `supervise` is looked for before anything else is touched, and in a function that is not asynchronous: fifty
/// supervisors wait beside fifty agents and must not pay for a command-line parser, and the kernel ties an agent's life
/// to the one thread that started it.
@main
enum Program {
    static func main() {
        if CommandLine.argc > 1, let word = CommandLine.unsafeArgv[1], strcmp(word, "supervise") == 0 {
            exit(AgentSupervisor.run(arguments: Array(CommandLine.arguments.dropFirst(2))))
        }
        StandardStreams.prepare()
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
            try checkSubcommand()
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            Glibc.exit(0)
        } catch let failure as StartFailure {
            StandardError.write("chant-server: \(SecretsOfLog().masked(failure.sentence))\n")
            Glibc.exit(failure.code.rawValue)
        } catch {
            // An error that is not the parser's is one that nobody expected.
            if !(error is ExitCode), exitCode(for: error) == .failure {
                StandardError.write("chant-server: This should not have happened: \(error)\n")
                Glibc.exit(StartFailure.Code.bug.rawValue)
            }
            exit(withError: error)
        }
    }

    /// Refuses a first word that is no subcommand by its nearest name; the parser would only call it unexpected.
    private static func checkSubcommand() throws(StartFailure) {
        let commands = configuration.subcommands.map { $0.configuration }
        let known = commands.filter { $0.shouldDisplay }.compactMap { $0.commandName }
        guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), word != "help" else { return }
        if commands.contains(where: { $0.commandName == word }) { return }
        let hint =
            NearestName.to(word, among: known).map { "did you mean \($0)?" }
            ?? "there are \(known.sorted().joined(separator: ", "))"
        throw StartFailure(.usage, "There is no subcommand “\(word)”; \(hint)")
    }
}
