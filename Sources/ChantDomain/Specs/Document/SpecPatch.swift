import Yams

/// What a request sets and removes in a spec; everything else stays byte for byte as it is (R2).
public struct SpecPatch: Sendable, Equatable {
    /// Keys of the header in their order; `null` removes one, and a map is merged into the one that is there (RFC 7396).
    public var header: [HeaderEntry] = []
    /// The title: one line.
    public var title: String?
    /// The text after the header. One without a title of its own keeps the old one.
    public var body: String?

    /// A patch that changes nothing.
    public init() {}
}

extension SpecDocument {
    /// The document with a patch applied; what its status then is, is for the lifecycle to judge.
    public func applying(_ patch: SpecPatch) throws(SpecError) -> SpecDocument {
        var document = self
        for change in patch.header { document = try document.merging(change) }
        if let body = patch.body { document = try document.settingBody(body) }
        if let title = patch.title { document = try document.settingTitle(title) }
        return document
    }

    private func merging(_ change: HeaderEntry) throws(SpecError) -> SpecDocument {
        var changed: SpecDocument
        do throws(SpecError) {
            changed = try unchecked(change)
            // What was written has to say what was asked for, or it is not written.
            guard try changed.unchecked(change) == changed else {
                throw .invalid([Complaint("/\(change.key)", "`\(change.key)` cannot hold this value.")])
            }
        } catch {
            guard case .header(let problem) = error else { throw error }
            let place = problem.line.map { " (line \($0))" } ?? ""
            throw .invalid([Complaint("/\(change.key)", problem.detail + place)])
        }
        return changed
    }

    private func unchecked(_ change: HeaderEntry) throws(SpecError) -> SpecDocument {
        guard case .map(let entries) = change.value else {
            return change.value == .null ? try removing(change.key) : try setting(change.key, to: change.value)
        }
        let lines = try headerLines()
        guard let old = lines[change.key], case .mapping = old.value else {
            return try setting(change.key, to: HeaderValue.map([]).merging(change.value))
        }
        let isFlat = entries.allSatisfy { entry in
            if case .map = entry.value { false } else { entry.value != .null }
        }
        guard isFlat else {
            let now = FrontmatterReader(lines: lines).resolved(old.value, isHash: false)
            return try setting(change.key, to: now.merging(change.value))
        }
        var document = self
        for entry in entries { document = try document.setting(entry.key, inMap: change.key, to: entry.value) }
        return document
    }

    // MARK: - Title and body

    private func settingBody(_ text: String) throws(SpecError) -> SpecDocument {
        // Compared as bytes: two ways to write one accented letter are two texts.
        if text.utf8.elementsEqual(body.utf8) { return self }
        var new = Array(text.utf8)
        let old = MarkdownBody(bodyBytes)
        if MarkdownBody(new).titleLine == nil, let title = old.titleLine {
            let rest = new.drop { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
            let head = old.bytes[..<old.lines[title].range.upperBound] + lineEnding
            new = Array(head) + (rest.isEmpty ? [] : lineEnding + rest)
        }
        return try withBody(new, "/body")
    }

    private func settingTitle(_ title: String) throws(SpecError) -> SpecDocument {
        let old = MarkdownBody(bodyBytes)
        if let now = old.title, now.utf8.elementsEqual(title.utf8) { return self }
        let heading = Array("# \(title)".utf8)
        var new = old.bytes
        if let line = old.titleLine {
            new.replaceSubrange(old.lines[line].range, with: heading)
        } else {
            let isApart = old.lines.first.map { $0.range.isEmpty } ?? true
            new = lineEnding + heading + lineEnding + (isApart ? [] : lineEnding) + new
        }
        guard let written = MarkdownBody(new).title, written.utf8.elementsEqual(title.utf8) else {
            throw .invalid([Complaint("/title", "This cannot be read back as the title of a spec.")])
        }
        return try withBody(new, "/title")
    }

    /// The document with another body, which must not be read as a header.
    private func withBody(_ new: [UInt8], _ pointer: String) throws(SpecError) -> SpecDocument {
        let document = replacingBody(with: new)
        guard document.bodyBytes == new else {
            throw .invalid([Complaint(pointer, "A body that begins with `---` would be read as a header.")])
        }
        return document
    }
}

extension MarkdownBody {
    /// The line of the title.
    fileprivate var titleLine: Int? {
        lines.firstIndex { $0.heading.map { $0.level == 1 && !$0.text.isEmpty } ?? false }
    }
}

extension HeaderValue {
    /// This value with a JSON merge patch applied (RFC 7396): maps are merged, `null` removes a key of a map.
    func merging(_ patch: HeaderValue) -> HeaderValue {
        guard case .map(let changes) = patch else { return patch }
        var entries: [HeaderEntry] = []
        if case .map(let old) = self { entries = old }
        for change in changes {
            let index = entries.firstIndex { $0.key == change.key }
            switch (index, change.value) {
            case (let index?, .null): entries.remove(at: index)
            case (nil, .null): break
            case (let index?, let value): entries[index] = HeaderEntry(change.key, entries[index].value.merging(value))
            case (nil, let value): entries.append(HeaderEntry(change.key, HeaderValue.null.merging(value)))
            }
        }
        return .map(entries)
    }
}
