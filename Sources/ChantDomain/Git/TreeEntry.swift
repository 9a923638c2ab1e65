/// A file in a tree or in the index.
struct TreeEntry: Sendable, Hashable {
    /// Like `100644`.
    var mode: String
    /// Its contents.
    var blob: ObjectID

    /// Whether it is neither a link nor a submodule.
    var isRegularFile: Bool { mode.hasPrefix("100") }
}

/// One path of the index, as it was before it was changed; what is needed to put it back.
public struct IndexEntry: Codable, Sendable, Hashable {
    /// The path inside the repository.
    public var path: String
    /// Like `100644`; `nil` where the index had no entry.
    public var mode: String?
    /// The entry's contents; `nil` where the index had no entry.
    public var blob: ObjectID?
}

extension GitClient {
    /// The entries of a tree for these paths; what is not there is left out.
    func treeEntries(_ paths: [String], in tree: ObjectID) async throws(GitError) -> [String: TreeEntry] {
        guard !paths.isEmpty else { return [:] }
        let answer = try await run(["ls-tree", "-r", "-z", "--full-tree", tree.hex, "--"] + paths)
        var entries: [String: TreeEntry] = [:]
        for field in answer.fields {
            // <mode> <type> <object>\t<path>
            guard let tab = field.firstIndex(of: "\t") else { throw .malformed("ls-tree: \(field)") }
            let words = field[..<tab].split(separator: " ")
            guard words.count == 3, let blob = ObjectID(words[2]) else { throw .malformed("ls-tree: \(field)") }
            let path = String(field[field.index(after: tab)...])
            if paths.contains(path) { entries[path] = TreeEntry(mode: String(words[0]), blob: blob) }
        }
        return entries
    }

    /// The entries of the project's index for these paths; a path amid a conflict has several.
    func indexEntries(_ paths: [String]) async throws(GitError) -> [String: [TreeEntry]] {
        guard !paths.isEmpty else { return [:] }
        let answer = try await run(
            ["ls-files", "--stage", "-z", "--full-name", "--"] + paths,
            environment: ["GIT_LITERAL_PATHSPECS": "1"]
        )
        var entries: [String: [TreeEntry]] = [:]
        for field in answer.fields {
            // <mode> <object> <stage>\t<path>
            guard let tab = field.firstIndex(of: "\t") else { throw .malformed("ls-files: \(field)") }
            let words = field[..<tab].split(separator: " ")
            guard words.count == 3, let blob = ObjectID(words[1]) else { throw .malformed("ls-files: \(field)") }
            let path = String(field[field.index(after: tab)...])
            entries[path, default: []].append(TreeEntry(mode: String(words[0]), blob: blob))
        }
        return entries
    }

    /// Sets entries of an index without looking at the files.
    ///
    /// - Parameters:
    ///   - entries: what to set; one without contents is removed.
    ///   - index: the index file; `nil` is the project's.
    /// - Throws: `GitError`.
    func setIndexEntries(_ entries: [IndexEntry], index: String? = nil) async throws(GitError) {
        guard let format = entries.compactMap(\.blob).first else {
            let paths = entries.flatMap { entry -> [UInt8] in Array(entry.path.utf8) + [0] }
            try await run(
                ["update-index", "--force-remove", "-z", "--stdin"],
                environment: index.map { ["GIT_INDEX_FILE": $0] } ?? [:],
                input: paths
            )
            return
        }
        let lines = entries.flatMap { entry -> [UInt8] in
            guard let mode = entry.mode, let blob = entry.blob else {
                return Array("0 \(format.zero.hex)\t\(entry.path)\0".utf8)
            }
            return Array("\(mode) \(blob.hex)\t\(entry.path)\0".utf8)
        }
        try await run(
            ["update-index", "--add", "-z", "--index-info"],
            environment: index.map { ["GIT_INDEX_FILE": $0] } ?? [:],
            input: lines
        )
    }
}
