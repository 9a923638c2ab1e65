import Foundation

/// A prompt: a named text with placeholders.
struct Prompt: Sendable, Equatable {
    /// The name under which it was found.
    let name: String
    /// The text below the file's header.
    let text: String
}

/// The prompts of a project, and the built-in ones for projects that have none (R68).
public struct PromptLibrary: Sendable {
    private let folder: String

    /// The prompts below `chantFolder`, the absolute path of `.chant`.
    public init(chantFolder: String) {
        folder = "\(chantFolder)/prompts"
    }

    /// The prompt of this name: the project's file, else the built-in one.
    ///
    /// - Throws: `AgentError.promptMissing` where there is neither, or where the name could leave the folder of prompts.
    func prompt(named name: String) throws(AgentError) -> Prompt {
        guard Self.isValid(name) else {
            let detail = "a prompt's name has no `/`, no `..`, no control characters and at most 100 bytes."
            throw .promptMissing(name: name, detail: detail)
        }
        if let text = try file(name) { return Prompt(name: name, text: Self.withoutHeader(text)) }
        guard name == StandardPrompt.name else {
            throw .promptMissing(name: name, detail: "\(folder)/\(name).md does not exist.")
        }
        return Prompt(name: name, text: StandardPrompt.text)
    }

    /// Why the prompt of this name cannot be used; `nil` where it can.
    public func fault(ofPromptNamed name: String) -> AgentError? {
        do throws(AgentError) {
            _ = try prompt(named: name)
            return nil
        } catch {
            return error
        }
    }

    /// The name of the prompt for a spec: the request's, else the spec's, else by its type, else the configured one (R68).
    ///
    /// By type means: a documentation spec gets `documentation` in a project that has this prompt, as in the original. The
    /// default `bootstrap` stands for `standard` where the project has no such file, because the original's default is a file
    /// that its releases do not ship. Empty names count as absent.
    ///
    /// - Parameters:
    ///   - request: the request's `prompt`.
    ///   - spec: the spec's `prompt`.
    ///   - isDocumentation: whether the spec is of type `documentation`.
    ///   - configured: `defaults.prompt`.
    /// - Returns: a name that need not exist.
    public func name(request: String?, spec: String?, isDocumentation: Bool, configured: String) -> String {
        if let asked = [request, spec].compactMap({ $0 }).first(where: { !$0.isEmpty }) { return asked }
        if isDocumentation, exists("documentation") { return "documentation" }
        if configured.isEmpty || configured == "bootstrap" && !exists("bootstrap") { return StandardPrompt.name }
        return configured
    }

    private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(name).md") }

    private func file(_ name: String) throws(AgentError) -> String? {
        let path = "\(folder)/\(name).md"
        do {
            return String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        } catch {
            guard exists(name) else { return nil }
            throw .promptMissing(name: name, detail: "\(path) cannot be read: \(error.localizedDescription)")
        }
    }

    private static func isValid(_ name: String) -> Bool {
        (1...100).contains(name.utf8.count) && !name.contains("/") && !name.contains("..") && !name.hasPrefix(".")
            && !name.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
    }

    /// The header (`name`, `purpose`, …) is for people and never part of the message; one that never closes is none.
    private static func withoutHeader(_ text: String) -> String {
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        guard lines.first == "---", let closing = lines.dropFirst().firstIndex(of: "---") else { return text }
        let body = lines[(closing + 1)...].drop { $0.allSatisfy(\.isWhitespace) }
        guard let first = body.first else { return "" }
        return String(text[first.startIndex...])
    }
}
