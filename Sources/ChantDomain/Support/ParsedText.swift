/// A text that exists only where it could be parsed, such as an id; in JSON it is that text.
public protocol ParsedText: Codable, CustomStringConvertible {
    /// Parses `text`; `nil` where it is none.
    init?(_ text: String)
}

extension ParsedText {
    /// Reads the text and parses it.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Self(text) else {
            let place = DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "no \(Self.self)")
            throw DecodingError.dataCorrupted(place)
        }
        self = value
    }

    /// Writes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
