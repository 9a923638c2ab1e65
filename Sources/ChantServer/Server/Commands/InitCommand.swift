import ArgumentParser
import ChantDomain
import Foundation

/// `chant-server init DIR`: makes a working `.chant`.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a working .chant folder in a git repository.",
        discussion: "Makes what is missing; files that are there stay as they are."
    )

    @Argument(help: ArgumentHelp("The project's folder.", valueName: "DIR"))
    var folder = "."

    func run() async throws {
        let path = URL(fileURLWithPath: folder).standardizedFileURL.path
        let made: [String]
        do {
            made = try await ProjectSetup.make(in: path, environment: ProcessInfo.processInfo.environment)
        } catch {
            throw StartFailure(error)
        }
        let lines = made.isEmpty ? ["Nothing was missing in \(path)/.chant."] : made.map { "made \(path)/\($0)" }
        let next =
            "Next: write a spec below .chant/specs (or POST /specs), commit, and run `chant-server --project \(path)`."
        StandardOutput.write((lines + [next]).joined(separator: "\n") + "\n")
    }
}
