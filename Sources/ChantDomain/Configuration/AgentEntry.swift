/// One entry of `parallel.agents`, as written.
public struct AgentEntry: Sendable, Equatable {
    /// The name that requests use.
    public var name: String
    /// The provider's word, where the entry has one.
    public var provider: String?
    /// The program and its arguments, where the entry has them.
    public var command: [String]?
    /// How many runs it may have at once.
    public var maxConcurrent: Int
    /// How often it is chosen, compared with others.
    public var weight: Int

    /// An entry with what the original assumes.
    public init(
        name: String,
        provider: String? = nil,
        command: [String]? = nil,
        maxConcurrent: Int = 2,
        weight: Int = 1
    ) {
        self.name = name
        self.provider = provider
        self.command = command
        self.maxConcurrent = maxConcurrent
        self.weight = weight
    }

    /// Reads one entry; `nil`, with a complaint, where it has no usable name.
    init?(_ value: ConfigurationValue, _ reader: inout ConfigurationReader) {
        let section = reader.section(value)
        guard !value.isAbsent, section.place.node != nil else { return nil }
        guard let name = reader.name(section["name"]) else {
            reader.complain(section["name"].isAbsent ? value : section["name"], "An agent needs a `name`.")
            return nil
        }
        self.init(
            name: name,
            provider: reader.name(section["provider"]),
            command: reader.command(section["command"]),
            maxConcurrent: reader.number(section["max_concurrent"], atLeast: 1) ?? 2,
            weight: reader.number(section["weight"], atLeast: 0) ?? 1
        )
    }

    /// Reads a list of entries; `nil` where there is none or it is empty.
    static func list(
        _ value: ConfigurationValue,
        _ reader: inout ConfigurationReader,
        warnings: inout [String]
    ) -> [AgentEntry]? {
        if value.isAbsent { return nil }
        guard let elements = value.elements else {
            reader.complain(value, "It must be a list of agents.")
            return nil
        }
        var agents: [AgentEntry] = []
        for element in elements {
            guard let agent = AgentEntry(element, &reader) else { continue }
            if agents.contains(where: { $0.name == agent.name }) {
                warnings.append("\(element.complaint("A second agent `\(agent.name)` is ignored."))")
            } else {
                agents.append(agent)
            }
        }
        return agents.isEmpty ? nil : agents
    }
}
