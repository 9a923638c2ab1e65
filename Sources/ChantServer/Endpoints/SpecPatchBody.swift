import ChantDomain

/// The body of `PATCH /specs/{id}`: a JSON merge patch (RFC 7396) of header keys, `title` and `body`.
struct SpecPatchBody {
    private let object: JSONObject
    private var complaints: [ValueComplaint] = []
    private var result = SpecPatch()

    /// What is computed, and where it comes from; refused by name.
    private static let computed: [String: String] = [
        "id": "is the file's name", "path": "is the file's place", "updated_at": "is the file's time",
        "archived": "is the file's place", "revision": "is the digest of the file",
        "frontmatter": "shows the header; its keys are fields of their own", "unreadable": "is computed",
        "driver": "is computed from ids", "members": "is computed from ids", "ready": "is computed",
        "blocked_by": "is computed", "allowed": "is computed", "criteria": "is counted in the body",
        "stale": "is computed", "run_id": "is that of the latest run", "order_id": "is that of the latest run",
    ]

    /// - Throws: 415 with `Accept-Patch`, 400 for what is no JSON, 422 for what is no object.
    init(_ request: HTTPRequest) throws(Problem) {
        do {
            if request.mediaType != "application/merge-patch+json" { try request.requireJSON() }
        } catch {
            throw request.unsupportedMediaType(
                supported: ["application/merge-patch+json", "application/json"]
            )
        }
        object = try request.jsonObject()
    }

    /// The patch; everything that is wrong with it is told at once.
    ///
    /// - Throws: 422 `unknown-key` for names that are no field, 422 `invalid-value` for values that a field cannot have.
    func patch() throws(Problem) -> SpecPatch {
        var reading = self
        let fields = SpecField.allCases.map(\.rawValue)
        let known = fields + ["title", "body", "extra"]
        let unknown = object.keys.filter { !known.contains($0) && Self.computed[$0] == nil }
        guard unknown.isEmpty else {
            throw .unknownKey(
                unknown.map { NearestName.complaint($0, pointer: JSONBody.pointer($0), known: known) }
            )
        }
        for (key, value) in object.members { reading.read(key, value) }
        guard reading.complaints.isEmpty else { throw .invalidValue(reading.complaints) }
        return reading.result
    }

    private mutating func read(_ key: String, _ value: JSONValue) {
        let pointer = JSONBody.pointer(key)
        if let reason = Self.computed[key] { return complain(pointer, "cannot be set: it \(reason)") }
        switch key {
        case "title": title(value)
        case "body": body(value)
        case "extra": extra(value)
        default:
            guard let field = SpecField(rawValue: key), let written = header(value, field.shape, pointer) else {
                return
            }
            result.header.append(HeaderEntry(key, written))
        }
    }

    private mutating func title(_ value: JSONValue) {
        guard let text = value.stringValue, text.contains(where: { !$0.isWhitespace }) else {
            return complain("/title", "must be a string that is not empty")
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) else {
            return complain("/title", "must be one line without control characters")
        }
        result.title = text
    }

    private mutating func body(_ value: JSONValue) {
        switch value {
        case .string(let text): result.body = text
        case .null: result.body = ""
        default: complain("/body", "must be a string")
        }
    }

    /// Keys that the service does not know, under `extra`, as they are shown.
    private mutating func extra(_ value: JSONValue) {
        guard let keys = value.objectValue else { return complain("/extra", "must be an object") }
        for (key, value) in keys.members {
            let pointer = "/extra" + JSONBody.pointer(key)
            if SpecField(rawValue: key) != nil || key == "members" {
                complain(pointer, "is no unknown key: it is a field of its own")
            } else if key.isEmpty || key == "<<" || key.unicodeScalars.contains(where: { $0.value < 0x20 }) {
                complain(pointer, "cannot be a key of a header")
            } else if Self.hasUnkeptNumber(value) {
                complain(pointer, "has a number of more than 15 digits, which many readers round: make it a string")
            } else {
                result.header.append(HeaderEntry(key, HeaderValue(value)))
            }
        }
    }

    /// Whether a number would not come back as it was sent: headers are read as most programs read JSON.
    private static func hasUnkeptNumber(_ value: JSONValue) -> Bool {
        switch value {
        case .int(let number): number.magnitude >= 1_000_000_000_000_000
        case .double(let number): number.magnitude >= 1e15
        case .array(let elements): elements.contains(where: hasUnkeptNumber)
        case .object(let object): object.members.contains { hasUnkeptNumber($0.value) }
        case .null, .bool, .string: false
        }
    }

    mutating private func complain(_ pointer: String, _ detail: String) {
        complaints.append(ValueComplaint(pointer: pointer, detail: detail))
    }
}

// MARK: - Values

extension SpecPatchBody {
    /// A value of the shape that its key has; `null` removes the key.
    private mutating func header(_ value: JSONValue, _ shape: SpecField.Shape, _ pointer: String) -> HeaderValue? {
        if value == .null { return .null }
        switch shape {
        case .text:
            if let text = value.stringValue, !text.isEmpty { return .text(text) }
            complain(pointer, "must be a string that is not empty, or null")
        case .flag:
            if let flag = value.boolValue { return .flag(flag) }
            complain(pointer, "must be true, false or null")
        case .integer:
            if let number = value.intValue { return .integer(number) }
            complain(pointer, "must be a whole number or null")
        case .word(let words):
            if let word = value.stringValue, words.contains(word) { return .text(word) }
            complain(pointer, "must be one of: \(words.joined(separator: ", "))")
        case .texts, .ids: return list(value, shape, pointer)
        case .map(let shapes): return map(value, shapes, pointer)
        }
        return nil
    }

    private mutating func list(_ value: JSONValue, _ shape: SpecField.Shape, _ pointer: String) -> HeaderValue? {
        guard let elements = value.arrayValue else {
            complain(pointer, "must be a list of strings or null")
            return nil
        }
        var texts: [String] = []
        for (index, element) in elements.enumerated() {
            guard let text = element.stringValue, text.contains(where: { !$0.isWhitespace }) else {
                complain("\(pointer)/\(index)", "must be a string that is not empty")
                continue
            }
            if shape == .ids, SpecID(text) == nil { complain("\(pointer)/\(index)", "can be no spec's id") }
            texts.append(text)
        }
        return .texts(texts)
    }

    private mutating func map(
        _ value: JSONValue,
        _ shapes: [String: SpecField.Shape],
        _ pointer: String
    ) -> HeaderValue? {
        guard let object = value.objectValue else {
            complain(pointer, "must be an object or null")
            return nil
        }
        var entries: [HeaderEntry] = []
        for (key, value) in object.members {
            let place = pointer + JSONBody.pointer(key)
            guard let shape = shapes[key] else {
                complain(place, "is unknown; there are: \(shapes.keys.sorted().joined(separator: ", "))")
                continue
            }
            if let value = header(value, shape, place) { entries.append(HeaderEntry(key, value)) }
        }
        return .map(entries)
    }
}

extension HeaderValue {
    /// A value of JSON as one of a header.
    fileprivate init(_ value: JSONValue) {
        self =
            switch value {
            case .null: .null
            case .bool(let flag): .flag(flag)
            case .int(let number): .integer(Int(number))
            case .double(let number): .decimal(number)
            case .string(let text): .text(text)
            case .array(let elements): .list(elements.map(HeaderValue.init))
            case .object(let object): .map(object.members.map { HeaderEntry($0.key, HeaderValue($0.value)) })
            }
    }
}
