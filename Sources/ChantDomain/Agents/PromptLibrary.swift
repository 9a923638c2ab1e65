/// The prompts of a project, and the built-in ones for projects that have none (R68).
public struct PromptLibrary: Sendable {
    private let folder: PromptFolder
    private let extensions: [String]

    /// What a prompt may grow to by what it extends.
    private static let largestPrompt = 1 << 20
    /// How many parents a prompt may have.
    private static let mostParents = 16
    /// What stands in a prompt for its parent's text; literally these words.
    private static let parentMarker = "{{> parent}}"

    /// The prompts below `chantFolder`, the absolute path of `.chant`, with the snippets that every message gets.
    public init(chantFolder: String, extensions: [String] = []) {
        folder = PromptFolder(chantFolder: chantFolder)
        self.extensions = extensions
    }

    /// The prompt of this name: the project's file, else the built-in one; with its parents' texts, and the extensions.
    ///
    /// - Throws: `AgentError.promptMissing` where there is neither, where the name could leave the folder of prompts,
    ///   where a parent or an extension is missing, or where the parents go round in a circle.
    func prompt(named name: String) throws(AgentError) -> Prompt {
        var prompt = try resolved(name, below: [])
        for name in extensions { prompt.extensions.append(try snippet(name)) }
        return prompt
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
        if isDocumentation, folder.contains("documentation") { return "documentation" }
        if configured.isEmpty || configured == "bootstrap" && !folder.contains("bootstrap") {
            return StandardPrompt.name
        }
        return configured
    }

    /// A prompt with its parents' texts in it.
    private func resolved(_ name: String, below children: [String]) throws(AgentError) -> Prompt {
        guard !children.contains(name), children.count <= Self.mostParents else {
            let way = (children + [name]).map { "`\($0)`" }.joined(separator: " extends ")
            throw .promptMissing(name: children.first ?? name, detail: "its parents do not come to an end: \(way).")
        }
        let (file, source) = try file(name)
        guard let parentName = file.extends else { return Prompt(name: name, text: file.text, source: source) }
        let parent = try resolved(parentName, below: children + [name])
        let pieces = file.text.split(separator: Self.parentMarker, omittingEmptySubsequences: false)
        let size = file.text.utf8.count + (pieces.count - 1) * parent.text.utf8.count
        guard size <= Self.largestPrompt else {
            let most = "\(Self.largestPrompt >> 20) MiB"
            throw .promptMissing(name: name, detail: "with what it extends it is larger than \(most).")
        }
        return Prompt(
            name: name,
            text: pieces.joined(separator: parent.text),
            source: source,
            parents: [parentName] + parent.parents
        )
    }

    private func file(_ name: String) throws(AgentError) -> (PromptFile, Prompt.Source) {
        try check(name)
        if let file = try folder.file(name) { return (file, .project) }
        guard let builtIn = BuiltInPrompts.file(name) else {
            throw .promptMissing(name: name, detail: "\(folder.path)/\(name).md does not exist.")
        }
        return (builtIn, .builtIn)
    }

    private func snippet(_ name: String) throws(AgentError) -> Prompt.Extension {
        try check(name)
        guard let file = try folder.file(name, in: "extensions/") else {
            let path = "\(folder.path)/extensions/\(name).md"
            throw .promptMissing(
                name: "extensions/\(name)",
                detail: "defaults.prompt_extensions names it, and \(path) does not exist."
            )
        }
        return Prompt.Extension(name: name, text: file.text)
    }

    private func check(_ name: String) throws(AgentError) {
        let isValid =
            (1...100).contains(name.utf8.count) && !name.contains("/") && !name.contains("..") && !name.hasPrefix(".")
            && !name.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
        guard !isValid else { return }
        let detail = "a prompt's name has no `/`, no `..`, no control characters and at most 100 bytes."
        throw .promptMissing(name: name, detail: detail)
    }
}
