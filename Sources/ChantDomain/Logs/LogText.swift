/// What view `text` shows of raw bytes: valid UTF-8, no control characters but TAB and LF, no escape sequences.
///
/// A pure function that begins outside of any character and sequence. Where the bytes end inside of one, it stops
/// before it and says how far it came, so that the rest is read again together with what follows; so the text does not
/// depend on how the bytes were cut, while offsets count raw bytes. An LF ends every sequence: lines stand alone.
struct LogText: Sendable {
    /// A sequence that is longer is none: a lone introducer must not swallow the log.
    static let longestSequence = 4096

    private static let replacement = Array("\u{FFFD}".utf8)

    let keepsEscapes: Bool

    /// The text of `bytes`, and how many of them it stands for.
    ///
    /// - Parameters:
    ///   - bytes: raw bytes from where the last call came to.
    ///   - isFinal: nothing follows, so that what is unfinished is shown as far as it goes.
    /// - Returns: UTF-8, and the count of the bytes that are dealt with.
    func clean(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> (text: [UInt8], consumed: Int) {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let rest = bytes[index...]
            let step = step(rest, isFinal: isFinal)
            guard step.length > 0 else { break }
            switch step.shows {
            case .itself: text.append(contentsOf: rest.prefix(step.length))
            case .lineFeed: text.append(Byte.lineFeed)
            case .replacement: text.append(contentsOf: Self.replacement)
            case .sequence: text.append(contentsOf: String(decoding: rest.prefix(step.length), as: UTF8.self).utf8)
            case .nothing: break
            }
            index += step.length
        }
        return (text, index - bytes.startIndex)
    }

    /// What the first bytes of a rest stand for; length 0 when that depends on what follows.
    private struct Step {
        enum Shows {
            case itself
            case lineFeed
            case replacement
            case sequence
            case nothing
        }

        let shows: Shows
        let length: Int

        static let unfinished = Step(shows: .nothing, length: 0)
    }

    private func step(_ rest: ArraySlice<UInt8>, isFinal: Bool) -> Step {
        guard let first = rest.first else { return .unfinished }
        switch first {
        case 0x20..<0x7F, Byte.tab, Byte.lineFeed:
            // As many plain bytes as there are, at once.
            let plain = rest.prefix { (0x20..<0x7F).contains($0) || $0 == Byte.tab || $0 == Byte.lineFeed }
            return Step(shows: .itself, length: plain.count)
        case Byte.carriageReturn:
            guard let next = rest.dropFirst().first else {
                return isFinal ? Step(shows: .lineFeed, length: 1) : .unfinished
            }
            return Step(shows: next == Byte.lineFeed ? .nothing : .lineFeed, length: 1)
        case Byte.escape:
            return sequence(EscapeSequence.length(rest, isFinal: isFinal))
        case 0x80...:
            return character(rest, isFinal: isFinal)
        default:
            return Step(shows: .nothing, length: 1)
        }
    }

    private func sequence(_ found: EscapeSequence.Found) -> Step {
        switch found {
        case .whole(let length): Step(shows: keepsEscapes ? .sequence : .nothing, length: length)
        case .broken(let length): Step(shows: .nothing, length: length)
        case .unfinished: .unfinished
        }
    }

    private func character(_ rest: ArraySlice<UInt8>, isFinal: Bool) -> Step {
        switch UTF8Character.first(of: rest) {
        case .whole(let length):
            // U+0080 to U+009F are controls, some of which begin sequences.
            guard rest.first == 0xC2, let second = rest.dropFirst().first, second < 0xA0 else {
                return Step(shows: .itself, length: length)
            }
            return EscapeSequence.begins(withControl: second)
                ? sequence(EscapeSequence.length(rest, isFinal: isFinal)) : Step(shows: .nothing, length: length)
        case .broken(let length):
            return Step(shows: .replacement, length: length)
        case .unfinished:
            return isFinal ? Step(shows: .replacement, length: rest.count) : .unfinished
        }
    }
}

/// Finds the first character of UTF-8 bytes (the Unicode Standard, table 3-7).
enum UTF8Character {
    enum Found: Equatable {
        /// A well-formed character.
        case whole(Int)
        /// The longest start of a character that cannot be completed, or one byte that starts none.
        case broken(Int)
        /// The start of a character, of which the rest is not there.
        case unfinished
    }

    static func first(of bytes: ArraySlice<UInt8>) -> Found {
        guard let lead = bytes.first else { return .unfinished }
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0x00...0x7F: return .whole(1)
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if lead == 0xE0 { second = 0xA0...0xBF }
            if lead == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if lead == 0xF0 { second = 0x90...0xBF }
            if lead == 0xF4 { second = 0x80...0x8F }
        default: return .broken(1)
        }
        for place in 1..<length {
            guard place < bytes.count else { return .unfinished }
            let byte = bytes[bytes.startIndex + place]
            guard (place == 1 ? second : 0x80...0xBF).contains(byte) else { return .broken(place) }
        }
        return .whole(length)
    }
}
