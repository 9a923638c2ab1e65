/// What the placeholders of a prompt stand for (§7.6 of the reference).
struct PromptValues: Sendable, Equatable {
    var projectName: String
    var specID: String
    var title: String?
    /// The whole text below the spec's header.
    var body: String
    /// The absolute path of the spec's copy in the worktree.
    var specPath: String
    var targetFiles: [String] = []
    /// The files of the spec's `context`, as `PromptContext` reads them.
    var context = ""
    /// The absolute path of the folder that the agent works in.
    var folder: String
    var branch: String
    /// The section about the spec's previous run; empty for the first one.
    var previous = ""
    /// What only specs about a merge conflict have.
    var conflict: Conflict?

    /// The two sides of a conflict.
    struct Conflict: Sendable, Equatable {
        var branch: String
        var target: String
        var files: [String]
        /// What each side changed in these files.
        var diff = ""
    }

    /// What the placeholder of this name stands for; `nil` for an unknown one.
    func value(of name: Substring) -> String? {
        switch name {
        case "project.name": projectName
        case "spec.id": specID
        case "spec.title": title ?? "(untitled)"
        case "spec.description": body
        case "spec.path": specPath
        case "spec": whole
        case "spec.target_files": targetFiles.joined(separator: "\n")
        case "spec.context": context
        case "worktree.path": folder
        case "worktree.branch": branch
        case "worktree.isolated": "true"
        case "previous": previous
        default: conflict?.value(of: name)
        }
    }

    private var whole: String {
        let targets =
            targetFiles.isEmpty ? [] : ["Target files:\n" + targetFiles.map { "- \($0)" }.joined(separator: "\n")]
        return (["Spec id: \(specID)", body] + targets).joined(separator: "\n\n")
    }
}

extension PromptValues.Conflict {
    /// What a spec says about its conflict; `nil` where it is about none.
    init?(_ spec: Spec) {
        guard let branch = spec.sourceBranch, let target = spec.targetBranch else { return nil }
        self.init(branch: branch, target: target, files: spec.conflictingFiles)
    }

    fileprivate func value(of name: Substring) -> String? {
        switch name {
        case "branch_name": branch
        case "target_branch": target
        case "conflicting_files": files.map { "- \($0)" }.joined(separator: "\n")
        case "conflict_diff": diff
        default: nil
        }
    }
}
