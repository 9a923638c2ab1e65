/// The fields of a spec that is to be made, and the file that they make.
public struct NewSpec: Sendable, Equatable {
    /// The title: one line.
    public var title: String
    /// The text below the title.
    public var body: String?
    /// What it is for.
    public var kind = SpecKind.code
    /// Free tags.
    public var labels: [String] = []
    /// What has to be done first; `nil` writes no key, which differs from an empty list.
    public var dependsOn: [String]?
    /// Files that are expected to change.
    public var targetFiles: [String] = []
    /// A prompt of its own.
    public var prompt: String?
    /// Whether a person has to approve it before it is worked on.
    public var needsApproval = false
    /// What a conflict spec is about.
    public var conflict: SpecConflict?

    /// A spec of type `code` with a title and nothing else.
    public init(title: String, body: String? = nil) {
        self.title = title
        self.body = body
    }

    /// The file, in the original's style: keys in schema order, list items not indented, then the title and the body.
    ///
    /// A title of more than 80 bytes without a body is a description: it is cut at its first line end, else at its
    /// first full stop, as the original does (§4.2 of the reference).
    public func markdown() throws(SpecError) -> [UInt8] {
        let (title, body) = parts()
        try check(title)
        var lines = ["---", "type: \(kind.rawValue)", "status: pending"]
        func add(_ key: String, _ value: HeaderValue) {
            lines += YAMLText.lines("\(key):", value, indent: "", itemIndent: "")
        }
        if let dependsOn { add("depends_on", .texts(dependsOn)) }
        if !labels.isEmpty { add("labels", .texts(labels)) }
        if !targetFiles.isEmpty { add("target_files", .texts(targetFiles)) }
        if let prompt { add("prompt", .text(prompt)) }
        for (key, value) in conflict?.header ?? [] { add(key, value) }
        if needsApproval {
            add("approval", .map([HeaderEntry("required", .flag(true)), HeaderEntry("status", .text("pending"))]))
        }
        lines += ["---", "", String(decoding: SpecDocument.titleLine(title), as: UTF8.self)]
        if !body.isEmpty { lines += ["", body] }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private func parts() -> (title: String, body: String) {
        let title = title.trimmed
        if let body { return (title, body.trimmed) }
        guard title.utf8.count > 80 else { return (title, "") }
        if let end = title.firstIndex(where: \.isNewline) {
            return (String(title[..<end]).trimmed, String(title[end...]).trimmed)
        }
        for index in title.indices where title[index] == "." {
            let next = title.index(after: index)
            guard next == title.endIndex || title[next] == " " else { continue }
            return (String(title[..<next]), String(title[next...]).trimmed)
        }
        return (title, "")
    }

    private func check(_ title: String) throws(SpecError) {
        var complaints: [Complaint] = []
        if title.isEmpty { complaints.append(Complaint("/title", "A spec needs a title.")) }
        if title.contains(where: \.isNewline) {
            complaints.append(Complaint("/title", "A title is one line; the rest belongs into `body`."))
        }
        for (index, id) in (dependsOn ?? []).enumerated() where !id.trimmed.isEmpty && SpecID(id) == nil {
            complaints.append(Complaint("/depends_on/\(index)", "This can be no spec's id."))
        }
        for (field, items) in [("labels", labels), ("depends_on", dependsOn ?? []), ("target_files", targetFiles)] {
            for (index, item) in items.enumerated() where item.trimmed.isEmpty {
                complaints.append(Complaint("/\(field)/\(index)", "An item of this list is empty."))
            }
        }
        if let prompt, prompt.trimmed.isEmpty { complaints.append(Complaint("/prompt", "A prompt's name is empty.")) }
        guard complaints.isEmpty else { throw .invalid(complaints) }
    }
}

extension String {
    /// The text without white space at both ends.
    fileprivate var trimmed: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
