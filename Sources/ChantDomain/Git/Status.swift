/// What `git status` tells about a work tree.
struct WorkTreeStatus: Sendable, Equatable {
    /// One path with its two letters.
    struct Entry: Sendable, Hashable {
        /// The index against HEAD: ` `, `M`, `A`, `D`, `R`, `C`, `T`, `U`, `?` or `!`.
        var index: Character
        /// The work tree against the index.
        var workTree: Character
        /// The path inside the repository; a folder ends with `/`.
        var path: String
        /// Where a renamed or copied file came from.
        var origin: String?

        /// Whether git does not track it.
        var isUntracked: Bool { index == "?" }
        /// Whether it is ignored.
        var isIgnored: Bool { index == "!" }
    }

    /// The entries in git's order.
    var entries: [Entry]

    /// Changed paths that git tracks, the origins of renames included, sorted.
    var tracked: [String] {
        Set(entries.filter { !$0.isUntracked && !$0.isIgnored }.flatMap { [$0.path, $0.origin].compactMap(\.self) })
            .sorted()
    }
    /// Paths that git neither tracks nor ignores, sorted.
    var untracked: [String] { entries.filter(\.isUntracked).map(\.path).sorted() }

    /// Reads the output of `status --porcelain=v1 -z`.
    static func parse(_ output: [UInt8]) throws(GitError) -> WorkTreeStatus {
        var entries: [Entry] = []
        var fields = output.split(separator: 0)[...]
        while let field = fields.popFirst() {
            // "XY path"; a rename's origin is the next field.
            let letters = field.prefix(2).map { Character(Unicode.Scalar($0)) }
            guard field.count > 3, field.dropFirst(2).first == 0x20 else {
                throw .malformed("status: \(String(decoding: field, as: UTF8.self))")
            }
            var entry = Entry(
                index: letters[0],
                workTree: letters[1],
                path: String(decoding: field.dropFirst(3), as: UTF8.self)
            )
            if letters.contains("R") || letters.contains("C") {
                guard let origin = fields.popFirst() else { throw .malformed("status: rename without origin") }
                entry.origin = String(decoding: origin, as: UTF8.self)
            }
            entries.append(entry)
        }
        return WorkTreeStatus(entries: entries)
    }
}

extension GitClient {
    /// How much of what is not tracked a status names.
    enum Untracked: String, Sendable {
        case none = "no"
        /// A folder without tracked files is one entry.
        case folders = "normal"
        case files = "all"
    }

    /// The state of the project's checkout, or of another work tree.
    func status(in place: WorkTreePlace? = nil, untracked: Untracked) async throws(GitError) -> WorkTreeStatus {
        let answer = try await run(
            ["status", "--porcelain=v1", "-z", "--untracked-files=\(untracked.rawValue)", "--ignore-submodules=dirty"],
            in: place?.folder,
            environment: place?.environment ?? [:],
            writesWorkTree: true
        )
        return try WorkTreeStatus.parse(answer.output)
    }
}

/// A work tree named so that git looks nowhere else, whatever an agent did to its `.git` file.
struct WorkTreePlace: Sendable, Hashable {
    /// Its folder.
    var folder: String
    /// Its own git directory.
    var gitDir: String

    /// What makes git use them.
    var environment: [String: String] { ["GIT_DIR": gitDir, "GIT_WORK_TREE": folder] }
}
