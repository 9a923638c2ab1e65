extension RunID {
    /// The UUID (version 7) that the id spells, in its usual form; agents that name their sessions by UUID get it.
    ///
    /// The first of the 26 digits holds three bits only: a text whose value is larger than 128 bits is cut to them.
    var uuidText: String {
        let value = text.utf8.dropFirst().reduce(UInt128(0)) { value, digit in
            value << 5 | UInt128(SortableID.value(of: digit))
        }
        var hex = String(value, radix: 16)
        hex = String(repeating: "0", count: 32 - hex.utf8.count) + hex
        var parts: [Substring] = []
        var rest = Substring(hex)
        for length in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return parts.joined(separator: "-")
    }
}
