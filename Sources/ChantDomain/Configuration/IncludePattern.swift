/// Which files of the checkout are copied into a run's worktree: a path below the project's folder, whose parts may hold
/// `*`, `?` and `[…]`.
///
/// A pattern that leads out of the project's folder, into git's or `.chant`, cannot exist.
public struct IncludePattern: Sendable, Hashable, CustomStringConvertible {
    /// The pattern as written.
    public let text: String
    /// Its parts from the project's folder down, never none.
    let parts: [String]

    /// Folders in which nothing is looked for, whatever a pattern says: git's, at any depth.
    static func isGit(_ name: String) -> Bool { name.lowercased() == ".git" }

    /// Reads a pattern; `nil` where `fault` says why.
    public init?(_ text: String) {
        guard Self.fault(of: text) == nil else { return nil }
        self.text = text
        parts = text.split(separator: "/").map(String.init)
    }

    /// What is wrong with a pattern; `nil` where nothing is.
    static func fault(of text: String) -> String? {
        var parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count > 1, parts.last == "" { parts.removeLast() }
        let isControlled = text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        if text.isEmpty || text.utf8.count > 500 || isControlled {
            return "It must be a path of at most 500 bytes, without control characters."
        }
        if text.hasPrefix("/") || text.hasPrefix("~") || text.contains("\\") {
            return "It must be a path below the project's folder, such as `.env` or `config/*.local.yaml`."
        }
        if parts.contains(where: { ["", ".", ".."].contains($0) }) {
            return "Its parts must be names: no `..`, no `.`, none empty."
        }
        if parts.contains(where: { $0.contains("**") }) {
            return "`**` is not known here: name each folder, or a whole one, such as `config/`."
        }
        if parts.contains(where: { isGit(String($0)) }) || parts.first == ".chant" {
            return "Nothing is copied from `.git` and `.chant`: a worktree has its own."
        }
        return nil
    }

    /// Whether a part is more than a name.
    static func isGlob(_ part: String) -> Bool { part.contains { "*?[".contains($0) } }

    /// The pattern as written.
    public var description: String { text }
}
