/// A value of a spec's header, in the shapes that JSON has too.
public indirect enum HeaderValue: Hashable, Sendable {
    case null
    case flag(Bool)
    case integer(Int)
    case decimal(Double)
    case text(String)
    case list([HeaderValue])
    case map([HeaderEntry])

    /// A list of texts.
    public static func texts(_ texts: [String]) -> HeaderValue { .list(texts.map(HeaderValue.text)) }
}

/// A key of a header, or of a map inside one, with its value; their order is the file's.
public struct HeaderEntry: Hashable, Sendable {
    /// The key as text.
    public let key: String
    /// Its value.
    public let value: HeaderValue

    /// An entry.
    public init(_ key: String, _ value: HeaderValue) {
        self.key = key
        self.value = value
    }
}

extension HeaderValue: Encodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Writes the value as JSON.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .flag(let flag): try container.encode(flag)
        case .integer(let number): try container.encode(number)
        case .decimal(let number): try container.encode(number)
        case .text(let text): try container.encode(text)
        case .list(let values): try container.encode(values)
        case .map(let entries):
            var map = encoder.container(keyedBy: Key.self)
            for entry in entries { try map.encode(entry.value, forKey: Key(stringValue: entry.key)) }
        }
    }
}
