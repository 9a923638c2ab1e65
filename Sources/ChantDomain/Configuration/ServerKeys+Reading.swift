extension ServerKeys {
    private static let names = [
        "provider_command", "limits", "criteria", "merge", "uncommitted", "keep_failed", "commit_specs",
        "agent_may_write",
        "agent_env", "identity", "service_identity", "agent_signing", "sign", "worktree", "redact",
        "retention", "floors",
    ]

    /// Reads the section `server`; what it does not say keeps its default, and unknown keys are refused.
    init(_ server: ConfigurationSection, _ reader: inout ConfigurationReader) {
        reader.refuseUnknownKeys(in: server, known: Self.names)
        providerCommand = reader.command(server["provider_command"])
        limits = Limits(reader.section(server["limits"]), &reader)
        criteria = reader.word(server["criteria"]) ?? criteria
        merge = reader.word(server["merge"]) ?? merge
        uncommitted = reader.word(server["uncommitted"]) ?? uncommitted
        keepFailed = reader.duration(server["keep_failed"], zeroAllowed: true) ?? keepFailed
        commitSpecs = reader.flag(server["commit_specs"]) ?? commitSpecs
        agentMayWrite = reader.texts(server["agent_may_write"]) ?? agentMayWrite
        agentEnv = AgentVariables(reader.section(server["agent_env"]), &reader)
        identity = Self.identity(server["identity"], &reader) ?? identity
        serviceIdentity = Self.identity(server["service_identity"], &reader) ?? serviceIdentity
        agentSigning = reader.word(server["agent_signing"]) ?? agentSigning
        sign = reader.name(server["sign"])
        worktree = WorktreeKeys(reader.section(server["worktree"]), &reader)
        redact = RedactKeys(reader.section(server["redact"]), &reader)
        retention = Retention(reader.section(server["retention"]), &reader)
        floors = Floors(reader.section(server["floors"]), &reader)
    }

    private static func identity(_ value: ConfigurationValue, _ reader: inout ConfigurationReader) -> Identity? {
        guard let text = reader.text(value) else { return nil }
        if let identity = Identity(text) { return identity }
        reader.complain(value, "It must be a name and an address, such as `Chant Agent <agent@chant.invalid>`.")
        return nil
    }
}

extension ServerKeys.Limits {
    init(_ section: ConfigurationSection, _ reader: inout ConfigurationReader) {
        reader.refuseUnknownKeys(
            in: section,
            known: ["wall", "idle", "stop_grace", "log_bytes", "setup", "cost_usd"]
        )
        wall = reader.duration(section["wall"]) ?? wall
        idle = reader.duration(section["idle"]) ?? idle
        stopGrace = reader.duration(section["stop_grace"], zeroAllowed: true) ?? stopGrace
        logBytes = reader.size(section["log_bytes"]) ?? logBytes
        setup = reader.duration(section["setup"]) ?? setup
        costUSD = reader.amount(section["cost_usd"])
    }
}

extension ServerKeys.AgentVariables {
    init(_ section: ConfigurationSection, _ reader: inout ConfigurationReader) {
        reader.refuseUnknownKeys(in: section, known: ["pass", "set"])
        pass = reader.texts(section["pass"]) ?? []
        for entry in reader.section(section["set"]).entries {
            guard !entry.name.isEmpty, !entry.name.contains("="), !entry.name.utf8.contains(0) else {
                reader.complain(entry.value, "It cannot be the name of a variable.")
                continue
            }
            // An empty value is a value here: `NAME:` sets the variable to nothing.
            set[entry.name] = entry.value.isAbsent ? "" : reader.text(entry.value)
        }
    }
}

extension ServerKeys.WorktreeKeys {
    init(_ section: ConfigurationSection, _ reader: inout ConfigurationReader) {
        reader.refuseUnknownKeys(in: section, known: ["setup", "include", "keep"])
        setup = Self.setup(section["setup"], &reader)
        include = Self.patterns(section["include"], &reader)
        keep = reader.texts(section["keep"]) ?? []
    }

    /// No command, as a text or as a list without elements, is none.
    private static func setup(_ value: ConfigurationValue, _ reader: inout ConfigurationReader) -> [String] {
        if value.elements?.isEmpty == true || value.text?.isEmpty == true { return [] }
        return reader.command(value) ?? []
    }

    private static func patterns(
        _ value: ConfigurationValue,
        _ reader: inout ConfigurationReader
    ) -> [IncludePattern] {
        for element in value.elements ?? [] {
            if let text = element.text, let fault = IncludePattern.fault(of: text) { reader.complain(element, fault) }
        }
        return (reader.texts(value) ?? []).compactMap(IncludePattern.init)
    }
}

extension ServerKeys.RedactKeys {
    init(_ section: ConfigurationSection, _ reader: inout ConfigurationReader) {
        reader.refuseUnknownKeys(in: section, known: ["env", "values_from"])
        env = reader.texts(section["env"]) ?? env
        valuesFrom = reader.texts(section["values_from"]) ?? []
    }
}
