import Yams

/// Reads typed values and gathers complaints, so that one look at a file finds everything that is wrong with it.
///
/// Each method answers `nil` for an absent key and for a wrong one; the wrong one leaves a complaint.
struct ConfigurationReader {
    private(set) var complaints: [ConfigurationError.Complaint] = []

    mutating func complain(_ value: ConfigurationValue, _ detail: String) {
        complaints.append(value.complaint(detail))
    }

    /// Throws what was gathered, if anything was.
    func finish() throws(ConfigurationError) {
        guard complaints.isEmpty else { throw ConfigurationError(complaints) }
    }

    mutating func section(_ value: ConfigurationValue) -> ConfigurationSection {
        if let section = value.section { return section }
        complain(value, "It must be a map of keys.")
        return .absent(value.key, file: value.file)
    }

    mutating func text(_ value: ConfigurationValue) -> String? {
        if value.isAbsent { return nil }
        if let text = value.text { return text }
        complain(value, "It must be a text.")
        return nil
    }

    /// A text that is not empty; an empty one counts as absent, as in the original.
    mutating func name(_ value: ConfigurationValue) -> String? {
        guard let text = text(value), !text.isEmpty else { return nil }
        return text
    }

    mutating func flag(_ value: ConfigurationValue) -> Bool? {
        if value.isAbsent { return nil }
        if let flag = value.node?.bool { return flag }
        complain(value, "It must be `true` or `false`.")
        return nil
    }

    mutating func number(_ value: ConfigurationValue, atLeast minimum: Int, atMost maximum: Int = .max) -> Int? {
        if value.isAbsent { return nil }
        if let number = value.node?.int, (minimum...maximum).contains(number) { return number }
        let rest = maximum == .max ? "" : " and at most \(maximum)"
        complain(value, "It must be a whole number of at least \(minimum)\(rest).")
        return nil
    }

    mutating func amount(_ value: ConfigurationValue) -> Double? {
        if value.isAbsent { return nil }
        if let amount = value.node?.float ?? value.node?.int.map(Double.init), amount > 0, amount.isFinite {
            return amount
        }
        complain(value, "It must be a number above 0, or null.")
        return nil
    }

    mutating func duration(_ value: ConfigurationValue, zeroAllowed: Bool = false) -> Duration? {
        if value.isAbsent { return nil }
        if let duration = value.text.flatMap(Quantity.duration), zeroAllowed || duration > .zero { return duration }
        let sign = zeroAllowed ? "" : " above 0"
        complain(value, "It must be a duration\(sign), such as `200ms`, `90s`, `30m` or `2h`.")
        return nil
    }

    mutating func size(_ value: ConfigurationValue, zeroAllowed: Bool = false) -> Int? {
        if value.isAbsent { return nil }
        if let size = value.text.flatMap(Quantity.size), zeroAllowed || size > 0 { return size }
        let sign = zeroAllowed ? "" : " above 0"
        complain(value, "It must be a size\(sign), such as `512KiB`, `256MiB` or `2GiB`.")
        return nil
    }

    mutating func word<Word: RawRepresentable & CaseIterable>(
        _ value: ConfigurationValue,
        as type: Word.Type = Word.self
    ) -> Word? where Word.RawValue == String {
        if value.isAbsent { return nil }
        if let word = value.text.flatMap(Word.init(rawValue:)) { return word }
        let words = Word.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        complain(value, "It must be one of \(words).")
        return nil
    }

    mutating func texts(_ value: ConfigurationValue) -> [String]? {
        if value.isAbsent { return nil }
        guard let elements = value.elements else {
            complain(value, "It must be a list.")
            return nil
        }
        var texts: [String] = []
        for element in elements {
            if let text = element.text, !element.isAbsent {
                texts.append(text)
            } else {
                complain(element, "It must be a text.")
            }
        }
        return texts
    }

    /// A program: a text is one program's name or path, never split; a list is an argument vector (R64).
    mutating func command(_ value: ConfigurationValue) -> [String]? {
        if value.isAbsent { return nil }
        let words = value.text.map { [$0] } ?? texts(value) ?? ["?"]
        guard let program = words.first, !program.isEmpty, !words.contains(where: { $0.utf8.contains(0) }) else {
            complain(value, "It must be a program's name or path, or a list of a program and its arguments.")
            return nil
        }
        return words
    }

    /// Refuses what is not among `known`, naming the nearest.
    mutating func refuseUnknownKeys(in section: ConfigurationSection, known: [String]) {
        for entry in section.entries where !known.contains(entry.name) {
            let advice = NearestName.advice(for: entry.name, among: known)
            complaints.append(
                ConfigurationError.Complaint(
                    file: entry.value.file,
                    line: entry.line,
                    key: entry.value.key,
                    detail: "There is no such key: \(advice)"
                )
            )
        }
    }
}
