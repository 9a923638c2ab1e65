/// Edits of the title and of the text below it; the header's bytes stay as they are (R2).
extension SpecDocument {
    /// The title: the first level-1 heading of the body outside code (R38).
    public var title: String? { MarkdownBody(bodyBytes).title }

    /// Replaces the body; a title survives a text that has none.
    ///
    /// A text with a title of its own becomes the body as it is, so that what was read and sent back changes nothing.
    /// Before one without, the old title's line stays, with what stands before it. A text without a single CR gets the
    /// line endings of the body that it replaces.
    ///
    /// - Throws: `header` for a header that never closes.
    public func settingBody(_ text: String) throws(SpecError) -> SpecDocument {
        try refuseUnterminated()
        let old = MarkdownBody(bodyBytes)
        let end = bodyLineEnding
        var new = SpecDocument.lines(text, ending: end)
        if let line = old.titleLine, MarkdownBody(new).title == nil {
            let blank = new.prefix { $0 == 0x0A || $0 == 0x0D }
            let heading = old.bytes[old.lines[line].range]
            let lead = old.bytes[..<old.lines[line].range.lowerBound]
            // What stands before the title is kept only where that is nothing but blank lines.
            let kept = SpecDocument.isBlank(lead) ? Array(lead) : []
            new = kept + heading + end + (new.isEmpty ? [] : end + new[blank.endIndex...])
        }
        return replacingBody(with: new)
    }

    /// Sets the title: its line is replaced, or put before the body where there is none.
    ///
    /// - Throws: `invalid` for a text that no heading can say: an empty one, or one of several lines.
    public func settingTitle(_ title: String) throws(SpecError) -> SpecDocument {
        try refuseUnterminated()
        let old = MarkdownBody(bodyBytes)
        if old.title == title { return self }
        let heading = SpecDocument.titleLine(title)
        let new: SpecDocument
        if let line = old.titleLine {
            let range = old.lines[line].range
            let indent = old.bytes[range].prefix { $0 == 0x20 }
            let start = bodyRange.lowerBound
            new = replacing((start + range.lowerBound + indent.count)..<(start + range.upperBound), with: heading)
        } else {
            let blank = old.lines.first { !SpecDocument.isBlank(old.bytes[$0.range]) }?.range.lowerBound
            let split = blank ?? old.bytes.count
            let end = bodyLineEnding
            let rest = blank == nil ? [] : end + old.bytes[split...]
            new = replacingBody(with: old.bytes[..<split] + heading + end + rest)
        }
        guard new.title == title else {
            throw .invalid([Complaint("/title", "A title is one line of text, without blanks at its ends.")])
        }
        return new
    }

    /// The line that says a title: a run of `#` at the end of a heading is no part of its text, unless another run follows.
    static func titleLine(_ title: String) -> [UInt8] { Array("# \(title)\(title.hasSuffix("#") ? " #" : "")".utf8) }

    func refuseUnterminated() throws(SpecError) {
        guard case .unterminated(let line) = layout else { return }
        throw .header(HeaderProblem("The header never closes: no line is exactly `---`.", line: line))
    }

    /// The body's own line ending; the header's for a body of one line.
    var bodyLineEnding: [UInt8] {
        let body = bytes[bodyRange]
        guard let end = body.firstIndex(of: UInt8(ascii: "\n")) else { return lineEnding }
        return end > body.startIndex && body[end - 1] == UInt8(ascii: "\r") ? Array("\r\n".utf8) : [UInt8(ascii: "\n")]
    }

    /// A text's bytes; without a CR of its own, its lines end as asked.
    private static func lines(_ text: String, ending: [UInt8]) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard ending.count > 1, !bytes.contains(0x0D) else { return bytes }
        return bytes.flatMap { $0 == 0x0A ? ending : [$0] }
    }
}
