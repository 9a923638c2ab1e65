import Foundation
import Glibc

/// Reads the files that a spec's `context` names, for `{{spec.context}}`.
enum PromptContext {
    /// Each readable file as a line with its path, then its content; what cannot be read is left out, as in the original.
    ///
    /// Only regular files inside the worktree are read, symlinks resolved: a spec must not bring the service's own files
    /// into a prompt.
    ///
    /// - Parameters:
    ///   - paths: the entries of `context`, relative to `folder`.
    ///   - folder: where the agent works.
    ///   - worktree: the worktree's top.
    ///   - limit: how many bytes all files may have together; the rest is cut, with a line that says so.
    /// - Returns: the text; empty where there is nothing.
    static func read(_ paths: [String], in folder: String, within worktree: String, limit: Int) -> String {
        var parts: [String] = []
        var left = limit
        for path in paths {
            guard let bytes = content(of: path, in: folder, within: worktree) else { continue }
            let kept = bytes.prefix(left)
            left -= kept.count
            let note = kept.count < bytes.count ? "\n[cut after \(kept.count) of \(bytes.count) bytes]" : ""
            parts.append("=== \(path) ===\n" + String(decoding: kept, as: UTF8.self) + note)
        }
        return parts.joined(separator: "\n\n")
    }

    private static func content(of path: String, in folder: String, within worktree: String) -> Data? {
        guard !path.utf8.contains(0), let top = realPath(worktree), let file = realPath("\(folder)/\(path)"),
            file.hasPrefix(top + "/")
        else { return nil }
        var status = stat()
        guard stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return FileManager.default.contents(atPath: file)
    }

    private static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
