/// The boxes below a spec's last criteria heading; the one parser of them (R38, §4.1 of the reference).
///
/// A heading of level 2–4 whose text begins with "acceptance criteria", in any case, outside code; its section reaches
/// to the next heading of its level or above. Boxes are `- * +` with `[ ]`, `[x]` or `[X]`, at any indent.
public struct AcceptanceCriteria: Sendable, Equatable {
    /// One box.
    public struct Item: Sendable, Equatable {
        /// The text behind the box.
        public let text: String
        /// Whether it is ticked.
        public let isChecked: Bool
        /// Where the box's mark stands in the body's bytes.
        let mark: Int
    }

    /// The boxes in order.
    public let items: [Item]

    /// No criteria: nothing is open.
    public static let none = AcceptanceCriteria(items: [])

    /// How many boxes there are.
    public var total: Int { items.count }
    /// How many are ticked.
    public var checked: Int { items.count { $0.isChecked } }
    /// The texts of those that are not.
    public var open: [String] { items.filter { !$0.isChecked }.map(\.text) }

    private init(items: [Item]) { self.items = items }

    init(_ body: MarkdownBody) {
        guard let heading = body.lines.lastIndex(where: { $0.heading.map(AcceptanceCriteria.isHeading) ?? false })
        else {
            self = .none
            return
        }
        items = body.section(below: heading).compactMap { index in
            body.lines[index].isCode ? nil : AcceptanceCriteria.box(in: body.bytes[body.lines[index].range])
        }
    }

    private static func isHeading(_ heading: MarkdownBody.Heading) -> Bool {
        let name = "acceptance criteria"
        let text = heading.text.lowercased()
        guard (2...4).contains(heading.level), text.hasPrefix(name) else { return false }
        return !(text.dropFirst(name.count).first?.isLetter ?? false)
    }

    private static func box(in line: ArraySlice<UInt8>) -> Item? {
        let marker = line.drop { $0 == 0x20 || $0 == 0x09 }
        guard let sign = marker.first, "-*+".utf8.contains(sign) else { return nil }
        let box = marker.dropFirst().drop { $0 == 0x20 || $0 == 0x09 }
        guard box.startIndex > marker.startIndex + 1, box.count >= 3 else { return nil }
        let mark = box.startIndex + 1
        guard box.first == UInt8(ascii: "["), " xX".utf8.contains(line[mark]), line[mark + 1] == UInt8(ascii: "]")
        else { return nil }
        let rest = line[(mark + 2)...]
        // `[x](…)`, `[x][…]` and `[x]: …` are links.
        if let next = rest.first, "([:".utf8.contains(next) { return nil }
        let text = String(decoding: MarkdownBody.trimmed(rest), as: UTF8.self)
        return Item(text: text, isChecked: line[mark] != 0x20, mark: mark)
    }
}

extension SpecDocument {
    /// A document with every open box of its criteria ticked; nothing else changes.
    public func tickingBoxes() -> SpecDocument {
        var new = bytes
        for item in AcceptanceCriteria(MarkdownBody(bodyBytes)).items where !item.isChecked {
            new[bodyRange.lowerBound + item.mark] = UInt8(ascii: "x")
        }
        return SpecDocument(bytes: new)
    }
}
