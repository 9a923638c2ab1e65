/// A prompt, ready to be filled: the texts of its parents stand in it.
struct Prompt: Sendable, Equatable {
    /// Where a prompt comes from.
    enum Source: String, Sendable, CaseIterable {
        /// A file below `.chant/prompts`.
        case project
        /// This program, for projects without a file of the name.
        case builtIn = "built-in"
    }

    /// The name under which it was found.
    let name: String
    /// The text below the file's header, `{{> parent}}` replaced.
    let text: String
    /// Where the prompt of this name comes from; its parents may come from elsewhere.
    var source = Source.project
    /// What it extends: its parent, that one's parent, ….
    var parents: [String] = []
    /// The snippets of `defaults.prompt_extensions`, which are added to every message as they are.
    var extensions: [Extension] = []

    /// A snippet below `.chant/prompts/extensions`.
    struct Extension: Sendable, Equatable {
        let name: String
        let text: String
    }
}

/// A file of the prompts' folder: its header, as far as the service needs it, and the text below.
struct PromptFile: Sendable, Equatable {
    /// The prompt whose text replaces `{{> parent}}`.
    var extends: String?
    /// What is below the header.
    var text: String

    /// Reads a file's text; a header that never closes is none.
    ///
    /// - Throws: `ConfigurationError` where the header is no YAML, or `extends` is no text.
    init(_ text: String, path: String) throws(ConfigurationError) {
        let text = text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        guard lines.first == "---", let closing = lines.dropFirst().firstIndex(of: "---") else {
            self.text = text
            return
        }
        var reader = ConfigurationReader()
        extends = reader.name(try ConfigurationFile.parse(text, path: path).root["extends"])
        try reader.finish()
        // The header is for people and never part of the message, and neither are the blank lines behind it.
        let body = lines[(closing + 1)...].drop { $0.allSatisfy(\.isWhitespace) }
        self.text = body.first.map { String(text[$0.startIndex...]) } ?? ""
    }
}
