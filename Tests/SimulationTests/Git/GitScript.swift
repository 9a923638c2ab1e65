import Foundation
import Synchronization

@testable import ChantDomain

/// Lines that were noted.
final class ScriptLines: Sendable {
    private let lines = Mutex<[String]>([])
    func note(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}

/// A story of runs told in the domain's own verbs; its answers name commits by when they came up, so that two tellings can
/// be compared.
final class GitScript: Sendable {
    private let subject: GitSubject
    private let queue: WorktreeQueue
    private let answers = Mutex<(lines: [String], names: [String: String])>(([], [:]))
    private let main: BranchName
    private var client: GitClient { subject.client }

    init(_ subject: GitSubject) throws {
        self.subject = subject
        queue = WorktreeQueue(client: subject.client, worktreesFolder: subject.worktreesFolder)
        guard let main = BranchName("main") else { throw GitError.invalidBranch("main") }
        self.main = main
    }

    func play() async throws -> [String] {
        try await look()
        let first = try await work("2026-01-05-001-aaa", ["one.txt": "1\n", "shared.txt": "first\n"], ["a.txt": "a\n"])
        let second = try await work("2026-01-05-002-aaa", ["shared.txt": "second\n"], [:])
        let third = try await work("2026-01-05-003-aaa", ["three/deep.txt": "3\n"], [:])
        try await finish(first)
        try await finish(second)
        put("somebody's own\n", "README.md")
        try await finish(third)
        try await dirty()
        put("hello\n", "README.md")
        try await finish(third)
        try await leave(second)
        try await refuse()
        for run in [first, third] {
            note(
                "gave back",
                try await queue.giveBack(run.worktree, run: run.id, holding: .remove, droppingBranchIn: main)
            )
        }
        try await references()
        return answers.withLock { $0.lines }
    }

    private struct Story: Sendable {
        let id: RunID
        let spec: SpecID
        let worktree: Worktree
    }

    // MARK: - Parts of the story

    private func look() async throws {
        note("tip", try await client.tip(of: main))
        note("no branch", try await client.tip(of: BranchName("none") ?? main))
        note("head", try await client.headBranch())
        note("is empty", try await client.isEmpty())
        note("default", try await client.defaultTarget(configured: nil))
        note("nothing", try await client.resolve("refs/heads/none"))
        note("ignored", try await client.ignored([".chant/logs/x", "x.md.tmp", "README.md"]).sorted())
        note("identity", try await client.userIdentity(in: subject.checkout))
        note("clean", try await client.status(untracked: .files).entries.map(\.path))
        note("folder", client.repository.prefix)
        note("merged", try await merged("1\n2\n3\n4\n5\n", "0\n2\n3\n4\n5\n", "1\n2\n3\n4\n6\n"))
        note("conflicting", try await merged("1\n2\n3\n", "1\nx\n3\n", "1\ny\n3\n").1)
    }

    private func merged(_ base: String, _ ours: String, _ theirs: String) async throws -> (String, Bool) {
        let text = try await client.mergeText(
            base: Array(base.utf8),
            ours: Array(ours.utf8),
            theirs: Array(theirs.utf8)
        )
        return (String(decoding: text.bytes, as: UTF8.self), text.conflicted)
    }

    private func work(_ name: String, _ files: [String: String], _ more: [String: String]) async throws -> Story {
        guard let spec = SpecID(name), let branch = BranchName("chant/\(name)"),
            let tip = try await client.tip(of: main)
        else { throw GitError.invalidBranch(name) }
        let id = RunID(at: Date())
        let request = WorktreeRequest(runID: id, spec: spec, branch: branch, start: .target, targetTip: tip)
        let worktree = try await queue.obtain(request) { _ in }
        note("base", worktree.base)
        note("users", try await client.worktreesUsing(branch).map(\.head))
        note("text", GitFiles.text(of: "\(worktree.path)/README.md"))
        try await subject.commit(files, worktree)
        if !more.isEmpty { try await subject.commit(more, worktree) }
        put("left\n", "left.txt", in: worktree.path)
        put("changed by \(name)\n", "README.md", in: worktree.path)
        let begun = Date(timeIntervalSinceNow: -60)
        let found = try await CommitLog(client: client).collect(
            worktree,
            target: main,
            from: begun,
            to: Date(),
            specPath: ".chant/specs/s.md"
        )
        note("commits", found.commits)
        note("tip", found.tip)
        note("lengths", found.short.map { $0.count >= 7 })
        note("uncommitted", found.uncommitted)
        note("untracked", found.untracked)
        note("chant", found.chantChanges.map(\.path))
        note("left branch", found.headLeftBranch)
        return Story(id: id, spec: spec, worktree: worktree)
    }

