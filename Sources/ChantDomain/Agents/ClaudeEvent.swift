import Foundation

/// A JSON object of the Claude CLI's output, asked by name; what is missing or of another kind is `nil`.
struct ClaudeEvent {
    /// The largest count that is believed.
    private static let largest = 1 << 53

    private let values: [String: Any]

    private init(values: [String: Any]) { self.values = values }

    /// Reads a line; `nil` where it is no JSON object.
    init?(_ line: ArraySlice<UInt8>) {
        guard line.first(where: { $0 != UInt8(ascii: " ") }) == UInt8(ascii: "{"),
            let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
        else { return nil }
        values = object
    }

    func text(_ name: String) -> String? { values[name] as? String }

    func flag(_ name: String) -> Bool? { values[name] as? Bool }

    /// A count: whole, and not negative.
    func number(_ name: String) -> Int? {
        guard let number = (values[name] as? NSNumber)?.doubleValue, number >= 0, number <= Double(Self.largest) else {
            return nil
        }
        return Int(number)
    }

    /// An amount of money.
    func amount(_ name: String) -> Double? {
        guard let amount = (values[name] as? NSNumber)?.doubleValue, amount.isFinite, amount >= 0 else { return nil }
        return amount
    }

    /// The sum of those counts that are there.
    func sum(_ names: [String]) -> Int? {
        let numbers = names.compactMap(number)
        return numbers.isEmpty ? nil : numbers.reduce(0, &+)
    }

    func object(_ name: String) -> ClaudeEvent { ClaudeEvent(values: values[name] as? [String: Any] ?? [:]) }

    func objects(_ name: String) -> [ClaudeEvent] {
        (values[name] as? [Any] ?? []).compactMap { $0 as? [String: Any] }.map(ClaudeEvent.init)
    }

    func texts(_ name: String) -> [String] { (values[name] as? [Any] ?? []).compactMap { $0 as? String } }

    /// The members that are objects themselves.
    var members: [ClaudeEvent] {
        values.values.compactMap { $0 as? [String: Any] }.map(ClaudeEvent.init)
    }

    /// A member as JSON, its keys sorted.
    func json(_ name: String) -> String {
        guard let value = values[name], let data = Self.data(value) else { return "null" }
        return AgentStep.escaped(json: String(decoding: data, as: UTF8.self))
    }

    /// How many bytes a member's text has; of anything else, its JSON.
    func size(_ name: String) -> Int {
        guard let value = values[name], !(value is NSNull) else { return 0 }
        if let text = value as? String { return text.utf8.count }
        return Self.data(value)?.count ?? 0
    }

    /// A member's text, also that of blocks of text.
    func shown(_ name: String) -> String? {
        text(name) ?? objects(name).compactMap { $0.text("text") }.first
    }

    /// What an input of a tool is about, in one line.
    var summary: String {
        let telling = ["command", "file_path", "path", "pattern", "query", "url", "skill", "description", "prompt"]
        let found = telling.compactMap(text).first { !$0.isEmpty }
        return ClaudeStream.firstLine(found ?? "")
    }

    private static func data(_ value: Any) -> Data? {
        try? JSONSerialization.data(
            withJSONObject: value,
            options: [.sortedKeys, .withoutEscapingSlashes, .fragmentsAllowed]
        )
    }
}
