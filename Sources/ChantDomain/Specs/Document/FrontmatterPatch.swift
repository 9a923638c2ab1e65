/// JSON merge patches (RFC 7396) of the header, key by key.
extension SpecDocument {
    /// Applies a merge patch's value to one key: `null` removes it, a map is merged into the map that is there, and
    /// everything else replaces the value.
    ///
    /// What the patch does not name keeps its bytes, inside a map too, where that has one key on a line.
    ///
    /// - Throws: `header`, with the line, where the header's form does not allow the edit.
    public func patching(_ key: String, with value: HeaderValue) throws(SpecError) -> SpecDocument {
        try patching([key], with: value)
    }

    private func patching(_ path: [String], with value: HeaderValue) throws(SpecError) -> SpecDocument {
        switch value {
        case .null: return try removing(path)
        case .map(let entries):
            guard case .map? = try headerValue(at: path) else { return try setting(path, to: value.withoutNulls) }
            var document = self
            for entry in entries { document = try document.patching(path + [entry.key], with: entry.value) }
            return document
        default: return try setting(path, to: value)
        }
    }

    private func headerValue(at path: [String]) throws(SpecError) -> HeaderValue? {
        let lines = try headerLines()
        guard let entry = lines[path[0]] else { return nil }
        return FrontmatterEdit.value(at: Array(path.dropFirst()), in: FrontmatterEdit.value(of: entry, lines))
    }
}

extension HeaderValue {
    /// A patch's map as it is where there was none: without the keys that it removes.
    fileprivate var withoutNulls: HeaderValue {
        guard case .map(let entries) = self else { return self }
        return .map(entries.filter { $0.value != .null }.map { HeaderEntry($0.key, $0.value.withoutNulls) })
    }
}
