import ArgumentParser
import ChantDomain
import Foundation
import Logging

/// `chant-server check`: says in sentences what is wrong with a project or a machine.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say what would keep a run from working.",
        discussion: "Exit code 1 when an error was found, 0 when there are warnings only."
    )

    @Option(help: ArgumentHelp("The project; without it the nearest folder upwards that has .chant.", valueName: "DIR"))
    var project: String?
    @Option(help: ArgumentHelp("The state folder to look at.", valueName: "D"))
    var stateDir: String?

    @Flag(help: "Read the journal through as well.")
    var journal = false

    func run() async throws {
        var flags: [ServerSetting: String] = [:]
        flags[.project] = project
        flags[.stateFolder] = stateDir
        let settings: DomainSettings
        do throws(StartFailure) {
            let configuration = try ServerConfiguration(
                flags: flags,
                environment: ProcessInfo.processInfo.environment,
                isTerminal: true
            )
            settings = configuration.domainSettings(logger: Logger(label: "chant-server"))
        } catch {
            guard error.code == .configuration else { throw error }
            // That the service would not start with these settings is what was asked for.
            StandardOutput.write("error: \(error.sentence)\n")
            throw ExitCode(1)
        }
        let findings = await ProjectCheck.findings(settings, journal: journal)
        for finding in findings { StandardOutput.write("\(finding.severity.rawValue): \(finding.sentence)\n") }
        if findings.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
    }
}
