import Foundation

/// The merge driver that git calls for spec files: today the text merge that git would do itself.
///
/// It exists from the first version on, because the service's git names it; the merge by keys comes with the parity of
/// the original's other commands. A run's own spec file never depends on it: the finishing commit replaces that path.
public enum SpecMergeDriver {
    /// Merges three files and writes the result over `ours`.
    ///
    /// - Returns: whether a conflict is left in it.
    /// - Throws: `CommandError` when git cannot be run.
    public static func merge(
        base: String,
        ours: String,
        theirs: String,
        environment: [String: String]
    ) async throws -> Bool {
        let command = Command(
            "git",
            ["merge-file", "-q", "-L", "ours", "-L", "base", "-L", "theirs", "--", ours, base, theirs],
            folder: FileManager.default.currentDirectoryPath,
            environment: environment,
            timeLimit: .seconds(30)
        )
        switch try await SubprocessRunner().run(command).exit {
        case .code(0): return false
        case .code, .signal: return true
        }
    }
}
