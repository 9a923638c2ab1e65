/// Puts `*` in the place of each byte of a secret, on every way out of the service (R34).
///
/// Which bytes are masked depends on the text alone, not on how it was cut: who has only a part of it gives some of what
/// stands around (`reach`). Offsets and line ends stay as they are.
public struct SecretRedactor: Sendable {
    private let search: SecretSearch

    /// A redactor of values, in all forms that a text may have them in; what is too short is left out.
    public init(_ values: some Sequence<String> = []) {
        search = SecretSearch(values.reduce(into: []) { $0.formUnion(SecretForms.all(of: Array($1.utf8))) })
    }

    /// Whether nothing is secret.
    public var isEmpty: Bool { search.longest == 0 }

    /// How far what is masked at one place can depend on what stands before or behind it, where that is one line.
    ///
    /// A terminal's sequences may lie within a secret, and are not shown.
    var reach: Int { isEmpty ? 0 : search.longest + LogText.longestSequence }

    /// The bytes with all secrets masked.
    ///
    /// - Parameters:
    ///   - bytes: a text from the start of a line, or with so much before what counts as `reach` says.
    ///   - isEnd: nothing follows now, so that the beginning of a secret is one.
    /// - Returns: as many bytes.
    public func masked(_ bytes: [UInt8], isEnd: Bool = true) -> [UInt8] {
        guard !isEmpty else { return bytes }
        var marks: [Range<Int>] = []
        bytes.withUnsafeBufferPointer { buffer in search.eachOccurrence(in: buffer) { marks.append($0) } }
        if isEnd {
            let length = unfinished(bytes)
            if length >= SecretForms.shortest { marks.append(bytes.count - length..<bytes.count) }
        }
        let hidden = hidden(in: bytes)
        guard !marks.isEmpty || !hidden.isEmpty else { return bytes }
        var masked = bytes
        for mark in marks { for place in mark { masked[place] = Self.mask } }
        for place in hidden { masked[place] = Self.mask }
        return masked
    }

    /// The text with all secrets masked.
    public func masked(_ text: String) -> String {
        isEmpty ? text : String(decoding: masked(Array(text.utf8)), as: UTF8.self)
    }

    /// JSON with all secrets in its strings masked: a number that looks like one stays, and it remains JSON.
    public func masked(json: [UInt8]) -> [UInt8] {
        let all = masked(json, isEnd: false)
        guard all != json else { return json }
        var masked = json
        var isString = false
        var index = 0
        while index < json.count {
            var length = 1
            if json[index] == UInt8(ascii: "\"") {
                isString.toggle()
            } else if isString {
                // An escape is masked as a whole, or what remains of it would be none.
                if json[index] == UInt8(ascii: "\\") { length = json[index...].dropFirst().first == 0x75 ? 6 : 2 }
                let place = index..<min(index + length, json.count)
                if place.contains(where: { all[$0] != json[$0] }) { for byte in place { masked[byte] = Self.mask } }
            }
            index += length
        }
        return masked
    }

    /// How many bytes at the end may be the beginning of a secret that goes on.
    func unfinished(_ bytes: [UInt8]) -> Int {
        guard !isEmpty else { return 0 }
        let line = bytes.suffix(reach).reversed().prefix { $0 != Byte.lineFeed }.count
        let end = Array(bytes.suffix(line))
        guard let shown = ShownBytes(end) else { return search.unfinished(end[...]) }
        let length = search.unfinished(shown.bytes[...])
        return length == 0 ? 0 : end.count - shown.places[shown.bytes.count - length]
    }

    private static let mask = UInt8(ascii: "*")

    /// The places of secrets that only view `text` shows: with controls or a terminal's sequences in between.
    private func hidden(in bytes: [UInt8]) -> [Int] {
        guard let shown = ShownBytes(bytes) else { return [] }
        var hidden: [Int] = []
        shown.bytes.withUnsafeBufferPointer { buffer in
            search.eachOccurrence(in: buffer) { hidden.append(contentsOf: shown.places[$0]) }
        }
        return hidden
    }
}

/// The bytes that view `text` shows, and where they lay.
private struct ShownBytes {
    private(set) var bytes: [UInt8] = []
    private(set) var places: [Int] = []

    /// `nil` where all are shown.
    init?(_ all: [UInt8]) {
        guard all.contains(where: Self.mayBeHidden) else { return nil }
        bytes.reserveCapacity(all.count)
        places.reserveCapacity(all.count)
        var index = 0
        while index < all.count {
            let skipped = Self.mayBeHidden(all[index]) ? Self.hidden(all[index...]) : 0
            if skipped == 0 {
                bytes.append(all[index])
                places.append(index)
            }
            index += max(skipped, 1)
        }
    }

    private static func mayBeHidden(_ byte: UInt8) -> Bool {
        byte < 0x20 ? byte != Byte.lineFeed && byte != Byte.tab : byte == 0x7F || byte == 0xC2
    }

    /// How many of the first bytes are not shown.
    private static func hidden(_ bytes: ArraySlice<UInt8>) -> Int {
        let second = bytes.dropFirst().first
        switch bytes.first {
        case Byte.escape: return sequence(bytes)
        case Byte.carriageReturn: return second == Byte.lineFeed ? 1 : 0
        case 0xC2:
            guard let second, (0x80..<0xA0).contains(second) else { return 0 }
            return EscapeSequence.begins(withControl: second) ? sequence(bytes) : 2
        default: return 1
        }
    }

    private static func sequence(_ bytes: ArraySlice<UInt8>) -> Int {
        switch EscapeSequence.length(bytes, isFinal: true) {
        case .whole(let length), .broken(let length): length
        case .unfinished: 1
        }
    }
}
