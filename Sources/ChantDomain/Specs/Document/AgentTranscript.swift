/// Finds where a transcript that the original appended to a body ends.
///
/// Its form is: the heading, a blank line, a time, a blank line, a fence of three back-ticks, the agent's text, and a
/// closing fence that is glued to the text's last line where that has no line end. The text may hold fences and
/// headings of its own, and may be cut anywhere.
enum AgentTranscript {
    static func isHeading(_ heading: MarkdownBody.Heading) -> Bool {
        heading.level == 2 && heading.text.lowercased() == "agent output"
    }

    /// The index of the first line after the transcript whose heading is at `heading`; `nil` where none follows it, or
    /// one with a longer fence, which closes by the ordinary rules.
    static func end(in lines: [ArraySlice<UInt8>], after heading: Int) -> Int? {
        guard let fence = opening(in: lines, after: heading) else { return nil }
        var isInInnerFence = false
        for index in (fence + 1)..<max(fence + 1, lines.count) {
            if startsTranscript(lines, at: index) { return index }
            let text = MarkdownBody.trimmed(lines[index])
            let leading = text.prefix { $0 == UInt8(ascii: "`") }.count
            let trailing = text.reversed().prefix { $0 == UInt8(ascii: "`") }.count
            if leading >= 3, leading < text.count {
                if MarkdownBody.fence(text) != nil { isInInnerFence = true }
            } else if leading >= 3 {
                if isInInnerFence {
                    isInInnerFence = false
                } else if isLast(lines, index) {
                    return index + 1
                } else {
                    isInInnerFence = true
                }
            } else if trailing >= 3, isLast(lines, index) {
                return index + 1
            }
        }
        return lines.count
    }

    /// The line of the opening fence: after blank lines, and one line of text between them at most.
    private static func opening(in lines: [ArraySlice<UInt8>], after heading: Int) -> Int? {
        var texts = 0
        for index in (heading + 1)..<max(heading + 1, min(lines.count, heading + 8)) {
            let text = MarkdownBody.trimmed(lines[index])
            if text.isEmpty { continue }
            if let fence = MarkdownBody.fence(text) {
                return fence.sign == UInt8(ascii: "`") && fence.length == 3 ? index : nil
            }
            texts += 1
            guard texts == 1, MarkdownBody.heading(text) == nil else { return nil }
        }
        return nil
    }

    /// Whether nothing, or a section of the spec's own, follows the line.
    ///
    /// Those are of level 2; a line with one `#` is more often a comment in a block of code.
    private static func isLast(_ lines: [ArraySlice<UInt8>], _ index: Int) -> Bool {
        guard let next = lines[(index + 1)...].first(where: { !MarkdownBody.trimmed($0).isEmpty }) else { return true }
        return MarkdownBody.heading(next).map { $0.level == 2 } ?? false
    }

    private static func startsTranscript(_ lines: [ArraySlice<UInt8>], at index: Int) -> Bool {
        guard MarkdownBody.heading(lines[index]).map(isHeading) ?? false else { return false }
        return opening(in: lines, after: index) != nil
    }
}
