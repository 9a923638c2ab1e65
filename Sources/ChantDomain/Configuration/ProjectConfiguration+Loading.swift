extension ProjectConfiguration {
    /// Reads the configuration that is in force for the project whose `.chant` folder this is.
    ///
    /// `config.md` wins over the user's own file, key by key in `project` and `defaults`; every other section is taken whole
    /// from the project's file if it is there. `agents.md` replaces `parallel.agents` if it lists any agent (§11.1 of the
    /// reference). No file at all means all defaults.
    ///
    /// - Parameters:
    ///   - chantFolder: the absolute path of `.chant`.
    ///   - environment: the service's, for `XDG_CONFIG_HOME` and `HOME`.
    /// - Returns: every key with its value or default.
    /// - Throws: `ConfigurationError` with everything that is wrong.
    public static func load(
        chantFolder: String,
        environment: [String: String]
    ) throws(ConfigurationError) -> ProjectConfiguration {
        let global = try globalFile(environment).flatMap(ConfigurationFile.read)
        let project = try ConfigurationFile.read("\(chantFolder)/config.md")
        let agents = try ConfigurationFile.read("\(chantFolder)/agents.md")
        return try ProjectConfiguration(project: project?.root, global: global?.root, agents: agents?.root)
    }

    /// Where the user's own file is; `nil` for a service without a home.
    static func globalFile(_ environment: [String: String]) -> String? {
        if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") { return "\(folder)/chant/config.md" }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return "\(home)/.config/chant/config.md"
    }

    init(
        project: ConfigurationSection?,
        global: ConfigurationSection?,
        agents: ConfigurationSection?
    ) throws(ConfigurationError) {
        var reader = ConfigurationReader()
        for file in [global, project].compactMap({ $0 }) {
            self.project.take(reader.section(file["project"]), &reader)
            defaults.take(reader.section(file["defaults"]), &reader)
        }
        let parallel = Self.whole("parallel", project, global).map { reader.section($0)["agents"] }
        self.agents =
            agents.flatMap { AgentEntry.list(Self.localList($0, &reader), &reader, warnings: &warnings) }
            ?? parallel.flatMap { AgentEntry.list($0, &reader, warnings: &warnings) }
        if let parallel = Self.whole("parallel", project, global) {
            stagger = StaggerKeys(reader.section(parallel), &reader)
        }
        if let watch = Self.whole("watch", project, global) {
            retries = RetryKeys(reader.section(reader.section(watch)["failure"]), &reader)
        }
        if let server = Self.whole("server", project, global) {
            self.server = ServerKeys(reader.section(server), &reader)
        }
        try reader.finish()
        warnings += Self.misspellings(in: project)
    }

    /// The section `name`, from the project's file if that has it, else from the user's.
    private static func whole(
        _ name: String,
        _ project: ConfigurationSection?,
        _ global: ConfigurationSection?
    ) -> ConfigurationValue? {
        [project, global].compactMap { $0?[name] }.first { !$0.isAbsent }
    }

    /// The list in `agents.md`: `parallel.agents` as in `config.md`, or `agents` alone.
    private static func localList(
        _ file: ConfigurationSection,
        _ reader: inout ConfigurationReader
    ) -> ConfigurationValue {
        let full = reader.section(file["parallel"])["agents"]
        return full.isAbsent ? file["agents"] : full
    }

    /// Unknown sections are ignored, as the original does; one that looks like `server` deserves a word, since all of it is lost.
    private static func misspellings(in project: ConfigurationSection?) -> [String] {
        let known = ["project", "defaults", "parallel", "server", "providers", "repos", "enterprise", "approval"]
        let others = ["validation", "lint", "watch", "site"]
        return (project?.entries ?? []).compactMap { entry in
            guard !(known + others).contains(entry.name), NearestName.of(entry.name, among: ["server"]) != nil else {
                return nil
            }
            return "\(entry.value.complaint("This section is ignored; did you mean `server`?"))"
        }
    }
}

extension ProjectConfiguration.Project {
    fileprivate mutating func take(_ section: ConfigurationSection, _ reader: inout ConfigurationReader) {
        name = reader.name(section["name"]) ?? name
        prefix = reader.name(section["prefix"]) ?? prefix
        silent = reader.flag(section["silent"]) ?? silent
    }
}

extension ProjectConfiguration.Defaults {
    fileprivate mutating func take(_ section: ConfigurationSection, _ reader: inout ConfigurationReader) {
        prompt = reader.name(section["prompt"]) ?? prompt
        branchPrefix = Self.prefix(section["branch_prefix"], &reader) ?? branchPrefix
        model = reader.name(section["model"]) ?? model
        splitModel = reader.name(section["split_model"]) ?? splitModel
        mainBranch = reader.name(section["main_branch"]) ?? mainBranch
        provider = reader.name(section["provider"]) ?? provider
        rotationStrategy = Self.rotation(section["rotation_strategy"], &reader) ?? rotationStrategy
        promptExtensions = reader.texts(section["prompt_extensions"]) ?? promptExtensions
    }

    private static func rotation(
        _ value: ConfigurationValue,
        _ reader: inout ConfigurationReader
    ) -> RotationStrategy? {
        value.text == "round_robin" ? .roundRobin : reader.word(value)
    }

    /// What git would refuse in a branch's name is refused here already, where the line can be named.
    private static func prefix(_ value: ConfigurationValue, _ reader: inout ConfigurationReader) -> String? {
        guard let prefix = reader.name(value) else { return nil }
        let forbidden: Set<Character> = [" ", "~", "^", ":", "?", "*", "[", "\\"]
        let bad =
            prefix.hasPrefix("-") || prefix.hasPrefix("/") || prefix.hasPrefix(".") || prefix.contains("..")
            || prefix.contains("//") || prefix.contains("/.") || prefix.contains("@{") || prefix.contains(".lock/")
            || prefix.contains { forbidden.contains($0) || $0.unicodeScalars.contains { $0.value < 0x21 } }
        guard bad else { return prefix }
        reader.complain(value, "A branch's name cannot begin with `\(prefix)`.")
        return nil
    }
}
