/// Cuts structured output into lines, however its bytes arrive; a place in the output, to go on from.
///
/// What comes out depends on the bytes alone. A line that is too long is passed over in pieces, so that memory stays
/// bounded.
struct OutputLines: Sendable, Codable, Equatable {
    /// A line and where it begins.
    struct Line: Equatable {
        enum Content: Equatable {
            case whole(ArraySlice<UInt8>)
            /// So many bytes, which nobody looks at.
            case overlong(Int)
        }

        let start: Int
        let content: Content
    }

    /// The longest line that is looked at: tools give back whole files and pictures.
    static let longest = 4 << 20

    /// Where to read on.
    private(set) var offset = 0
    /// How much of a line that is too long lies before that.
    private(set) var skipped = 0

    /// The lines in `bytes`, which lie at `offset`.
    ///
    /// - Parameters:
    ///   - bytes: what was read there; more than `longest` bytes without a line break are a line that is too long.
    ///   - isFinal: nothing follows, so that an unfinished line is one.
    /// - Returns: the lines; `offset` has moved behind them.
    mutating func cut(_ bytes: [UInt8], isFinal: Bool) -> [Line] {
        var lines: [Line] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: Self.lineBreak)
            let length = end.map { $0 - rest.startIndex } ?? rest.count
            if end == nil, !isFinal, skipped + length <= Self.longest { break }
            if end == nil, !isFinal {
                skipped += length
                offset += length
                break
            }
            lines.append(line(rest.prefix(length)))
            skipped = 0
            offset += length + (end == nil ? 0 : 1)
            rest = rest.dropFirst(length + 1)
        }
        return lines
    }

    private func line(_ bytes: ArraySlice<UInt8>) -> Line {
        let length = skipped + bytes.count
        return Line(start: offset - skipped, content: length > Self.longest ? .overlong(length) : .whole(bytes))
    }

    private static let lineBreak = UInt8(ascii: "\n")
}

extension OutputLines.Line {
    /// What it says.
    ///
    /// - Parameters:
    ///   - dialect: how the agent writes.
    ///   - agentBegin: where its output begins; what lies before is text, whatever it looks like.
    /// - Returns: the line, read.
    func decoded(_ dialect: AgentDialect, agentBegin: Int = 0) -> DecodedLine {
        switch content {
        case .whole(let bytes) where start < agentBegin: .plain(String(decoding: bytes, as: UTF8.self))
        case .whole(let bytes): dialect.decode(bytes)
        case .overlong(let count): .overlong(count)
        }
    }
}
