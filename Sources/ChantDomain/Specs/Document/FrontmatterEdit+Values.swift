import Yams

/// What edits have to know about the value that is there.
enum FrontmatterEdit {
    /// Whether an entry says `value` already, however it is quoted or laid out.
    ///
    /// Of keys that the service knows, only the text counts: it decides itself what is a number there (R4). Of others,
    /// `5` and `'5'` are two values.
    static func says(
        _ value: HeaderValue,
        _ entry: FrontmatterLines.Entry,
        isTyped: Bool,
        _ lines: FrontmatterLines
    ) -> Bool {
        let reader = FrontmatterReader(lines: lines)
        if isTyped { return words(value) == reader.written(entry.value) }
        return value == reader.resolved(entry.value, isHash: entry.key == "commit")
    }

    /// A value with every scalar as it would be written.
    static func words(_ value: HeaderValue) -> HeaderValue {
        switch value {
        case .flag(let flag): .text(flag ? "true" : "false")
        case .integer(let number): .text(String(number))
        case .decimal(let number): .text(YAMLText.decimal(number))
        case .list(let values): .list(values.map(words))
        case .map(let entries): .map(entries.map { HeaderEntry($0.key, words($0.value)) })
        case .text, .null: value
        }
    }

    /// An entry's value as YAML means it.
    static func value(of entry: FrontmatterLines.Entry, _ lines: FrontmatterLines) -> HeaderValue {
        FrontmatterReader(lines: lines).resolved(entry.value, isHash: entry.key == "commit")
    }

    /// Whether a value is a list with one item a line.
    static func isBlockList(_ node: Node, _ lines: FrontmatterLines) -> Bool {
        guard case .sequence = node else { return false }
        return !lines.isFlow(node)
    }

    /// Whether a value is a map with keys in braces; an empty one may become either form.
    static func isFlowMap(_ node: Node, _ lines: FrontmatterLines) -> Bool {
        guard case .mapping(let mapping) = node else { return false }
        return !mapping.isEmpty && lines.isFlow(node)
    }

    /// A key's line up to its end, for a value on the lines below: with the comment, without the old value.
    static func head(_ line: KeyLine) -> [UInt8] {
        line.key + (line.anchor.isEmpty ? [] : [0x20] + line.anchor.dropLast()) + line.tail
    }
}

// MARK: - Paths through maps

extension FrontmatterEdit {
    /// A value with what `path` leads to set, or removed for `nil`; what is no map on the way becomes one.
    static func setting(_ path: [String], to new: HeaderValue?, in old: HeaderValue?) -> HeaderValue {
        guard let key = path.first else { return new ?? .null }
        var entries: [HeaderEntry] = []
        if case .map(let known)? = old { entries = known }
        let index = entries.firstIndex { $0.key == key }
        if path.count == 1, new == nil {
            if let index { entries.remove(at: index) }
            return .map(entries)
        }
        let value = setting(Array(path.dropFirst()), to: new, in: index.map { entries[$0].value })
        if let index {
            entries[index] = HeaderEntry(key, value)
        } else {
            entries.append(HeaderEntry(key, value))
        }
        return .map(entries)
    }

    /// What `path` leads to.
    static func value(at path: [String], in value: HeaderValue?) -> HeaderValue? {
        guard let key = path.first else { return value }
        guard case .map(let entries)? = value, let entry = entries.first(where: { $0.key == key }) else { return nil }
        return self.value(at: Array(path.dropFirst()), in: entry.value)
    }
}

extension SpecDocument {
    /// How far a path leads along keys that have lines of their own.
    struct Place {
        /// The last such key; `nil` where the next one of the path is to be added.
        var entry: FrontmatterLines.Entry?
        /// How many keys of the path lead to `entry`, or to the map in which one is missing.
        var depth = 0
        /// The last key of that map, below which a missing one is added; `nil` for the header itself.
        var last: FrontmatterLines.Entry?
        /// Whether `entry` is the only key of its map.
        var isOnly = false
    }

    func place(of path: [String], in lines: FrontmatterLines) throws(SpecError) -> Place {
        guard let first = lines[path[0]] else { return Place() }
        var place = Place(entry: first, depth: 1, isOnly: lines.entries.count == 1)
        for key in path.dropFirst() {
            guard let entry = place.entry,
                let inner = try headerLines({ () throws(HeaderProblem) in try lines.entries(inMapOf: entry) })
            else { return place }
            guard let next = inner.first(where: { $0.key == key }) else {
                return Place(entry: nil, depth: place.depth, last: inner.last)
            }
            place = Place(entry: next, depth: place.depth + 1, isOnly: inner.count == 1)
        }
        return place
    }
}
