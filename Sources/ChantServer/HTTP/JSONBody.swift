/// A request's JSON object, read key by key; what is wrong is collected and answered at once.
///
/// ```swift
/// var body = try request.jsonBody(keys: ["prompt", "timeout_seconds"])
/// let prompt = body.string("prompt")
/// let timeout = body.integer("timeout_seconds", in: 1...86_400)
/// try body.check()
/// ```
/// A key with the value `null` counts as absent.
struct JSONBody {
    private(set) var complaints: [ValueComplaint] = []
    let object: JSONObject

    init(_ object: JSONObject) {
        self.object = object
    }

    /// Throws everything that was complained about so far.
    func check() throws(Problem) {
        guard complaints.isEmpty else { throw .invalidValue(complaints) }
    }

    /// Notes that the value of `key` cannot be used.
    mutating func complain(_ key: String, _ detail: String) {
        complaints.append(ValueComplaint(pointer: Self.pointer(key), detail: detail))
    }

    func contains(_ key: String) -> Bool { self[key] != nil }

    mutating func string(_ key: String) -> String? {
        guard let value = self[key] else { return nil }
        guard let text = value.stringValue else { return wrong(key, "must be a string") }
        return text
    }

    /// A string that must be there and hold more than white space.
    mutating func requiredString(_ key: String) -> String? {
        guard contains(key) else { return wrong(key, "is required") }
        guard let text = string(key) else { return nil }
        guard text.contains(where: { !$0.isWhitespace }) else { return wrong(key, "must not be empty") }
        return text
    }

    mutating func bool(_ key: String) -> Bool? {
        guard let value = self[key] else { return nil }
        guard let flag = value.boolValue else { return wrong(key, "must be true or false") }
        return flag
    }

    mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let value = self[key] else { return nil }
        guard let number = value.intValue, range.contains(number) else {
            return wrong(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    mutating func strings(_ key: String) -> [String]? {
        guard let value = self[key] else { return nil }
        guard let elements = value.arrayValue else { return wrong(key, "must be a list of strings") }
        var texts: [String] = []
        for (index, element) in elements.enumerated() {
            guard let text = element.stringValue else {
                complaints.append(ValueComplaint(pointer: "\(Self.pointer(key))/\(index)", detail: "must be a string"))
                continue
            }
            texts.append(text)
        }
        return texts
    }

    /// One word of an enumeration; `allowed` may leave some of them out.
    mutating func word<Word: RawRepresentable & CaseIterable>(
        _ key: String,
        of allowed: [Word] = Array(Word.allCases)
    ) -> Word? where Word.RawValue == String {
        guard let value = self[key] else { return nil }
        guard let word = allowed.first(where: { $0.rawValue == value.stringValue }) else {
            return wrong(key, "must be one of: \(allowed.map(\.rawValue).joined(separator: ", "))")
        }
        return word
    }

    /// A list of words of an enumeration.
    mutating func words<Word: RawRepresentable & CaseIterable>(
        _ key: String,
        of type: Word.Type = Word.self
    ) -> [Word]? where Word.RawValue == String {
        guard let texts = strings(key) else { return nil }
        let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
        var words: [Word] = []
        for (index, text) in texts.enumerated() {
            guard let word = Word(rawValue: text) else {
                let pointer = "\(Self.pointer(key))/\(index)"
                complaints.append(ValueComplaint(pointer: pointer, detail: "must be one of: \(known)"))
                continue
            }
            words.append(word)
        }
        return words
    }

    private subscript(key: String) -> JSONValue? {
        object[key].flatMap { $0 == .null ? nil : $0 }
    }

    private mutating func wrong<Value>(_ key: String, _ detail: String) -> Value? {
        complain(key, detail)
        return nil
    }

    /// The JSON pointer (RFC 6901) to a member of the body.
    static func pointer(_ key: String) -> String {
        "/" + key.replacing("~", with: "~0").replacing("/", with: "~1")
    }
}
