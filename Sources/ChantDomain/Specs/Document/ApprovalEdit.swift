/// The edits that go with a person's word on a spec (§4.2 and §5.4 of the reference).
extension SpecDocument {
    /// The document with an approval that is asked for and not given yet.
    func requiringApproval() throws(SpecError) -> SpecDocument {
        try setting("required", inMap: "approval", to: .flag(true))
            .setting("status", inMap: "approval", to: .text(Approval.Status.pending.rawValue))
    }

    /// The document with somebody's word in its header and below `## Approval Discussion`; unknown keys of the map stay.
    ///
    /// - Parameters:
    ///   - status: the word.
    ///   - name: whose it is.
    ///   - time: when, as frontmatter has times.
    ///   - reason: why.
    /// - Returns: the changed document.
    /// - Throws: `header` where the file's form does not allow the edit; `invalid` for a reason that cannot stand there.
    func deciding(
        _ status: Approval.Status,
        by name: String,
        at time: String,
        because reason: String?
    ) throws(SpecError) -> SpecDocument {
        var document = try setting("status", inMap: "approval", to: .text(status.rawValue))
        document = try document.setting("by", inMap: "approval", to: .text(name))
        document = try document.setting("at", inMap: "approval", to: .text(time))
        let minute = "\(time.prefix(10)) \(time.dropFirst(11).prefix(5))"
        let head = "**\(name)** - \(minute) - \(status.rawValue.uppercased())"
        let lines = (reason ?? "").split(whereSeparator: \.isNewline).map(String.init)
        return try document.discussing([head] + lines, or: [head] + lines.map { "> \($0)" })
    }

    /// Where people's words on a spec stand.
    static let discussionHeading = "Approval Discussion"

    /// Whether anybody has decided about the spec.
    var isDiscussed: Bool { sections.contains { $0.heading == Self.discussionHeading } }

    /// Adds an entry to the discussion; one that would change what the body is made of is added as a quotation.
    private func discussing(_ plain: [String], or quoted: [String]) throws(SpecError) -> SpecDocument {
        let heading = Self.discussionHeading
        let wanted = sections.map(\.heading) + (isDiscussed ? [] : [heading])
        for lines in [plain, quoted] {
            let new: SpecDocument
            if let section = sections.last(where: { $0.heading == heading }) {
                new = inserting(lines, into: section)
            } else {
                new = try appendingSection(heading, text: lines.joined(separator: "\n"))
            }
            if new.sections.map(\.heading) == wanted, new.criteria.items.map(\.text) == criteria.items.map(\.text) {
                return new
            }
        }
        throw .invalid([Complaint("/reason", "This text cannot be written into the spec's discussion.")])
    }

    /// Puts lines, a blank one before them, behind the last line of a section that says something.
    private func inserting(_ lines: [String], into section: BodySection) -> SpecDocument {
        let ending = bodyLineEnding
        let start = bodyRange.lowerBound
        var end = start + section.range.upperBound
        let content = start + section.contentStart
        while end > content, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D || bytes[end - 1] == 0x20 { end -= 1 }
        let rest = bytes[end...].prefix { $0 != 0x0A }
        let lineEnd = min(end + rest.count + 1, bytes.count)
        // What stood behind the text on its line, and its line end, stay before the new lines.
        let at = end == content ? content : lineEnd
        let isOpen = at > start && bytes[at - 1] != 0x0A
        let new = (isOpen ? ending : []) + ending + lines.flatMap { Array($0.utf8) + ending }
        return replacing(at..<at, with: new)
    }
}
