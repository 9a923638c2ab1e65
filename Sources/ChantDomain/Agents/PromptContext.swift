import Glibc

/// The first bytes of a file, and how many it has in all.
struct FileBeginning: Sendable, Equatable {
    let bytes: [UInt8]
    let size: Int
}

/// Where the files that a spec names are looked up: the worktree, or before there is one the commit it will start at.
protocol PromptSources: Sendable {
    /// At most `limit` bytes of the file at a path, seen from the project's folder; `nil` where it cannot be read.
    func beginning(of path: String, limit: Int) -> FileBeginning?
}

/// The files of a worktree.
///
/// Only regular files inside it are read, symlinks resolved: a spec must not bring the service's own files into a prompt.
struct WorktreeSources: PromptSources {
    /// Where the agent works.
    let folder: String
    /// The worktree's top.
    let worktree: String

    func beginning(of path: String, limit: Int) -> FileBeginning? {
        guard !path.utf8.contains(0), let top = realPath(worktree), let file = realPath("\(folder)/\(path)"),
            file.hasPrefix(top + "/"), let opened = try? OpenedFile(file), let bytes = try? opened.bytes(atMost: limit)
        else { return nil }
        return FileBeginning(bytes: bytes, size: max(opened.size, bytes.count))
    }

    private func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}

/// What a spec brings into its prompt from files: those that its `context` names, and its output schema.
struct PromptContext: Sendable {
    let sources: any PromptSources
    /// How many bytes all context files may have together; the rest is cut, with a line that says so.
    var limit = 1 << 20

    /// A schema that is larger is none.
    static let largestSchema = 256 << 10

    /// Each readable file as a line with its path, then its content; what cannot be read is left out, as in the original.
    ///
    /// - Parameter paths: the entries of `context`.
    /// - Returns: the text; empty where there is nothing.
    func text(of paths: [String]) -> String {
        var parts: [String] = []
        var left = limit
        for path in paths {
            guard let file = sources.beginning(of: path, limit: left) else { continue }
            left -= file.bytes.count
            let isCut = file.bytes.count < file.size
            let note = isCut ? "\n[cut after \(file.bytes.count) of \(file.size) bytes]" : ""
            parts.append("=== \(path) ===\n" + String(decoding: file.bytes, as: UTF8.self) + note)
        }
        return parts.joined(separator: "\n\n")
    }

    /// What the message says about the form of the answer; `nil` where there is no schema that can be read.
    func outputFormat(schema path: String?) -> String? {
        guard let path, !path.isEmpty, let file = sources.beginning(of: path, limit: Self.largestSchema),
            file.bytes.count == file.size
        else { return nil }
        return OutputFormat(schema: file.bytes)?.section
    }
}
