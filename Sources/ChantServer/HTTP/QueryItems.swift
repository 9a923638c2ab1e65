/// The part of the target after `?`: names and values, decoded, in their order.
package struct QueryItems: Sendable, Equatable {
    /// One `name=value`; the value is `nil` where no `=` stands.
    package struct Item: Sendable, Equatable {
        package var name: String
        package var value: String?
    }

    package var items: [Item]

    package init(_ items: [Item] = []) {
        self.items = items
    }

    /// Reads a raw query (`a=1&b`); `nil` if an escape is broken, or the text is no UTF-8 or holds a NUL.
    package init?(parsing raw: some StringProtocol) {
        var items: [Item] = []
        for part in Substring(raw).utf8.split(separator: UInt8(ascii: "&")) {
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentDecoding.decode(halves[0], plusIsSpace: true) else { return nil }
            var value: String?
            if halves.count == 2 {
                guard let decoded = PercentDecoding.decode(halves[1], plusIsSpace: true) else { return nil }
                value = decoded
            }
            items.append(Item(name: name, value: value))
        }
        self.items = items
    }

    /// The names that were given, each once, in their order.
    var names: [String] {
        var seen: Set<String> = []
        return items.map(\.name).filter { seen.insert($0).inserted }
    }

    func contains(_ name: String) -> Bool {
        items.contains { $0.name == name }
    }
}

// MARK: - Typed reading

extension QueryItems {
    /// Every value of a repeatable name (`?status=failed&status=paused`); an item without a value counts as empty.
    func all(_ name: String) -> [String] {
        items.filter { $0.name == name }.map { $0.value ?? "" }
    }

    /// The one value of `name`, `nil` if it was not given; given twice it is refused.
    func single(_ name: String) throws(Problem) -> String? {
        let values = all(name)
        guard values.count <= 1 else { throw invalid(name, "is given \(values.count) times; it may be given once") }
        return values.first
    }

    /// A flag: present without a value, `true` or `1` is on; `false` or `0` is off; `nil` if it was not given.
    func flag(_ name: String) throws(Problem) -> Bool? {
        guard contains(name) else { return nil }
        let value = try single(name)
        guard let item = items.first(where: { $0.name == name }), item.value != nil else { return true }
        switch value {
        case "true", "1": return true
        case "false", "0": return false
        default: throw invalid(name, "must be true, 1, false, 0, or stand without a value")
        }
    }

    /// A whole number within `range`, `nil` if it was not given.
    func integer(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = try single(name) else { return nil }
        guard let number = Int(text), range.contains(number), !text.hasPrefix("+") else {
            throw invalid(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// How many items a list may have: 50 unless asked otherwise, 1 to 500.
    func limit() throws(Problem) -> Int {
        try integer("limit", in: 1...500) ?? 50
    }

    /// One word of an enumeration, `nil` if it was not given.
    func word<Word: RawRepresentable & CaseIterable>(
        _ name: String,
        of type: Word.Type = Word.self
    ) throws(Problem) -> Word? where Word.RawValue == String {
        guard let text = try single(name) else { return nil }
        return try Self.word(text, name)
    }

    /// Each word of a repeatable enumeration.
    func words<Word: RawRepresentable & CaseIterable>(
        _ name: String,
        of type: Word.Type = Word.self
    ) throws(Problem) -> [Word] where Word.RawValue == String {
        var words: [Word] = []
        for text in all(name) { words.append(try Self.word(text, name)) }
        return words
    }

    /// The 422 for a query value that cannot be read; its pointer is `?name`.
    func invalid(_ name: String, _ detail: String) -> Problem {
        .invalidValue([ValueComplaint(pointer: "?\(name)", detail: detail)])
    }

    private static func word<Word: RawRepresentable & CaseIterable>(
        _ text: String,
        _ name: String
    ) throws(Problem) -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: text) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidValue([ValueComplaint(pointer: "?\(name)", detail: "must be one of: \(known)")])
        }
        return word
    }
}
