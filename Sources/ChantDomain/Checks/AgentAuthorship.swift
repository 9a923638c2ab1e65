/// Whether a commit says that an AI had a part in it (§5.4 of the reference).
enum AgentAuthorship {
    /// Names of tools; a name with a version or a product behind it counts as well (`gpt-4`, `claude-code`).
    private static let names = ["claude", "chatgpt", "gpt", "copilot", "gemini", "cursor", "anthropic", "openai"]
    private static let trailer = "co-authored-by:"

    /// Whether a message has a co-author trailer that names one.
    ///
    /// By whole words: neither a bare `ai`, which is in too many names and domains, nor a part of a word is one. A person
    /// called Claude is taken for the tool; that costs an approval, and nothing is merged unseen the other way round.
    static func isClaimed(_ message: String) -> Bool {
        message.split(whereSeparator: \.isNewline).contains { line in
            let text = line.lowercased().drop(while: \.isWhitespace)
            guard text.hasPrefix(trailer) else { return false }
            return words(of: text.dropFirst(trailer.count)).contains(where: isName)
        }
    }

    /// A hyphen stays: Jean-Claude is one word, and no tool.
    private static func words(of text: Substring) -> [Substring] {
        text.split { !($0.isLetter || $0.isNumber || $0 == "-") }
    }

    private static func isName(_ word: Substring) -> Bool {
        names.contains { name in
            guard word.hasPrefix(name) else { return false }
            return word.dropFirst(name.count).first.map { $0 == "-" || $0.isNumber } ?? true
        }
    }
}
