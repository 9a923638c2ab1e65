/// The line of a key, cut into the parts that an edit keeps and the one that it replaces.
struct KeyLine {
    /// The indent, the key as written, and its colon.
    let key: [UInt8]
    /// What stands between colon and value.
    let gap: [UInt8]
    /// An anchor in front of the value, with its space; others may point to it.
    let anchor: [UInt8]
    let quotes: YAMLText.Quotes
    /// The value, as far as it stands on this line.
    let value: [UInt8]
    /// A comment behind the value, with the space before it.
    let tail: [UInt8]
    /// The line's own ending.
    let ending: [UInt8]
    let indent: String

    init(_ line: ArraySlice<UInt8>, key name: String) {
        let endingCount = line.suffix(2).elementsEqual("\r\n".utf8) ? 2 : 1
        ending = Array(line.suffix(endingCount))
        let content = line.dropLast(endingCount)
        let spaces = content.prefix { $0 == 0x20 }
        indent = String(decoding: spaces, as: UTF8.self)
        let rest = content.dropFirst(spaces.count)
        guard let colon = KeyLine.colon(in: rest) else {
            // `? key`, with the value on other lines: written anew in the usual form.
            key = Array("\(indent)\(YAMLText.scalar(name)):".utf8)
            (gap, anchor, quotes, value, tail) = ([0x20], [], .none, [], [])
            return
        }
        key = Array(content[...colon])
        let blank = content[(colon + 1)...].prefix { $0 == 0x20 || $0 == 0x09 }
        gap = blank.isEmpty ? [0x20] : Array(blank)
        var position = blank.endIndex
        (anchor, position) = KeyLine.anchor(in: content, from: position)
        let text = content[position...]
        let end: Int
        switch text.first {
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            quotes = text.first == UInt8(ascii: "'") ? .single : .double
            end = YAMLText.endOfQuoted(text) ?? text.endIndex
        case UInt8(ascii: "#") where anchor.isEmpty:
            quotes = .none
            end = text.startIndex
        default:
            quotes = .none
            end = KeyLine.endOfPlain(text)
        }
        value = Array(text[..<end])
        let comment = text[end...]
        let hasComment = comment.contains { $0 != 0x20 && $0 != 0x09 }
        tail = hasComment ? (comment.first == UInt8(ascii: "#") ? [0x20] : []) + comment : []
    }

    /// The first colon that ends a key: outside quotes, before a blank or at the end.
    private static func colon(in text: ArraySlice<UInt8>) -> Int? {
        if text.first == UInt8(ascii: "?"), text.dropFirst().first.map({ $0 == 0x20 }) ?? true { return nil }
        var index = text.startIndex
        if text.first == UInt8(ascii: "'") || text.first == UInt8(ascii: "\"") {
            index = YAMLText.endOfQuoted(text) ?? index
        }
        while index < text.endIndex {
            let next = index + 1 < text.endIndex ? text[index + 1] : 0x20
            if text[index] == UInt8(ascii: ":"), next == 0x20 || next == 0x09 { return index }
            index += 1
        }
        return nil
    }

    private static func anchor(in content: ArraySlice<UInt8>, from start: Int) -> ([UInt8], Int) {
        guard start < content.endIndex, content[start] == UInt8(ascii: "&") else { return ([], start) }
        let word = content[start...].prefix { $0 != 0x20 && $0 != 0x09 }
        let blank = content[word.endIndex...].prefix { $0 == 0x20 || $0 == 0x09 }
        return (Array(word) + [0x20], blank.endIndex)
    }

    private static func endOfPlain(_ text: ArraySlice<UInt8>) -> Int {
        var end = text.startIndex
        for index in text.indices where text[index] != 0x20 && text[index] != 0x09 {
            if text[index] == UInt8(ascii: "#"), index > text.startIndex, end < index { return end }
            end = index + 1
        }
        return end
    }
}
