import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Unusual repositories")
struct UnusualRepositoryTests {
    /// How the repository of a project is laid out.
    enum Home: String, CaseIterable {
        case bareWithLinked, separateGitDir, sha256, linkedProject, subfolder

        /// Makes it; returns the project's folder.
        func make(_ repository: TemporaryRepository) async throws -> String {
            let folder = repository.folder
            switch self {
            case .bareWithLinked:
                try await repository.git("clone", "--quiet", "--bare", repository.checkout, "\(folder)/bare.git")
                try await repository.git(
                    "worktree",
                    "add",
                    "--quiet",
                    "\(folder)/project",
                    "main",
                    in: "\(folder)/bare.git"
                )
            case .separateGitDir:
                try await repository.git(
                    "clone",
                    "--quiet",
                    "--separate-git-dir=\(folder)/apart.git",
                    repository.checkout,
                    "\(folder)/project"
                )
            case .sha256:
                try await repository.git("init", "--quiet", "--object-format=sha256", "-b", "main", "\(folder)/project")
                try await identify(repository, "\(folder)/project")
                try await repository.commit(["README.md": "hello\n"], "First", in: "\(folder)/project")
            case .linkedProject:
                try await repository.git("checkout", "--quiet", "-b", "mine")
                try await repository.git("worktree", "add", "--quiet", "\(folder)/project", "main")
            case .subfolder:
                try await repository.commit(["sub/README.md": "hello\n"], "Sub")
                return "\(repository.checkout)/sub"
            }
            try await identify(repository, "\(folder)/project")
            return "\(folder)/project"
        }

        private func identify(_ repository: TemporaryRepository, _ folder: String) async throws {
            try await repository.git("config", "user.name", "Test Person", in: folder)
            try await repository.git("config", "user.email", "person@example.invalid", in: folder)
        }
    }

    @Test("a run's whole way through git", arguments: Home.allCases)
    func wholeWay(home: Home) async throws {
        let repository = try await TemporaryRepository()
        let project = try await home.make(repository)
        let client = try await repository.client(projectFolder: project)
        let queue = WorktreeQueue(client: client, worktreesFolder: repository.worktreesFolder)
        let main = try #require(BranchName("main"))
        let branch = try #require(BranchName("chant/s"))
        let old = try #require(try await client.tip(of: main))
        let run = RunID(at: Date())
        let request = WorktreeRequest(
            runID: run,
            spec: try #require(SpecID("s")),
            branch: branch,
            start: .target,
            targetTip: old
        )
        let worktree = try await queue.obtain(request) { _ in }
        try await repository.commit(["new": "new\n"], "Work", in: worktree.path)
        let spec = "\(client.repository.chantPrefix)specs/s.md"
        let commits = try await CommitLog(client: client).collect(
            worktree,
            target: main,
            from: Date(),
            to: Date(),
            specPath: spec
        )
        #expect(commits.commits.count == 1)
        let result = try await FinishingCommit(client: client, identity: .service, signingKey: nil).make(
            onto: old,
            branchTip: commits.tip,
            files: [FinishedFile(path: spec, bytes: Array("done".utf8))],
            message: "chant: complete s\n",
            run: run
        )
        guard case .made(let plan) = result else { throw GitError.malformed("\(result)") }
        let moved = try await TargetMove(client: client).move(
            main,
            from: old,
            to: plan.commit,
            specFiles: plan.blobs,
            beforeIndexChange: { _ in }
        )
        #expect(moved == .moved)
        #expect(try await queue.giveBack(worktree, run: run, holding: .remove, droppingBranchIn: main) == nil)
        #expect(repository.read("new", in: client.repository.checkout) == "new\n")
        #expect(try await client.tip(of: main) == plan.commit)
        #expect(try await client.tip(of: branch) == nil)
        #expect(await queue.names() == [])
        try repository.write("done", to: spec, in: client.repository.checkout)
        #expect(try await client.status(untracked: .files).entries == [])
    }

    @Test("R23: a merge under way is seen where the git directory lies elsewhere")
    func busyApart() async throws {
        let repository = try await TemporaryRepository()
        let project = try await Home.separateGitDir.make(repository)
        let client = try await repository.client(projectFolder: project)
        let main = try #require(BranchName("main"))
        let old = try #require(try await client.tip(of: main))
        try repository.write("\(old)\n", to: "apart.git/MERGE_HEAD", in: repository.folder)
        let tree = try await client.tree(of: old)
        let new = try await client.commit(tree: tree, parents: [old], message: "M", identity: .service, signingKey: nil)
        let result = try await TargetMove(client: client).move(main, from: old, to: new, specFiles: [:]) { _ in }
        #expect(result == .busy("A merge is under way in \(project). Finish or abort it, then merge."))
    }
}
