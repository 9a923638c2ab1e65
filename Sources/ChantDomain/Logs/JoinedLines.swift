/// A text without the line ends inside of what may be one encoding, such as the output of `base64`, `openssl` and
/// `xxd -p`, as it is or as a string in JSON has it; and where its bytes lay.
struct JoinedLines {
    /// A line end that was left out.
    private struct Break {
        /// Where it would be in the joined bytes.
        let place: Int
        /// How many bytes were left out up to there, its own included.
        let skipped: Int
    }

    /// What is longer, with the spaces before the next line, is none.
    static let longestBreak = 48

    private(set) var bytes: [UInt8] = []
    private var breaks: [Break] = []

    /// `nil` where no encoding can go on over a line's end.
    ///
    /// - Parameters:
    ///   - all: the text.
    ///   - isOpen: whether more may follow, so that what begins a line end at the text's end is one.
    init?(_ all: [UInt8], isOpen: Bool) {
        var start = 0
        var index = 1
        while index < all.count {
            guard Self.mayBegin(all[index]), Self.isEncoded(all[index - 1]) else {
                index += 1
                continue
            }
            let end = Self.endOfBreak(all, index, isOpen)
            if let end, end < all.count ? Self.isEncoded(all[end]) : isOpen {
                bytes += all[start..<index]
                breaks.append(Break(place: bytes.count, skipped: (breaks.last?.skipped ?? 0) + end - index))
                start = end
            }
            index = max(end ?? 0, index + 1)
        }
        guard !breaks.isEmpty else { return nil }
        bytes += all[start...]
    }

    /// Where the bytes of a place lie in the text, if there is a line end in it; of what stands before one, a few first
    /// bytes do not count: nobody waits for the rest of those.
    func broken(_ range: Range<Int>) -> [Range<Int>] {
        var low = 0
        var high = breaks.count
        while low < high {
            let middle = (low + high) / 2
            if breaks[middle].place > range.lowerBound { high = middle } else { low = middle + 1 }
        }
        var skipped = low == 0 ? 0 : breaks[low - 1].skipped
        guard low < breaks.count, breaks[low].place <= range.upperBound else { return [] }
        var start = range.lowerBound
        var parts: [Range<Int>] = []
        while low < breaks.count, breaks[low].place <= range.upperBound {
            let end = breaks[low].place
            if end - range.lowerBound >= SecretForms.shortest { parts.append(start + skipped..<end + skipped) }
            start = end
            skipped = breaks[low].skipped
            low += 1
        }
        if start < range.upperBound { parts.append(start + skipped..<range.upperBound + skipped) }
        return parts
    }

    private static func mayBegin(_ byte: UInt8) -> Bool {
        switch byte {
        case Byte.lineFeed, Byte.carriageReturn, UInt8(ascii: " "), Byte.tab, UInt8(ascii: "\\"): true
        default: false
        }
    }

    private static func isEncoded(_ byte: UInt8) -> Bool { encoded[Int(byte)] }

    private static let encoded: [Bool] = {
        var table = [Bool](repeating: false, count: 256)
        for byte in UInt8(ascii: "0")...UInt8(ascii: "9") { table[Int(byte)] = true }
        for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") { table[Int(byte)] = true }
        for byte in UInt8(ascii: "a")...UInt8(ascii: "z") { table[Int(byte)] = true }
        for byte in "+/-_".utf8 { table[Int(byte)] = true }
        return table
    }()

    /// Behind line feeds, as they are or as JSON (in JSON) writes them, and the spaces around them.
    private static func endOfBreak(_ all: [UInt8], _ start: Int, _ isOpen: Bool) -> Int? {
        var index = start
        var isBreak = false
        while index < all.count, index - start <= longestBreak {
            switch all[index] {
            case Byte.lineFeed: isBreak = true
            case Byte.carriageReturn, UInt8(ascii: " "), Byte.tab: break
            case UInt8(ascii: "\\"):
                var letter = index
                while letter < all.count, all[letter] == UInt8(ascii: "\\") { letter += 1 }
                guard letter < all.count else { return isOpen ? letter : nil }
                switch all[letter] {
                case UInt8(ascii: "n"): isBreak = true
                case UInt8(ascii: "r"), UInt8(ascii: "t"): break
                default: return nil
                }
                index = letter
            default: return isBreak ? index : nil
            }
            index += 1
        }
        guard index - start <= longestBreak else { return nil }
        return isBreak || isOpen ? index : nil
    }
}
