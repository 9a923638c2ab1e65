/// Finds the end of a terminal's escape sequence (ECMA-48, and the strings of xterm).
enum EscapeSequence {
    enum Found: Equatable {
        /// A sequence of this length.
        case whole(Int)
        /// None, although it began like one: so many bytes are of no use, the rest is text.
        case broken(Int)
        /// More bytes decide.
        case unfinished
    }

    /// Whether U+0080 + `low`, a control of ISO 6429 in UTF-8, begins a sequence.
    static func begins(withControl low: UInt8) -> Bool {
        low == 0x9B || isString(low - 0x40)
    }

    /// The sequence at the start of `bytes`, which begin with ESC or with a control for which `begins` holds.
    static func length(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> Found {
        let isEscape = bytes.first == Byte.escape
        guard let second = bytes.dropFirst().first else { return isFinal ? .broken(1) : .unfinished }
        // The control's low byte less 0x40 is the letter that ESC has in its place.
        let kind = isEscape ? second : second - 0x40
        let found: Found? =
            switch kind {
            case UInt8(ascii: "["): controlSequence(bytes)
            case _ where isString(kind): string(bytes)
            case 0x20...0x2F: withIntermediates(bytes)
            case 0x30...0x7E: .whole(2)
            default: .broken(1)
            }
        if let found { return found }
        guard isFinal || bytes.count >= LogText.longestSequence else { return .unfinished }
        // Text that only looked like a string is shown; parameters and intermediates are of no use to anybody.
        return .broken(isString(kind) ? 2 : min(bytes.count, LogText.longestSequence))
    }

    /// Whether a string is begun, such as a window's title, whose end may be far.
    static func beginsString(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, let second = bytes.dropFirst().first else { return false }
        return first == Byte.escape ? isString(second) : first == 0xC2 && second >= 0x80 && isString(second - 0x40)
    }

    /// DCS, SOS, OSC, PM, APC.
    private static func isString(_ kind: UInt8) -> Bool {
        [UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "]"), UInt8(ascii: "^"), UInt8(ascii: "_")].contains(kind)
    }

    /// Parameters, intermediates, a final byte; anything else breaks it off and is text again.
    private static func controlSequence(_ bytes: ArraySlice<UInt8>) -> Found? {
        for (place, byte) in bytes.prefix(LogText.longestSequence).enumerated().dropFirst(2) {
            switch byte {
            case 0x20...0x3F: continue
            case 0x40...0x7E: return .whole(place + 1)
            default: return .broken(place)
            }
        }
        return nil
    }

    /// Up to BEL or ST; a line's end breaks it off.
    private static func string(_ bytes: ArraySlice<UInt8>) -> Found? {
        var previous: UInt8 = 0
        for (place, byte) in bytes.prefix(LogText.longestSequence).enumerated().dropFirst(2) {
            switch byte {
            case Byte.bell: return .whole(place + 1)
            case UInt8(ascii: "\\") where previous == Byte.escape: return .whole(place + 1)
            case 0x9C where previous == 0xC2: return .whole(place + 1)
            case Byte.lineFeed: return .broken(2)
            default: previous = byte
            }
        }
        return nil
    }

    /// Such as the choice of a character set: ESC ( B.
    private static func withIntermediates(_ bytes: ArraySlice<UInt8>) -> Found? {
        for (place, byte) in bytes.prefix(LogText.longestSequence).enumerated().dropFirst(1) {
            switch byte {
            case 0x20...0x2F: continue
            case 0x30...0x7E: return .whole(place + 1)
            default: return .broken(place)
            }
        }
        return nil
    }
}
