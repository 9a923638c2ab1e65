/// Looks at one spec by the reduced set of lint rules (§6.1 of the reference); a pure function.
struct SpecLint: Sendable {
    /// `lint.thresholds` and `lint.disable`.
    var settings = ProjectConfiguration.Lint()

    /// Everything that the rules find, in their order.
    ///
    /// - Parameters:
    ///   - spec: the spec, with its text.
    ///   - index: all specs at this moment, archived ones among them.
    /// - Returns: the findings; those of severity error stop work.
    func findings(in spec: Spec, _ index: SpecIndex) -> [Finding] {
        LintRule.allCases.filter { !settings.disabled.contains($0.rawValue) }.flatMap { rule in
            switch rule {
            case .title: title(spec)
            case .dependency: dependencies(spec, index)
            case .type: type(spec, index)
            case .complexity: complexity(spec)
            case .coupling: coupling(spec, index)
            case .modelwaste: modelWaste(spec, index)
            }
        }
    }

    /// What lets no run begin.
    ///
    /// Not rule `dependency`: a dependency that does not exist is a blocker of the spec, `missing`, which has its own refusal
    /// with all the others (R10), and which `skip: ["dependencies"]` leaves out.
    func errorsAgainstWork(in spec: Spec, _ index: SpecIndex) -> [Finding] {
        findings(in: spec, index).filter { $0.severity == .error && $0.rule != .dependency }
    }

    // MARK: - Rules

    private func title(_ spec: Spec) -> [Finding] {
        guard spec.title == nil else { return [] }
        let advice = "Begin the body with a line such as `# What is to be done`."
        return [Finding(.title, .error, "The spec has no title.", suggestion: advice)]
    }

    private func dependencies(_ spec: Spec, _ index: SpecIndex) -> [Finding] {
        let order = WaitingOrder(index: index)
        let unknown = (spec.dependsOn ?? []).filter { name in SpecID(name).map { !order.exists($0) } ?? true }
        return unknown.map {
            Finding(
                .dependency,
                .error,
                "It depends on `\($0)`, which does not exist.",
                suggestion: "Mend `depends_on`."
            )
        }
    }

    private func type(_ spec: Spec, _ index: SpecIndex) -> [Finding] {
        func lacks(_ keys: String) -> Finding {
            Finding(.type, .warning, "A spec of type \(spec.kind.rawValue) should have \(keys).")
        }
        var found: [Finding] = []
        switch spec.kind {
        case .documentation:
            if spec.tracks.isEmpty { found.append(lacks("`tracks`")) }
            if spec.targetFiles.isEmpty { found.append(lacks("`target_files`")) }
        case .research:
            if spec.informedBy.isEmpty, spec.origin.isEmpty { found.append(lacks("`informed_by` or `origin`")) }
            if spec.targetFiles.isEmpty { found.append(lacks("`target_files`")) }
        case .driver, .group:
            let hasEmptyList = spec.frontmatter.contains { $0.key == "members" && $0.value == .list([]) }
            if hasEmptyList, index.members(of: spec.id).isEmpty { found.append(lacks("members")) }
        case .code, .task, .conflict: break
        }
        return found
    }

    private func complexity(_ spec: Spec) -> [Finding] {
        let limits = settings.complexity
        var figures = [
            (spec.criteria.total, limits.criteria, "acceptance criteria"),
            (spec.targetFiles.count, limits.files, "files"),
        ]
        if !settings.disabled.contains("complexity_words") {
            figures.append((Self.words(spec.body), limits.words, "words"))
        }
        return figures.filter { $0.0 > $0.1 }.map { count, limit, what in
            let detail = "It has \(count) \(what); more than \(limit) are hard to do in one run."
            return Finding(.complexity, .warning, detail, suggestion: "Split the spec.")
        }
    }

    private func coupling(_ spec: Spec, _ index: SpecIndex) -> [Finding] {
        guard !SpecGroup.isDriver(spec, in: index) else { return [] }
        let driver = spec.id.driver.flatMap { index.row($0) == nil ? nil : $0 }
        var named: Set<SpecID> = []
        return SpecMentions(spec.body).ids.filter { id in
            let isOfOwnTree = id == spec.id || id.isMember(of: spec.id) || spec.id.isMember(of: id)
            // A member may name whatever its driver is about, but not lean on its siblings.
            return !isOfOwnTree && (driver == nil || id.driver == driver) && named.insert(id).inserted
        }.map { id in
            let advice = "Say it in `depends_on`, or in the text what is needed of it."
            return Finding(.coupling, .warning, "Its text names the spec \(id).", suggestion: advice)
        }
    }

    private func modelWaste(_ spec: Spec, _ index: SpecIndex) -> [Finding] {
        guard let model = spec.model?.lowercased(), model.contains("opus") || model.contains("sonnet"),
            spec.kind != .research, !SpecGroup.isDriver(spec, in: index),
            spec.criteria.total <= settings.simple.criteria,
            spec.targetFiles.count <= settings.simple.files, Self.words(spec.body) <= settings.simple.words
        else { return [] }
        return [Finding(.modelwaste, .warning, "A smaller model than \(model) would do for so little.")]
    }

    private static func words(_ body: String) -> Int { body.split(whereSeparator: \.isWhitespace).count }
}

/// The ids that a text names outside code, other than as a link `[[id]]`.
struct SpecMentions {
    let ids: [SpecID]

    init(_ body: String) {
        let text = MarkdownBody(Array(body.utf8))
        ids = text.lines.filter { !$0.isCode }.flatMap { Self.ids(in: text.bytes[$0.range]) }
    }

    private static func ids(in line: ArraySlice<UInt8>) -> [SpecID] {
        var ids: [SpecID] = []
        var position = line.startIndex
        while position < line.endIndex {
            let word = line[position...].prefix(while: isPart)
            if word.isEmpty {
                position += 1
                continue
            }
            let isLink = line[..<position].suffix(2).elementsEqual("[[".utf8)
            let text = String(decoding: word, as: UTF8.self)
            let name = text.hasSuffix(".") ? String(text.dropLast()) : text
            if !isLink, let id = SpecID(name), id.dated != nil { ids.append(id) }
            position = word.endIndex
        }
        return ids
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
