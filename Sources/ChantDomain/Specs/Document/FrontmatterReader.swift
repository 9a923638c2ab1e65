import Yams

public import struct Foundation.Date

extension Spec {
    /// Reads a document as the spec `id`.
    ///
    /// - Throws: what makes it unreadable (R3): broken YAML, a header that never closes, a key twice, an unknown word
    ///   in `type` or `status`, a known key whose value has the wrong shape.
    public init(
        id: SpecID,
        path: String,
        document: SpecDocument,
        archived: Bool = false,
        updatedAt: Date = Date(timeIntervalSince1970: 0)
    ) throws(HeaderProblem) {
        self.id = id
        self.path = path
        self.archived = archived
        self.updatedAt = updatedAt
        revision = document.revision
        try FrontmatterReader(lines: FrontmatterLines(document)).read(into: &self)
        body = document.body
        let markdown = MarkdownBody(document.bodyBytes)
        title = markdown.title
        criteria = AcceptanceCriteria(markdown)
    }
}

/// Fills a spec's fields from its header; unknown keys are kept aside with their values (R38).
struct FrontmatterReader {
    let lines: FrontmatterLines

    func read(into spec: inout Spec) throws(HeaderProblem) {
        for entry in lines.entries {
            spec.frontmatter.append(HeaderEntry(entry.key, written(entry.value)))
            if try readState(entry, into: &spec) { continue }
            if try readList(entry, into: &spec) { continue }
            if try readText(entry, into: &spec) { continue }
            spec.extra.append(HeaderEntry(entry.key, resolved(entry.value, isHash: entry.key == "commit")))
        }
    }

    private func readState(_ entry: FrontmatterLines.Entry, into spec: inout Spec) throws(HeaderProblem) -> Bool {
        switch entry.key {
        case "type":
            guard let word = try text(entry) else { break }
            guard let kind = SpecKind(word: word) else { throw problem(entry, "`\(word)` is no type of a spec.") }
            spec.kind = kind
        case "status":
            guard let word = try text(entry) else { break }
            guard let status = SpecStatus(word: word) else { throw problem(entry, "`\(word)` is no status of a spec.") }
            spec.status = status
        case "approval": spec.approval = try approval(entry)
        case "retry_state": spec.retryState = try retryState(entry)
        case "public": spec.isPublic = try flag(entry.value, entry)
        case "replay_count": spec.replayCount = try integer(entry.value, entry)
        default: return false
        }
        return true
    }

    private func readList(_ entry: FrontmatterLines.Entry, into spec: inout Spec) throws(HeaderProblem) -> Bool {
        switch entry.key {
        case "depends_on": spec.dependsOn = try list(entry)
        case "labels": spec.labels = try list(entry) ?? []
        case "target_files": spec.targetFiles = try list(entry) ?? []
        case "context": spec.context = try list(entry) ?? []
        case "commits": spec.commits = try list(entry) ?? []
        case "tracks": spec.tracks = try list(entry) ?? []
        case "informed_by": spec.informedBy = try list(entry) ?? []
        case "origin": spec.origin = try list(entry) ?? []
        case "conflicting_files": spec.conflictingFiles = try list(entry) ?? []
        case "blocked_specs": spec.blockedSpecs = try list(entry) ?? []
        case "verification_failures": spec.verificationFailures = try list(entry) ?? []
        case "derived_fields": spec.derivedFields = try list(entry) ?? []
        case "members": spec.listedMembers = try list(entry) ?? []
        default: return false
        }
        return true
    }

    private func readText(_ entry: FrontmatterLines.Entry, into spec: inout Spec) throws(HeaderProblem) -> Bool {
        switch entry.key {
        case "prompt": spec.prompt = try text(entry)
        case "branch": spec.branch = try text(entry)
        case "completed_at": spec.completedAt = try text(entry)
        case "model": spec.model = try text(entry).map(FrontmatterReader.modelName)
        case "schedule": spec.schedule = try text(entry)
        case "source_branch": spec.sourceBranch = try text(entry)
        case "target_branch": spec.targetBranch = try text(entry)
        case "original_spec": spec.originalSpec = try text(entry)
        case "last_verified": spec.lastVerified = try text(entry)
        case "verification_status": spec.verificationStatus = try text(entry)
        case "replayed_at": spec.replayedAt = try text(entry)
        case "original_completed_at": spec.originalCompletedAt = try text(entry)
        case "output_schema": spec.outputSchema = try text(entry)
        default: return false
        }
        return true
    }

    /// Whether the service knows the key, and so decides itself what its text means.
    static func isTyped(_ key: String) -> Bool { typedKeys.contains(key) || key == "commit" }

    static let typedKeys: Set<String> = [
        "type", "status", "approval", "retry_state", "public", "replay_count", "depends_on", "labels", "target_files",
        "context", "commits", "tracks", "informed_by", "origin", "conflicting_files", "blocked_specs",
        "verification_failures", "derived_fields", "members", "prompt", "branch", "completed_at", "model", "schedule",
        "source_branch", "target_branch", "original_spec", "last_verified", "verification_status", "replayed_at",
        "original_completed_at", "output_schema",
    ]

