/// What the header of a conflict spec says: which branch could not be merged, into what, and whom that holds up.
public struct SpecConflict: Sendable, Equatable {
    /// The branch that could not be merged.
    public var sourceBranch: String
    /// The branch that it was to be merged into.
    public var targetBranch: String
    /// The files that both changed.
    public var files: [String]
    /// Unfinished specs that are about to change one of these files.
    public var blockedSpecs: [String]
    /// The spec whose work it is.
    public var originalSpec: String

    /// The keys, in schema order; a list without items has none.
    var header: [(String, HeaderValue)] {
        let blocked = blockedSpecs.isEmpty ? [] : [("blocked_specs", HeaderValue.texts(blockedSpecs))]
        return [
            ("source_branch", .text(sourceBranch)), ("target_branch", .text(targetBranch)),
            ("conflicting_files", .texts(files)),
        ] + blocked + [("original_spec", .text(originalSpec))]
    }

    /// The unfinished specs whose `target_files` name one of the files, or a folder above it (§7.12 of the reference).
    static func blocked(by files: [String], besides original: SpecID, in index: SpecIndex) -> [String] {
        index.active.filter { spec in
            guard spec.id != original, spec.status != .completed, spec.status != .cancelled else { return false }
            return spec.targetFiles.contains { target in
                let folder = target.hasSuffix("/") ? target : target + "/"
                return files.contains { $0 == target || $0.hasPrefix(folder) }
            }
        }.map(\.id.text)
    }
}

extension NewSpec {
    /// A spec that an agent, or a person, can work to bring both sides together (§4.2 of the reference).
    ///
    /// - Parameters:
    ///   - conflict: what it is about.
    ///   - title: the title of the spec whose work it is.
    ///   - commits: that spec's commits that touch the files, newest first.
    init(resolving conflict: SpecConflict, title: String?, commits: [String]) {
        let body = Self.body(conflict, title, commits)
        self.init(title: "Resolve the conflict of \(conflict.originalSpec) with \(conflict.targetBranch)", body: body)
        kind = .conflict
        targetFiles = conflict.files
        prompt = "merge-conflict"
        self.conflict = conflict
    }

    private static func body(_ conflict: SpecConflict, _ title: String?, _ commits: [String]) -> String {
        let name = conflict.originalSpec
        let branch = "`\(conflict.sourceBranch)`"
        let target = "`\(conflict.targetBranch)`"
        let list = { (items: [String]) in items.map { "- `\($0)`" }.joined(separator: "\n") }
        var body = """
            ## Summary

            The work of spec \(name)\(title.map { " (\($0))" } ?? "") is on the branch \(branch) and cannot be merged into \
            \(target): both changed the same places.

            ## Context

            Files in conflict:

            \(list(conflict.files))
            """
        if !commits.isEmpty { body += "\n\nCommits of \(branch) that touch them:\n\n\(list(commits))" }
        if !conflict.blockedSpecs.isEmpty {
            body += "\n\nSpecs that are about to change them too:\n\n\(list(conflict.blockedSpecs))"
        }
        body += """


            ## Instructions

            1. Merge \(branch) into your branch, which starts at \(target): `git merge --no-ff \(conflict.sourceBranch)`.
            2. Write each file in conflict so that it does what both sides wanted. Spec files below `.chant` do not matter: \
            the service keeps those of \(target).
            3. Commit the merge. When it is on \(target), spec \(name) can be merged: it has nothing left to bring.

            ## Acceptance Criteria


            """
        let boxes = conflict.files.map { "- [ ] The conflict in `\($0)` is resolved" }
        return body
            + (boxes + ["- [ ] \(branch) is merged, and nothing of either side is lost"]).joined(separator: "\n")
    }
}
