import Yams

/// A value of a configuration with the place where it stands.
struct ConfigurationValue {
    /// `nil` where the key is absent.
    let node: Node?
    let file: String
    /// The key with its path; empty for the header itself.
    let key: String
    /// How many lines of the file come before the header's text.
    let offset: Int

    /// The line in the file.
    var line: Int? { node?.mark.map { $0.line + offset } }

    /// Whether the key is absent or has no value (`key:`, `~`, `null`), which both mean the default.
    var isAbsent: Bool { node == nil || node?.null != nil }

    /// The values of a map, an absent one being empty; `nil` where it is something else.
    var section: ConfigurationSection? {
        if isAbsent { return ConfigurationSection(place: self, entries: []) }
        guard let mapping = node?.mapping else { return nil }
        let entries = mapping.map { key, value in
            let name = key.scalar?.string ?? ""
            let path = self.key.isEmpty ? name : "\(self.key).\(name)"
            let keyLine = key.mark.map { $0.line + offset }
            let place = ConfigurationValue(node: value, file: file, key: path, offset: offset)
            return ConfigurationSection.Entry(name: name, line: keyLine, value: place)
        }
        return ConfigurationSection(place: self, entries: entries)
    }

    /// The values of a list; `nil` where it is something else.
    var elements: [ConfigurationValue]? {
        guard let sequence = node?.sequence else { return nil }
        return sequence.enumerated().map { index, element in
            ConfigurationValue(node: element, file: file, key: "\(key)[\(index)]", offset: offset)
        }
    }

    /// The text of a scalar as it stands in the file; `nil` for lists and maps.
    var text: String? { node?.scalar?.string }

    func complaint(_ detail: String) -> ConfigurationError.Complaint {
        ConfigurationError.Complaint(file: file, line: line, key: key.isEmpty ? nil : key, detail: detail)
    }
}

/// A map of a configuration.
struct ConfigurationSection {
    struct Entry {
        let name: String
        let line: Int?
        let value: ConfigurationValue
    }

    let place: ConfigurationValue
    let entries: [Entry]

    /// The section that an absent key is.
    static func absent(_ key: String, file: String) -> ConfigurationSection {
        ConfigurationSection(place: ConfigurationValue(node: nil, file: file, key: key, offset: 0), entries: [])
    }

    /// The value of `name`; an absent one where there is none.
    subscript(name: String) -> ConfigurationValue {
        if let entry = entries.first(where: { $0.name == name }) { return entry.value }
        let key = place.key.isEmpty ? name : "\(place.key).\(name)"
        return ConfigurationValue(node: nil, file: place.file, key: key, offset: place.offset)
    }
}
