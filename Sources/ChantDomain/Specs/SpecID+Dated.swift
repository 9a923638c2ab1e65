/// The parts of an id in the dated form `[PROJECT-]YYYY-MM-DD-SSS-XXX[.N…]` (§2.1 of the reference).
public struct DatedParts: Hashable, Sendable {
    /// The text before the date, without its dash.
    public let project: String?
    /// `YYYY-MM-DD`.
    public let day: String
    /// The day's counter, written in base 36.
    public let counter: Int
    /// The three random characters.
    public let suffix: String
    /// The member numbers; empty for a spec that is no member.
    public let members: [Int]
}

extension SpecID {
    /// The id's parts, where it has the dated form.
    public var dated: DatedParts? {
        let pieces = text.split(separator: ".", omittingEmptySubsequences: false)
        let parts = pieces[0].split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 5 else { return nil }
        let date = parts.count - 5
        guard SpecID.isNumber(parts[date], digits: 4), SpecID.isNumber(parts[date + 1], digits: 2),
            SpecID.isNumber(parts[date + 2], digits: 2),
            (3...10).contains(parts[date + 3].utf8.count), parts[date + 3].utf8.allSatisfy(SpecID.isBase36),
            let counter = Int(parts[date + 3], radix: 36),
            parts[date + 4].utf8.count == 3, parts[date + 4].utf8.allSatisfy(SpecID.isBase36)
        else { return nil }
        var members: [Int] = []
        for piece in pieces.dropFirst() {
            guard SpecID.isNumber(piece, digits: nil), let number = Int(piece) else { return nil }
            members.append(number)
        }
        return DatedParts(
            project: date == 0 ? nil : parts[..<date].joined(separator: "-"),
            day: parts[date...(date + 2)].joined(separator: "-"),
            counter: counter,
            suffix: String(parts[date + 4]),
            members: members
        )
    }

    /// A new id for a spec that is made on `day`: one more than the day's highest counter, and three random characters.
    public static func fresh(
        on day: LocalDay,
        taken: some Sequence<SpecID>,
        random: inout some RandomNumberGenerator
    ) -> SpecID {
        let highest = taken.lazy.compactMap(\.dated).filter { $0.day == day.text && $0.project == nil }
            .map(\.counter).max()
        let number = String((highest ?? 0) + 1, radix: 36)
        let counter = String(repeating: "0", count: max(0, 3 - number.utf8.count)) + number
        let letters = Array("0123456789abcdefghijklmnopqrstuvwxyz")
        let suffix = String((0..<3).map { _ in letters[Int.random(in: 0..<36, using: &random)] })
        guard let id = SpecID("\(day.text)-\(counter)-\(suffix)") else {
            preconditionFailure("a day, a counter and a suffix are always an id")
        }
        return id
    }

    private static func isNumber(_ text: Substring, digits: Int?) -> Bool {
        !text.isEmpty && (digits == nil || text.utf8.count == digits) && text.utf8.allSatisfy { (48...57).contains($0) }
    }

    private static func isBase36(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (97...122).contains(byte) }
}

// MARK: - Order

extension SpecID: Comparable {
    /// §2.3: by date, counter (as a number) and suffix, a driver before its members, members by number; others as text.
    public static func < (left: SpecID, right: SpecID) -> Bool { left.sortKey < right.sortKey }

    /// What the order compares; made once for each id where many are sorted.
    var sortKey: SortKey {
        if let parts = dated {
            let members = parts.members.map { SortKey.Piece(number: $0, text: "") }
            return SortKey(
                head: parts.day,
                counter: parts.counter,
                tail: "\(parts.suffix) \(parts.project ?? "")",
                members: members,
                text: text
            )
        }
        let pieces = text.split(separator: ".", omittingEmptySubsequences: false)
        let members = pieces.dropFirst().map { piece in
            let number = SpecID.isNumber(piece, digits: nil) ? Int(piece) : nil
            return SortKey.Piece(number: number ?? Int.max, text: number == nil ? String(piece) : "")
        }
        return SortKey(head: String(pieces[0]), counter: -1, tail: "", members: members, text: text)
    }

    struct SortKey: Comparable {
        struct Piece: Comparable {
            let number: Int
            let text: String

            static func < (left: Piece, right: Piece) -> Bool {
                left.number != right.number ? left.number < right.number : SpecID.precedes(left.text, right.text)
            }
        }

        let head: String
        let counter: Int
        let tail: String
        let members: [Piece]
        let text: String

        init(head: String, counter: Int, tail: String, members: [Piece], text: String) {
            self.head = head
            self.counter = counter
            self.tail = tail
            self.members = members
            self.text = text
        }

        /// The place of a file whose name is no id.
        init(name: String) { self.init(head: name, counter: -1, tail: "", members: [], text: name) }

        static func < (left: SortKey, right: SortKey) -> Bool {
            if left.head != right.head { return SpecID.precedes(left.head, right.head) }
            if left.counter != right.counter { return left.counter < right.counter }
            if left.tail != right.tail { return SpecID.precedes(left.tail, right.tail) }
            if left.members != right.members { return left.members.lexicographicallyPrecedes(right.members) }
            return SpecID.precedes(left.text, right.text)
        }
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
