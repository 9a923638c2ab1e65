import Foundation

/// What the project's checkout looks like apart from specs and logs, to notice who else changed it meanwhile (R54).
struct CheckoutState: Sendable, Equatable {
    /// HEAD's commit.
    var head: ObjectID?
    /// Each changed or untracked path with its letters, size and time.
    var marks: [String: String]

    /// The paths that look different now.
    func changedPaths(since earlier: CheckoutState) -> [String] {
        Set(marks.keys).union(earlier.marks.keys).filter { marks[$0] != earlier.marks[$0] }.sorted()
    }
}

extension GitClient {
    /// Looks at the project's checkout; costs one `git status`.
    func checkoutState() async throws(GitError) -> CheckoutState {
        var state = CheckoutState(head: try await resolve("HEAD"), marks: [:])
        for entry in try await status(untracked: .folders).entries {
            if repository.isBusy(entry.path) { continue }
            var status = stat()
            lstat("\(repository.checkout)/\(entry.path)", &status)
            let time = "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
            state.marks[entry.path] = "\(entry.index)\(entry.workTree) \(status.st_size) \(time)"
        }
        return state
    }
}
