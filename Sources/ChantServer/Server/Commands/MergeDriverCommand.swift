import ArgumentParser
import ChantDomain
import Foundation
import Glibc

/// `chant-server merge-driver %O %A %B`: how git merges a spec file that both sides changed (R63).
struct MergeDriverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge-driver",
        abstract: "Merge a spec file; git calls it.",
        discussion: "Writes the merged file over OURS; exit code 1 where a conflict is left in it.",
        shouldDisplay: false
    )

    @Argument(help: ArgumentHelp("The common ancestor's version.", valueName: "BASE"))
    var base: String
    @Argument(help: ArgumentHelp("Our version, which becomes the merged one.", valueName: "OURS"))
    var ours: String
    @Argument(help: ArgumentHelp("Their version.", valueName: "THEIRS"))
    var theirs: String

    func run() async throws {
        let conflicted: Bool
        do {
            conflicted = try await SpecMergeDriver.merge(
                base: base,
                ours: ours,
                theirs: theirs,
                environment: ProcessInfo.processInfo.environment
            )
        } catch {
            throw StartFailure(.bug, "\(error)")
        }
        if conflicted { throw ExitCode(1) }
    }
}
