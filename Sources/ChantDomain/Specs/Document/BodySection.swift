/// A level-2 section of a body, found by its heading outside code.
public struct BodySection: Sendable, Equatable {
    /// The heading's text.
    public let heading: String
    /// The heading's line and all up to the next heading of level 1 or 2, in the body's bytes.
    let range: Range<Int>
    /// Where the text below the heading begins.
    let contentStart: Int
}

extension SpecDocument {
    /// The body's level-2 sections, in order.
    public var sections: [BodySection] {
        let body = MarkdownBody(bodyBytes)
        return body.lines.indices.compactMap { index in
            guard let heading = body.lines[index].heading, heading.level == 2 else { return nil }
            let content = body.section(below: index)
            func start(_ line: Int) -> Int {
                line < body.lines.count ? body.lines[line].range.lowerBound : body.bytes.count
            }
            return BodySection(
                heading: heading.text,
                range: start(index)..<start(content.upperBound),
                contentStart: start(content.lowerBound)
            )
        }
    }

    /// The text below a heading; of several sections with it, the last.
    public func text(of section: BodySection) -> String {
        let start = bodyRange.lowerBound
        return String(
            decoding: bytes[(start + section.contentStart)..<(start + section.range.upperBound)],
            as: UTF8.self
        )
    }

    /// Adds a section at the body's end, one blank line away from what is there.
    ///
    /// What hides the end, a fence that never closes, is closed first: a heading inside code would be no heading.
    ///
    /// - Throws: `invalid` for a heading that is no line of text; `header` for a header that never closes.
    public func appendingSection(_ heading: String, text: String) throws(SpecError) -> SpecDocument {
        try refuseUnterminated()
        let body = bodyBytes
        let end = bodyLineEnding
        let before = sections.map(\.heading)
        for closing in closings {
            let start = body + (body.isEmpty || body.last == UInt8(ascii: "\n") ? [] : end)
            let lines = start + closing.flatMap { Array($0.utf8) + end }
            let hasGap = lines.isEmpty || lines.suffix(2 * end.count).elementsEqual(end + end)
            let new = replacingBody(with: lines + (hasGap ? [] : end) + sectionBytes(heading, text))
            let after = new.sections.map(\.heading)
            if after.starts(with: before), after.dropFirst(before.count).first == heading { return new }
        }
        throw .invalid([Complaint("", "`\(heading)` cannot be the heading of a section here.")])
    }

    /// What may have to be closed before a heading at the end is one: nothing, the open fence, a transcript's fences.
    private var closings: [[String]] {
        let open = MarkdownBody(bodyBytes).fence.map { fence in
            [String(repeating: Character(Unicode.Scalar(fence.sign)), count: fence.length)]
        }
        return [[], open ?? ["```"], ["```", "```"]]
    }

    private func sectionBytes(_ heading: String, _ text: String) -> [UInt8] {
        let end = bodyLineEnding
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            line.last == 0x0D ? line.dropLast() : line
        }
        while lines.last?.isEmpty ?? false { lines.removeLast() }
        let content = lines.isEmpty ? [] : end + lines.flatMap { Array($0) + end }
        return Array("## \(heading)".utf8) + end + content
    }
}
