/// Files of a commit, for who wants to see a message before there is a worktree.
struct CommitSources: PromptSources {
    private var files: [String: [UInt8]] = [:]

    /// No files at all.
    init() {}

    /// Reads what a spec names from a commit; what is no regular file there is left out.
    ///
    /// - Parameters:
    ///   - paths: seen from the project's folder.
    ///   - commit: where they are read.
    ///   - git: the project's repository.
    init(_ paths: [String], in commit: ObjectID, _ git: GitClient) async {
        for path in paths where files[path] == nil {
            guard let place = Self.place(of: path, below: git.repository.prefix),
                let entry = try? await git.treeEntries([place], in: commit)[place], entry.isRegularFile
            else { continue }
            files[path] = try? await git.blob(entry.blob)
        }
    }

    func beginning(of path: String, limit: Int) -> FileBeginning? {
        files[path].map { FileBeginning(bytes: Array($0.prefix(limit)), size: $0.count) }
    }

    /// The path inside the repository; `nil` where it leads out of it.
    private static func place(of path: String, below prefix: String) -> String? {
        guard !path.hasPrefix("/"), !path.utf8.contains(0) else { return nil }
        var parts: [Substring] = []
        for part in (prefix + path).split(separator: "/") where part != "." {
            if part == "..", parts.popLast() == nil { return nil }
            if part != ".." { parts.append(part) }
        }
        return parts.isEmpty ? nil : parts.joined(separator: "/")
    }
}
