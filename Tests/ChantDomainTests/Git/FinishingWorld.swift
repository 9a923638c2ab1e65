import ChantTesting
import Foundation

@testable import ChantDomain

/// A run's branch that waits to be finished into `main`.
struct FinishingWorld: Sendable {
    let repository: TemporaryRepository
    let client: GitClient
    let run = RunID(at: Date())
    let branch: BranchName
    let main: BranchName
    let spec = ".chant/specs/s.md"
    let finished = "---\nstatus: completed\n---\ndone\n"

    /// What a test knows of the spec file in the checkout.
    enum SpecFile: CaseIterable {
        case tracked
        case edited
        case untracked
        case ignored
    }

    init(_ specFile: SpecFile = .tracked, files: [String: String] = [:]) async throws {
        var all = ["a": "1\n2\n3\n4\n5\n", "b": "b\n"].merging(files) { $1 }
        if specFile == .tracked || specFile == .edited { all[spec] = "---\nstatus: pending\n---\n" }
        if specFile == .ignored { all[".gitignore"] = ".chant/\n" }
        repository = try await TemporaryRepository(files: all)
        client = try await repository.client()
        guard let branch = BranchName("chant/s"), let main = BranchName("main") else {
            throw GitError.invalidBranch("")
        }
        self.branch = branch
        self.main = main
        if specFile != .tracked { try repository.write("---\nstatus: in_progress\n---\n", to: spec) }
    }

    /// Commits on the run's branch, made in a worktree that is gone afterwards.
    @discardableResult
    func work(_ files: [String: String], onto base: String = "main") async throws -> ObjectID {
        let folder = "\(repository.folder)/work-\(UInt32.random(in: 0 ... .max))"
        try await repository.git("worktree", "add", "--quiet", "-B", branch.text, folder, base)
        let commit = try await repository.commit(files, "Work", in: folder)
        try await repository.git("worktree", "remove", "--force", folder)
        guard let id = ObjectID(commit) else { throw GitError.malformed(commit) }
        return id
    }

    func make(_ tip: ObjectID?, files: [FinishedFile]? = nil, key: String? = nil) async throws -> FinishingResult {
        guard let old = try await client.tip(of: main) else { throw GitError.malformed("no target") }
        return try await FinishingCommit(client: client, identity: .service, signingKey: key).make(
            onto: old,
            branchTip: tip,
            files: files ?? [FinishedFile(path: spec, bytes: Array(finished.utf8))],
            message: "chant: complete s\n\nChant-Spec: s\nChant-Run: \(run)\n",
            run: run
        )
    }

    /// M for a branch that adds the file `new`.
    func plan(_ files: [String: String] = ["new": "new\n"]) async throws -> (plan: FinishingPlan, old: ObjectID) {
        let tip = try await work(files)
        guard case .made(let plan) = try await make(tip), let old = try await client.tip(of: main) else {
            throw GitError.malformed("no M")
        }
        return (plan, old)
    }

    func move(
        _ plan: FinishingPlan,
        from old: ObjectID,
        journal: GitWorld.Lines = GitWorld.Lines()
    ) async throws -> TargetMoveResult {
        try await TargetMove(
            client: client,
            retry: RetryPolicy(maxAttempts: 3, base: .milliseconds(1), cap: .milliseconds(1))
        )
        .move(main, from: old, to: plan.commit, specFiles: plan.blobs) { entries in
            for entry in entries { journal.note("\(entry.path) \(entry.mode ?? "-")") }
        }
    }

    func status() async throws -> [String] {
        try await repository.git("status", "--porcelain", "--untracked-files=all").split(separator: "\n").map(
            String.init
        )
    }

    /// All bytes of the checkout outside `.git`, by path.
    func snapshot() -> [String: String] {
        var files: [String: String] = [:]
        let names = FileManager.default.enumerator(atPath: repository.checkout)
        while let name = names?.nextObject() as? String {
            guard !name.hasPrefix(".git/"), let text = repository.read(name) else { continue }
            files[name] = text
        }
        return files
    }
}