    /// A model's short name, where it contains one (§3.1 of the reference).
    static func modelName(_ name: String) -> String {
        let lower = name.lowercased()
        return ["opus", "sonnet", "haiku"].first { lower.contains($0) } ?? name
    }
}

// MARK: - Shapes

extension FrontmatterReader {
    private func problem(_ entry: FrontmatterLines.Entry, _ detail: String) -> HeaderProblem {
        HeaderProblem(detail, line: lines.fileLine(entry.lines.lowerBound))
    }

    private func isNull(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    private func text(_ entry: FrontmatterLines.Entry) throws(HeaderProblem) -> String? {
        if isNull(entry.value) { return nil }
        guard case .scalar(let scalar) = entry.value else { throw problem(entry, "`\(entry.key)` has to be a text.") }
        return scalar.string
    }

    private func list(_ entry: FrontmatterLines.Entry) throws(HeaderProblem) -> [String]? {
        if isNull(entry.value) { return nil }
        guard let texts = FrontmatterReader.texts(of: entry.value) else {
            throw problem(entry, "`\(entry.key)` has to be a list of texts.")
        }
        return texts
    }

    /// A list's items as they are written, or the one text that stands for a list.
    static func texts(of node: Node) -> [String]? {
        switch node {
        case .scalar(let scalar): return [scalar.string]
        case .sequence(let sequence):
            var texts: [String] = []
            for item in sequence {
                guard case .scalar(let scalar) = item else { return nil }
                if scalar.string.isEmpty, scalar.style == .plain { continue }
                texts.append(scalar.string)
            }
            return texts
        default: return nil
        }
    }

    private func flag(_ node: Node, _ entry: FrontmatterLines.Entry) throws(HeaderProblem) -> Bool? {
        if isNull(node) { return nil }
        switch node.scalar?.string.lowercased() {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default: throw problem(entry, "`\(entry.key)` has to be true or false.")
        }
    }

    private func integer(_ node: Node, _ entry: FrontmatterLines.Entry) throws(HeaderProblem) -> Int? {
        if isNull(node) { return nil }
        guard let number = node.scalar.flatMap({ Int($0.string) }) else {
            throw problem(entry, "`\(entry.key)` has to be a whole number.")
        }
        return number
    }

    private func approval(_ entry: FrontmatterLines.Entry) throws(HeaderProblem) -> Approval? {
        if isNull(entry.value) { return nil }
        guard case .mapping(let map) = entry.value else { throw problem(entry, "`approval` has to be a map.") }
        var status = Approval.Status.pending
        if let word = map["status"], !isNull(word) {
            guard let known = word.scalar.flatMap({ Approval.Status(rawValue: $0.string) }) else {
                throw HeaderProblem(
                    "`approval.status` has to be pending, approved or rejected.",
                    line: lines.fileLine(of: word)
                )
            }
            status = known
        }
        let required = try map["required"].map { node throws(HeaderProblem) in try flag(node, entry) } ?? nil
        func words(_ key: String) -> String? { map[key].flatMap { isNull($0) ? nil : $0.scalar?.string } }
        return Approval(required: required ?? false, status: status, by: words("by"), at: words("at"))
    }

    private func retryState(_ entry: FrontmatterLines.Entry) throws(HeaderProblem) -> RetryState? {
        if isNull(entry.value) { return nil }
        guard case .mapping(let map) = entry.value else { throw problem(entry, "`retry_state` has to be a map.") }
        func number(_ key: String) throws(HeaderProblem) -> Int? {
            guard let node = map[key] else { return nil }
            return try integer(node, entry)
        }
        return RetryState(
            attempts: try number("attempts") ?? 0,
            lastRetryTime: try number("last_retry_time"),
            nextRetryTime: try number("next_retry_time")
        )
    }
}

// MARK: - Values for the wire

extension FrontmatterReader {
    /// A value with every scalar as it is written.
    func written(_ node: Node) -> HeaderValue { value(node) { .text($0.string) } }

    /// A value as YAML means it, for keys that we do not know; what looks like a commit hash stays a text (R4).
    func resolved(_ node: Node, isHash: Bool) -> HeaderValue {
        value(node) { scalar in
            guard !isHash, scalar.style == .plain || scalar.style == .any else { return .text(scalar.string) }
            switch scalar.string {
            case "true", "True", "TRUE": return .flag(true)
            case "false", "False", "FALSE": return .flag(false)
            default: break
            }
            let text = scalar.string
            let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
            // A hash may be all digits, but it has no point.
            guard digits.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") }),
                digits.utf8.count <= (digits.contains(".") ? 400 : 15),
                digits == "0" || digits.hasPrefix("0.") || !digits.hasPrefix("0")
            else { return .text(text) }
            if let number = Int(text) { return .integer(number) }
            guard !digits.hasPrefix("."), !digits.hasSuffix("."), let number = Double(text) else { return .text(text) }
            return .decimal(number)
        }
    }

    private func value(_ node: Node, _ scalar: (Node.Scalar) -> HeaderValue) -> HeaderValue {
        switch node {
        case .scalar(let text): isNull(node) ? .null : scalar(text)
        case .sequence(let items): .list(items.map { value($0, scalar) })
        case .mapping(let pairs):
            .map(pairs.map { HeaderEntry($0.key.scalar?.string ?? "", value($0.value, scalar)) })
        case .alias: .null
        }
    }
}
