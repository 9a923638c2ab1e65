/// A line of a log, or a part of a very long one, with the place after it.
public struct LogLine: Sendable, Equatable {
    /// What the view shows of it, without the line's end; an LF inside stands for a CR of the log.
    public var text: [UInt8]
    /// The offset after it, its line end included.
    public var end: Int
    /// Whether the line goes on in the next one (`log-part` in contrast to `log`).
    public var isPart: Bool

    /// A line that ends at an offset.
    public init(_ text: [UInt8], end: Int, isPart: Bool = false) {
        self.text = text
        self.end = end
        self.isPart = isPart
    }
}

/// Cuts raw bytes into lines.
///
/// What comes out depends on the bytes alone, not on how they arrived: a line is cut at its LF, a part where more than
/// `longest` bytes without one are there.
struct LogLineCutter: Sendable {
    /// How many bytes a line may have before it is given in parts.
    static let longest = 65_536

    let view: LogView
    let keepsEscapes: Bool

    /// The lines in `bytes`; what is left over at its end is in none of them.
    ///
    /// - Parameters:
    ///   - bytes: raw bytes from the start of a line or a part.
    ///   - offset: where they lie in the log.
    ///   - isFinal: nothing follows them, so that an unfinished line is one.
    /// - Returns: lines and parts in order.
    func lines(_ bytes: [UInt8], at offset: Int, isFinal: Bool) -> [LogLine] {
        var lines: [LogLine] = []
        var start = 0
        while start < bytes.count {
            let window = bytes[start..<min(bytes.count, start + Self.longest + 1)]
            if let end = window.firstIndex(of: Byte.lineFeed) {
                lines.append(LogLine(line(bytes[start..<end]), end: offset + end + 1))
                start = end + 1
            } else if window.count > Self.longest {
                let (text, consumed) = shown(window.prefix(Self.longest), isFinal: false)
                start += consumed
                lines.append(LogLine(text, end: offset + start, isPart: true))
            } else {
                guard isFinal else { break }
                lines.append(LogLine(shown(window, isFinal: true).text, end: offset + bytes.count))
                start = bytes.count
            }
        }
        return lines
    }

    /// A whole line, without the CR that belongs to its end.
    private func line(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        shown(bytes.last == Byte.carriageReturn ? bytes.dropLast() : bytes, isFinal: true).text
    }

    private func shown(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> (text: [UInt8], consumed: Int) {
        switch view {
        case .text:
            return LogText(keepsEscapes: keepsEscapes).clean(bytes, isFinal: isFinal)
        case .raw, .events:
            // A CR at the end may belong to an LF that comes next: the part ends before it.
            let part = !isFinal && bytes.last == Byte.carriageReturn ? bytes.dropLast() : bytes
            return (part.map { $0 == Byte.carriageReturn ? Byte.lineFeed : $0 }, part.count)
        }
    }
}

/// Bytes with a meaning.
enum Byte {
    static let bell: UInt8 = 0x07
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let escape: UInt8 = 0x1B
}
