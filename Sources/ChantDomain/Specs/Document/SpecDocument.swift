/// The bytes of one spec file, and where its header and body lie in them; edits make new documents (R2).
///
/// The header opens with the first line that is not blank, if that is `---`, and closes only at a line that is exactly
/// `---` (a CR before the LF is tolerated, and so is a byte order mark in front). A file without it is all body.
public struct SpecDocument: Sendable, Equatable {
    /// The file, byte for byte.
    public let bytes: [UInt8]
    /// The SHA-256 of the bytes.
    public let digest: Digest
    let layout: Layout

    enum Layout: Equatable, Sendable {
        /// No header; the body begins here, after a byte order mark if there is one.
        case bodyOnly(from: Int)
        /// `yaml` lies between the two markers, `yamlLine` is the number of its first line, `body` begins after the
        /// closing marker's line.
        case header(yaml: Range<Int>, yamlLine: Int, body: Int)
        /// The header that opens at this line never closes.
        case unterminated(line: Int)
    }

    /// Finds header and body in `bytes`.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
        digest = Digest(of: bytes)
        layout = SpecDocument.layout(of: bytes)
    }

    /// The first 16 digits of the digest: `revision` on the wire.
    public var revision: String { digest.short16 }

    /// Where the body lies; for a header that never closes, nowhere.
    var bodyRange: Range<Int> {
        switch layout {
        case .bodyOnly(let start): start..<bytes.count
        case .header(_, _, let start): start..<bytes.count
        case .unterminated: bytes.count..<bytes.count
        }
    }

    /// The bytes after the header.
    public var bodyBytes: [UInt8] { Array(bytes[bodyRange]) }

    /// The body as text; bytes that are no UTF-8 are replaced.
    public var body: String { String(decoding: bytes[bodyRange], as: UTF8.self) }

    /// The file's own line ending: that of its first line; LF where there is none.
    var lineEnding: [UInt8] {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return [UInt8(ascii: "\n")] }
        return end > 0 && bytes[end - 1] == UInt8(ascii: "\r") ? Array("\r\n".utf8) : [UInt8(ascii: "\n")]
    }

    /// A document with other bytes in `range`.
    func replacing(_ range: Range<Int>, with new: some Sequence<UInt8>) -> SpecDocument {
        SpecDocument(bytes: Array(bytes[..<range.lowerBound]) + Array(new) + bytes[range.upperBound...])
    }

    /// A document with another body and the same header; one whose header never closes stays as it is.
    ///
    /// The closing `---` may lack its line end, and a body without a header may begin as a header does: then a line
    /// end, or an empty header, keeps the two apart.
    public func replacingBody(with body: [UInt8]) -> SpecDocument {
        let marker = SpecDocument.marker + lineEnding
        let new: SpecDocument
        switch layout {
        case .header(_, _, let start):
            let isOpen = bytes[..<start].last != UInt8(ascii: "\n") && !body.isEmpty
            new = replacing(bodyRange, with: (isOpen ? lineEnding : []) + body)
        case .bodyOnly(let start):
            let bare = replacing(bodyRange, with: body)
            new = bare.layout == layout ? bare : replacing(start..<bytes.count, with: marker + marker + body)
        case .unterminated: new = self
        }
        return new
    }
}

// MARK: - Finding the header

extension SpecDocument {
    private static func layout(of bytes: [UInt8]) -> Layout {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var position = start
        var line = 1
        while position < bytes.count, isBlank(bytes[position..<lineEnd(in: bytes, from: position)]) {
            position = lineEnd(in: bytes, from: position)
            line += 1
        }
        guard position < bytes.count else { return .bodyOnly(from: start) }
        let opening = line
        let end = lineEnd(in: bytes, from: position)
        guard bytes[position..<end].starts(with: marker), isBlank(bytes[(position + 3)..<end]) else {
            return .bodyOnly(from: start)
        }
        let yaml = end
        position = end
        while position < bytes.count {
            let next = lineEnd(in: bytes, from: position)
            if isMarker(bytes[position..<next]) {
                return .header(yaml: yaml..<position, yamlLine: opening + 1, body: next)
            }
            position = next
        }
        return .unterminated(line: opening)
    }

    private static let marker = Array("---".utf8)

    /// The index after the line that begins at `start`, its line feed included.
    static func lineEnd(in bytes: [UInt8], from start: Int) -> Int {
        bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
    }

    static func isBlank(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
    }

    /// Exactly `---`, then LF, CRLF or the end of the file.
    private static func isMarker(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.starts(with: marker) else { return false }
        let rest = line.dropFirst(3)
        return rest.isEmpty || rest.elementsEqual("\n".utf8) || rest.elementsEqual("\r\n".utf8)
    }
}