    private func finish(_ run: Story) async throws {
        guard let old = try await client.tip(of: main), let tip = try await client.tip(of: run.worktree.branch) else {
            throw GitError.malformed("no tip")
        }
        let file = FinishedFile(
            path: ".chant/specs/s.md",
            bytes: Array("---\nstatus: completed\n---\n\(run.spec)\n".utf8)
        )
        let maker = FinishingCommit(client: client, identity: .service, signingKey: nil)
        let made = try await maker.make(
            onto: old,
            branchTip: tip,
            files: [file],
            message: "M\n\nChant-Run: x\n",
            run: run.id
        )
        switch made {
        case .nothing: note("nothing", true)
        case .conflict(let files, let ours, let theirs):
            note("conflict", files)
            note("sides", [ours.count, theirs.count])
        case .made(let plan):
            note("changes", try await client.changes(from: old, to: plan.commit).map(\.path).sorted())
            let result = try await TargetMove(client: client).move(
                main,
                from: old,
                to: plan.commit,
                specFiles: plan.blobs
            ) { _ in }
            note("moved", result)
            note("reachable", try await client.isReachable(plan.commit, from: main))
            note("spec", try await client.contents(of: ".chant/specs/s.md", in: plan.commit).map { $0.count })
            // The domain writes the finished file itself.
            if result == .moved { put(String(decoding: file.bytes, as: UTF8.self), ".chant/specs/s.md") }
            try await client.dropFinishRef(run.id)
        }
        note("state", try await client.status(untracked: .files).entries.map { "\($0.index)\($0.workTree) \($0.path)" })
        note(
            "files",
            ["one.txt", "shared.txt", "three/deep.txt"].map { GitFiles.text(of: "\(subject.checkout)/\($0)") }
        )
    }

    /// What the third run meets: its own change of a file that nobody else touches passes, a person's change stays.
    private func dirty() async throws {
        note("kept", GitFiles.text(of: "\(subject.checkout)/README.md"))
        note("dirty", try await client.checkoutState().marks.keys.sorted())
    }

    private func leave(_ run: Story) async throws {
        let left = try await queue.giveBack(run.worktree, run: run.id, holding: .remove)
        note("leftover", left?.commit)
        guard let left else { return }
        note("held", try await client.changes(from: run.worktree.base, to: left.commit).map(\.path).sorted())
        note("kept refs", try await client.keptRefs().map { [$0.run == run.id ? "run" : "other"] })
        note("worktrees", try await client.worktrees().count)
    }

    private func refuse() async throws {
        guard let tip = try await client.tip(of: main), let parent = try await client.resolve("\(tip.hex)^1") else {
            throw GitError.malformed("no parent")
        }
        note("second parent", try await client.resolve("\(tip.hex)^2") != nil)
        do {
            try await client.updateRef("refs/chant/kept/x/y", to: tip, from: parent)
            note("swapped", true)
        } catch {
            note("not swapped", error.stderr.contains("cannot lock ref"))
        }
        try await client.updateRef("refs/chant/kept/x/y", to: parent, from: nil)
        note("ancestor", try await client.isAncestor(parent, of: tip))
        note("no ancestor", try await client.isAncestor(tip, of: parent))
        note("base", try await client.mergeBase(parent, tip))
    }

    private func references() async throws {
        note("branches", try await client.branches(withPrefix: "chant/").sorted())
        let kept = try await client.keptRefs()
        note("kept", kept.count)
        try await client.drop(kept.filter { $0.name.hasPrefix("refs/chant/kept/") })
        note("kept after", try await client.keptRefs().count)
        note("records", GitFiles.names(in: client.repository.worktreeRecords).count)
    }

    // MARK: - Answers

    private func put(_ text: String, _ path: String, in folder: String? = nil) {
        DiskFile.put(Array(text.utf8), at: "\(folder ?? subject.checkout)/\(path)")
    }

    /// Notes an answer; hashes become `#1`, `#2`, … in the order in which they come up.
    private func note<Answer>(_ what: String, _ answer: Answer) {
        var text = String(describing: answer).replacingOccurrences(of: subject.checkout, with: "<checkout>")
        answers.withLock { answers in
            for match in text.matches(of: #/[0-9a-f]{40}/#).map({ String($0.output) }) {
                let name = answers.names[match] ?? "#\(answers.names.count + 1)"
                answers.names[match] = name
                text = text.replacingOccurrences(of: match, with: name)
            }
            text = text.replacing(#/r[0-9a-hjkmnp-tv-z]{26}/#, with: "<run>")
            answers.lines.append("\(what): \(text)")
        }
    }
}
