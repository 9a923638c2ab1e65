import Glibc

/// Finds an agent's program.
struct ProgramSearch: Sendable {
    /// The folder that holds `.chant`: relative programs lie there and not in the worktree, so that a branch cannot replace
    /// the agent (R64).
    let projectFolder: String
    /// The service's `PATH`.
    let searchPath: String

    /// The absolute path of `program`, or a sentence that says why there is none.
    func find(_ program: String) -> Result<String, NotFound> {
        if program.contains("/") {
            let path = program.hasPrefix("/") ? program : "\(projectFolder)/\(program)"
            return Self.fault(of: path).map { .failure(NotFound(detail: "\(path) \($0).")) } ?? .success(path)
        }
        // A relative entry would depend on the folder in which the service was started; it is left out.
        let folders = searchPath.split(separator: ":").filter { $0.hasPrefix("/") }
        for folder in folders {
            let path = "\(folder)/\(program)"
            if Self.fault(of: path) == nil { return .success(path) }
        }
        return .failure(NotFound(detail: "no folder of the service's PATH (\(searchPath)) has such a program."))
    }

    struct NotFound: Error, Equatable {
        let detail: String
    }

    private static func fault(of path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            return errno == ENOENT ? "does not exist" : "cannot be looked at (\(String(cString: strerror(errno))))"
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return "is not a file" }
        return access(path, X_OK) == 0 ? nil : "is not executable"
    }
}
