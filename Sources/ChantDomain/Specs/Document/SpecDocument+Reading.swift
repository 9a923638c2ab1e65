extension SpecDocument {
    /// The acceptance criteria of the body.
    var criteria: AcceptanceCriteria { AcceptanceCriteria(MarkdownBody(bodyBytes)) }

    /// A key's lines as they are, endings included; `nil` where the header has no such key.
    func rawLines(of key: String) throws(SpecError) -> [UInt8]? {
        let lines = try headerLines()
        return lines[key].map { Array(bytes[lines.byteRange($0.lines)]) }
    }
}
