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
    public func appendingSection(_ heading: String, text: String) -> SpecDocument {
        let end = String(decoding: lineEnding, as: UTF8.self)
        let body = bodyBytes
        let tail = body.suffix(2 * end.utf8.count)
        let gap: String
        if body.isEmpty || tail.elementsEqual((end + end).utf8) {
            gap = ""
        } else {
            gap = tail.reversed().starts(with: end.utf8.reversed()) ? end : end + end
        }
        return replacingBody(with: body + Array((gap + sectionText(heading, text)).utf8))
    }

    /// Replaces the last section with this heading, or adds it at the end where there is none.
    public func replacingSection(_ heading: String, text: String) -> SpecDocument {
        guard let old = sections.last(where: { $0.heading == heading }) else {
            return appendingSection(heading, text: text)
        }
        let end = String(decoding: lineEnding, as: UTF8.self)
        let start = bodyRange.lowerBound
        let isLast = start + old.range.upperBound == bytes.count
        let new = sectionText(heading, text) + (isLast ? "" : end)
        return replacing((start + old.range.lowerBound)..<(start + old.range.upperBound), with: new.utf8)
    }

    private func sectionText(_ heading: String, _ text: String) -> String {
        let end = String(decoding: lineEnding, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasSuffix("\r") ? line.dropLast() : line
        }
        var content = lines.joined(separator: end)
        while content.hasSuffix(end) { content.removeLast(end.count) }
        return "## \(heading)\(end)\(end)\(content)\(end)"
    }
}
