/// The bytes that view `text` shows, and where they lay.
struct ShownBytes {
    /// What is made of a terminal's strings, such as titles, of which nobody knows whether they end before they do.
    enum Strings: Sendable {
        /// They are text.
        case shown
        /// They are not shown where they have an end.
        case hidden
        /// Nor is one at the text's end that may get one.
        case awaited
    }

    private(set) var bytes: [UInt8] = []
    private(set) var places: [Int] = []

    /// `nil` where all are shown.
    init?(_ all: [UInt8], _ strings: Strings) {
        guard all.contains(where: Self.mayBeHidden) else { return nil }
        bytes.reserveCapacity(all.count)
        places.reserveCapacity(all.count)
        var index = 0
        while index < all.count {
            let skipped = Self.mayBeHidden(all[index]) ? Self.hidden(all[index...], strings) : 0
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
    private static func hidden(_ bytes: ArraySlice<UInt8>, _ strings: Strings) -> Int {
        let second = bytes.dropFirst().first
        switch bytes.first {
        case Byte.escape: return sequence(bytes, strings)
        case Byte.carriageReturn: return second == Byte.lineFeed ? 1 : 0
        case 0xC2:
            // Half a character at the text's end may become a control.
            guard let second else { return strings == .awaited ? 1 : 0 }
            guard (0x80..<0xA0).contains(second) else { return 0 }
            return EscapeSequence.begins(withControl: second) ? sequence(bytes, strings) : 2
        default: return 1
        }
    }

    private static func sequence(_ bytes: ArraySlice<UInt8>, _ strings: Strings) -> Int {
        if strings == .shown, EscapeSequence.beginsString(bytes) { return 2 }
        switch EscapeSequence.length(bytes, isFinal: strings != .awaited) {
        case .whole(let length), .broken(let length): return length
        case .unfinished: return bytes.count
        }
    }
}
