/// What a rejection makes beside its own words: new specs first, then the rejected spec's file (§5.4 of the reference).
///
/// A crash in between leaves new specs that nobody refers to. They are found again by the next rejection, which takes them
/// instead of making others: members by number and title, the spec that mends by what it says it is for.
struct Rejection: Sendable {
    /// A spec that is to be made.
    struct New: Sendable {
        let id: SpecID
        let document: SpecDocument
    }

    /// What is to be made, in this order.
    private(set) var created: [New] = []
    /// What an earlier rejection has left, and this one takes.
    private(set) var taken: [SpecID] = []
    /// The rejected spec's file.
    private(set) var document: SpecDocument

    /// A rejection that is only written down.
    init(_ document: SpecDocument) { self.document = document }
}

// MARK: - `dependency`

extension Rejection {
    /// The rejected spec waits for one that mends what it was rejected for.
    ///
    /// - Parameters:
    ///   - spec: the rejected spec.
    ///   - decision: who rejected it, and why.
    ///   - document: its file with the rejection.
    ///   - index: all specs now.
    ///   - fresh: an id for a new spec.
    /// - Throws: `header` where the file's form does not allow the edit.
    init(
        mending spec: Spec,
        _ decision: ApprovalDecision,
        _ document: SpecDocument,
        _ index: SpecIndex,
        fresh: () -> SpecID
    ) throws(SpecError) {
        self.document = document
        let known = Set(spec.dependsOn ?? [])
        let left = index.active.first { other in
            other.originalSpec == spec.id.text && other.kind != .conflict && other.status == .pending
                && !known.contains(other.id.text)
        }
        let id: SpecID
        if let left {
            id = left.id
            taken = [id]
        } else {
            id = fresh()
            created = [New(id: id, document: try Self.mending(spec, decision, id))]
        }
        // A member without the key waits for its elder siblings; with it, only for what stands there.
        let siblings = WaitingOrder(index: index).elderSiblings(of: spec).map(\.text)
        for name in siblings + [id.text] {
            self.document = try self.document.appending(name, toList: "depends_on")
        }
    }

    private static func mending(
        _ spec: Spec,
        _ decision: ApprovalDecision,
        _ id: SpecID
    ) throws(SpecError) -> SpecDocument {
        var new = NewSpec(
            title: "Mend what \(spec.id) was rejected for",
            body: """
                \(Self.context("Spec \(spec.id) was rejected by \(decision.by).", decision))

                ## Acceptance Criteria

                - [ ] The reason for the rejection of \(spec.id) is dealt with
                - [ ] Nothing else of \(spec.id) was changed
                """
        )
        new.labels = spec.labels
        new.targetFiles = spec.targetFiles
        return try parsed(new, id).setting("original_spec", to: spec.id.text)
    }
}

// MARK: - `group`

extension Rejection {
    /// The rejected spec becomes a driver: a member for each of its criteria, or one for all of it.
    ///
    /// - Parameters:
    ///   - spec: the rejected spec.
    ///   - decision: who rejected it, and why.
    ///   - document: its file with the rejection.
    ///   - index: all specs now.
    /// - Throws: `invalid` where members cannot be named; `header` where the file's form does not allow the edit.
    init(
        grouping spec: Spec,
        _ decision: ApprovalDecision,
        _ document: SpecDocument,
        _ index: SpecIndex
    ) throws(SpecError) {
        let parts = try Self.parts(of: spec, decision)
        let present = index.directMembers(of: spec.id)
        let wanted = Dictionary(uniqueKeysWithValues: parts.map { ($0.id, $0.title) })
        let isOurs = present.allSatisfy { wanted[$0] != nil && wanted[$0] == index[$0]?.title }
        var driver = try document.setting("type", to: SpecKind.driver.rawValue)
        if !present.isEmpty, spec.kind.isDriver || !isOurs {
            // It has members of its own already: nothing is made beside them.
            self.document = try driver.settingList("members", to: present.map(\.text))
            return
        }
        driver = driver.naming(parts.map(\.id))
        self.document = try driver.settingList("members", to: parts.map(\.id.text))
        taken = present
        created = parts.filter { !present.contains($0.id) }.map { New(id: $0.id, document: $0.document) }
    }

    private struct Part {
        let id: SpecID
        let title: String?
        let document: SpecDocument
    }

    private static func parts(of spec: Spec, _ decision: ApprovalDecision) throws(SpecError) -> [Part] {
        let criteria = spec.criteria.items.map(\.text)
        let texts =
            criteria.isEmpty ? ["What \(spec.id) asks for is done, and why it was rejected is dealt with"] : criteria
        var parts: [Part] = []
        for (index, text) in texts.enumerated() {
            guard let id = SpecID("\(spec.id).\(index + 1)") else {
                throw .invalid([Complaint("", "The id of \(spec.id) is too long for members.")])
            }
            let lead = "Part \(index + 1) of \(texts.count) of \(spec.id), which was rejected by \(decision.by)"
            var new = NewSpec(
                title: title(text, or: "Part \(index + 1)"),
                body: """
                    \(context("\(lead); that spec says what all of it is for.", decision))

                    ## Acceptance Criteria

                    - [ ] \(text)
                    """
            )
            new.kind = spec.kind.isDriver || spec.kind == .conflict ? .code : spec.kind
            new.dependsOn = parts.last.map { [$0.id.text] } ?? []
            new.labels = spec.labels
            new.targetFiles = spec.targetFiles
            new.prompt = spec.prompt
            let document = try parsed(new, id)
            parts.append(Part(id: id, title: document.title, document: document))
        }
        return parts
    }

    /// A criterion as a title: one line without control characters, not too long.
    private static func title(_ text: String, or other: String) -> String {
        let plain = String(
            text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
        )
        let words = plain.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let short = words.count > longestTitle ? words.prefix(longestTitle - 1) + "…" : words[...]
        return short.contains { $0 != "#" && $0 != " " } ? String(short) : other
    }

    private static let longestTitle = 120
}

// MARK: - Both

extension Rejection {
    /// A sentence, and the words of who rejected it as a quotation.
    private static func context(_ sentence: String, _ decision: ApprovalDecision) -> String {
        let lines = (decision.reason ?? "").split(whereSeparator: \.isNewline).map { "> \($0)" }
        return ([sentence, ""] + lines).joined(separator: "\n")
    }

    /// The file of a new spec; what could not be read back is not written.
    private static func parsed(_ new: NewSpec, _ id: SpecID) throws(SpecError) -> SpecDocument {
        let document = SpecDocument(bytes: try new.markdown())
        do { _ = try Spec(id: id, path: "", document: document) } catch { throw .header(error) }
        return document
    }
}

extension SpecDocument {
    /// The criteria's boxes as references to the specs that have them now, so that none is open in two places.
    fileprivate func naming(_ members: [SpecID]) -> SpecDocument {
        var document = self
        // From the end: what stands before keeps its place.
        for (item, member) in zip(criteria.items, members).reversed() {
            let mark = document.bodyRange.lowerBound + item.mark
            document = document.replacing((mark - 1)..<(mark + 2), with: Array("\(member):".utf8))
        }
        return document
    }
}
