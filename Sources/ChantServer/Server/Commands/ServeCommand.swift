import ArgumentParser
import Foundation
import Glibc

/// `chant-server serve`: the service.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a project over HTTP (the default).",
        discussion: """
            A flag wins over its environment variable (CHANT_SERVER_…), that over the file. \
            docs/operations.md explains each, and the exit codes.
            """
    )

    @Option(
        help: ArgumentHelp(
            "The project; without it the nearest folder upwards that has .chant.",
            valueName: "[NAME=]DIR"
        )
    )
    var project: [String] = []
    @Option(
        help: ArgumentHelp("Where to listen; port 0 is any free one (default 127.0.0.1:24268).", valueName: "HOST:PORT")
    )
    var listen: String?
    @Option(
        help: ArgumentHelp("A name by which clients may call the service; may be repeated.", valueName: "NAME")
    )
    var host: [String] = []
    @Option(help: ArgumentHelp("File that gets the port once the service is ready.", valueName: "F"))
    var portFile: String?
    @Option(help: ArgumentHelp("Folder for journal and runs.", valueName: "D"))
    var stateDir: String?
    @Option(help: ArgumentHelp("Folder for worktrees (default: below the state folder).", valueName: "D"))
    var worktreesDir: String?
    @Option(help: ArgumentHelp("How many runs execute at once (default 4).", valueName: "N"))
    var workers: String?
    @Option(
        help: ArgumentHelp(
            "What becomes of running agents when the service stops: detach (they go on and the next start adopts "
                + "them; the default), drain (it waits for them) or stop.",
            valueName: "MODE"
        )
    )
    var onStop: String?
    @Option(help: ArgumentHelp("text or json (default: text on a terminal, else json).", valueName: "FORMAT"))
    var logFormat: String?
    @Option(
        help: ArgumentHelp("trace, debug, info, notice, warning, error or critical (default info).", valueName: "LEVEL")
    )
    var logLevel: String?
    @Option(help: ArgumentHelp("YAML file with the same settings.", valueName: "FILE"))
    var config: String?

    func run() async throws {
        let configuration = try ServerConfiguration(
            flags: flags(),
            environment: ProcessInfo.processInfo.environment,
            isTerminal: isatty(2) == 1
        )
        try await Server(configuration).run()
    }

    private func flags() throws(StartFailure) -> [ServerSetting: String] {
        guard project.count < 2 else {
            throw StartFailure(.usage, "--project: this version serves one project; several come later")
        }
        let given: [ServerSetting: String?] = [
            .project: project.first, .listen: listen,
            .hosts: host.isEmpty ? nil : host.joined(separator: ","), .portFile: portFile, .stateFolder: stateDir,
            .worktreesFolder: worktreesDir, .workers: workers, .onStop: onStop,
            .logFormat: logFormat, .logLevel: logLevel,
            .configurationFile: config,
        ]
        return given.compactMapValues(\.self)
    }
}
