/// One file of a difference between two commits.
public struct DiffFile: Sendable, Equatable {
    /// What happened to it.
    public enum Status: String, Sendable, CaseIterable {
        case added
        case modified
        case deleted
        case renamed
        /// For example from a file to a link.
        case typeChanged = "type_changed"
    }

    /// The path now; of a deleted file, the one that it had.
    public var path: String
    /// The path before, of a renamed file.
    public var oldPath: String?
    /// What happened.
    public var status: Status
    /// How many lines were added; `nil` for a binary file.
    public var additions: Int?
    /// How many lines were removed; `nil` for a binary file.
    public var deletions: Int?
    /// Whether git sees no text in it.
    public var isBinary: Bool { additions == nil }
    /// Whether its patch is left out, because all patches together would be too large.
    public var isTruncated = false
    /// Its part of the unified diff; `nil` where that is left out.
    public var patch: [UInt8]?
}

/// A difference between two commits: its files, and their patches as far as they fit.
public struct CommitDiff: Sendable, Equatable {
    /// In the order of git.
    public var files: [DiffFile]
    /// Whether patches are left out.
    public var isTruncated: Bool { files.contains(where: \.isTruncated) }
    /// The unified diff, as far as it fits.
    public var patch: [UInt8] { files.flatMap { $0.patch ?? [] } }
}

extension GitClient {
    /// The difference between two commits, as R63 asks git for it.
    ///
    /// - Parameters:
    ///   - old: the first commit.
    ///   - new: the second one.
    ///   - limit: how many bytes all patches together may have; files are left out from the first that does not fit.
    /// - Returns: all files, whatever the limit is.
    /// - Throws: `GitError`.
    func diff(from old: ObjectID, to new: ObjectID, limit: Int) async throws(GitError) -> CommitDiff {
        let names = try await diffTree(["--raw", "-z", "--no-abbrev"], old, new, limit: nil).fields
        let counts = try await diffTree(["--numstat", "-z"], old, new, limit: nil).fields
        var files = try DiffFile.parse(names: names, counts: counts)
        do {
            let whole = try await diffTree(["-p"], old, new, limit: limit)
            DiffFile.deal(DiffFile.sections(of: whole.output), to: &files)
        } catch {
            guard case .command(.outputLimit) = error else { throw error }
            try await fill(&files, old, new, limit: limit)
        }
        return CommitDiff(files: files)
    }

    /// File by file, until one does not fit.
    private func fill(_ files: inout [DiffFile], _ old: ObjectID, _ new: ObjectID, limit: Int) async throws(GitError) {
        var rest = limit
        for index in files.indices {
            files[index].isTruncated = true
            guard rest > 0 else { continue }
            let paths = [files[index].oldPath, files[index].path].compactMap(\.self)
            do {
                let patch = try await diffTree(["-p"], old, new, limit: rest, paths: paths).output
                files[index].patch = patch
                files[index].isTruncated = false
                rest -= patch.count
            } catch {
                guard case .command(.outputLimit) = error else { throw error }
                rest = 0
            }
        }
    }

    private func diffTree(
        _ form: [String],
        _ old: ObjectID,
        _ new: ObjectID,
        limit: Int?,
        paths: [String] = []
    ) async throws(GitError) -> GitAnswer {
        let flags = [
            "--no-ext-diff", "--no-textconv", "--no-color", "--src-prefix=a/", "--dst-prefix=b/", "--find-renames",
        ]
        return try await session.run(
            GitCall(
                arguments: ["diff-tree", "-r"] + form + flags + [old.hex, new.hex, "--"] + paths,
                folder: repository.checkout,
                environment: ["GIT_LITERAL_PATHSPECS": "1"],
                outputLimit: limit
            )
        )
    }
}

// MARK: - Parsing

extension DiffFile {
    /// Reads the outputs of `--raw -z` and `--numstat -z`, which name the same files in the same order.
    static func parse(names: [String], counts: [String]) throws(GitError) -> [DiffFile] {
        var files: [DiffFile] = []
        var rest = names[...]
        while let head = rest.popFirst() {
            // :<old mode> <new mode> <old> <new> <letter and score>, then one path, or two of a rename
            guard let word = head.split(separator: " ").last, head.hasPrefix(":"), let path = rest.popFirst() else {
                throw .malformed("diff-tree: \(head)")
            }
            var file = DiffFile(path: path, status: status(word))
            if file.status == .renamed, let now = rest.popFirst() { (file.oldPath, file.path) = (path, now) }
            files.append(file)
        }
        try count(counts, &files)
        return files
    }

    private static func status(_ word: Substring) -> Status {
        switch word.first {
        case "A": .added
        case "D": .deleted
        case "R", "C": .renamed
        case "T": .typeChanged
        default: .modified
        }
    }

    private static func count(_ counts: [String], _ files: inout [DiffFile]) throws(GitError) {
        var rest = counts[...]
        var index = 0
        while let line = rest.popFirst() {
            // <added> TAB <removed> TAB <path>; of a rename the path is empty and two fields follow
            let parts = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, index < files.count else { throw .malformed("diff-tree: \(line)") }
            if parts[2].isEmpty { rest = rest.dropFirst(2) }
            files[index].additions = Int(parts[0])
            files[index].deletions = Int(parts[1])
            index += 1
        }
    }

    /// A unified diff, cut at the line that begins each file's part; lines of files begin with another character.
    static func sections(of patch: [UInt8]) -> [[UInt8]] {
        let mark = Array("diff --git ".utf8)
        var sections: [[UInt8]] = []
        var start = 0
        while start < patch.count {
            let end = patch[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? patch.count
            let line = patch[start..<end]
            if line.starts(with: mark) || sections.isEmpty { sections.append([]) }
            sections[sections.count - 1] += line
            start = end
        }
        return sections
    }

    /// Gives each file its part; one that became another kind of file has two.
    static func deal(_ sections: [[UInt8]], to files: inout [DiffFile]) {
        var rest = sections[...]
        for index in files.indices {
            let count = files[index].status == .typeChanged ? 2 : 1
            files[index].patch = rest.prefix(count).flatMap(\.self)
            rest = rest.dropFirst(count)
        }
    }
}
