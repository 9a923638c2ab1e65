/// What a request sets and removes in a spec; everything else stays byte for byte as it is (R2).
public struct SpecPatch: Sendable, Equatable {
    /// Keys of the header in their order; `null` removes one, and a map is merged into the one that is there (RFC 7396).
    public var header: [HeaderEntry] = []
    /// The title: one line.
    public var title: String?
    /// The text after the header.
    ///
    /// One without a title of its own keeps the old one.
    public var body: String?

    /// A patch that changes nothing.
    public init() {}
}

extension SpecDocument {
    /// The document with a patch applied; what its status then is, is for the lifecycle to judge.
    ///
    /// - Throws: `invalid` with the field and the place, where one cannot be written alone.
    public func applying(_ patch: SpecPatch) throws(SpecError) -> SpecDocument {
        var document = self
        for change in patch.header {
            do throws(SpecError) { document = try document.patching(change.key, with: change.value) } catch {
                guard case .header(let problem) = error else { throw error }
                let place = problem.line.map { " (line \($0))" } ?? ""
                throw .invalid([Complaint("/\(change.key)", problem.detail + place)])
            }
        }
        // What was read and comes back changes nothing, bytes that are no UTF-8 among it.
        if let body = patch.body, !body.utf8.elementsEqual(document.body.utf8) {
            document = try document.settingBody(body).keepingHeader(of: document, "/body")
        }
        if let title = patch.title {
            document = try document.settingTitle(title).keepingHeader(of: document, "/title")
        }
        return document
    }

    /// Refuses a body that would be read as a header, as one that begins with `---` is where there was no header.
    private func keepingHeader(of old: SpecDocument, _ pointer: String) throws(SpecError) -> SpecDocument {
        let header = old.bytes[..<old.bodyRange.lowerBound]
        // A closing marker at the very end of the file gets its line end with the first text below it.
        let isKept = [header, header + old.lineEnding].contains(bytes[..<bodyRange.lowerBound])
        if isKept, case .bodyOnly = layout { return self }
        if isKept, case .header = layout { return self }
        throw .invalid([Complaint(pointer, "A body that begins with `---` would be read as a header.")])
    }
}
