import ChantTesting
import Foundation
import Synchronization

@testable import ChantDomain

/// A temporary repository with the rooms that work on it.
struct GitWorld: Sendable {
    let repository: TemporaryRepository
    let client: GitClient
    let queue: WorktreeQueue
    let log = Lines()

    /// What a queue or a run noted.
    final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        func note(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    init(
        files: [String: String] = ["README.md": "hello\n"],
        program: String = "git",
        retry: RetryPolicy = RetryPolicy(maxAttempts: 4, base: .milliseconds(1), cap: .milliseconds(4)),
        patience: Duration = .seconds(20)
    ) async throws {
        repository = try await TemporaryRepository(files: files)
        client = try await repository.client(program: program)
        queue = WorktreeQueue(
            client: client,
            worktreesFolder: repository.worktreesFolder,
            retry: retry,
            patience: patience
        )
    }

    /// A client and a queue of the same repository whose git is `script`, which may call `$GIT`.
    func wrapped(_ script: String, retry: RetryPolicy = .git) async throws -> WorktreeQueue {
        let program = "\(repository.folder)/wrapped-git"
        let git = try await repository.git("--exec-path")
        try repository.write(
            "#!/bin/sh\nGIT=\(git)/git\n\(script)\nexec \"$GIT\" \"$@\"\n",
            to: "wrapped-git",
            in: repository.folder
        )
        chmod(program, 0o755)
        // A child that another test starts while the file is written has it open until it runs its own program, and
        // nobody can execute a file that is open for writing.
        try OpenedFile(program).waitForWriters(milliseconds: 10_000)
        let client = try await repository.client(program: program)
        return WorktreeQueue(client: client, worktreesFolder: repository.worktreesFolder, retry: retry)
    }

    func head(of ref: String = "HEAD") async throws -> ObjectID {
        guard let id = ObjectID(try await repository.git("rev-parse", ref)) else { throw GitError.malformed(ref) }
        return id
    }

    func request(
        _ spec: String = "2026-01-02-001-abc",
        from start: StartPoint = .target,
        run: RunID = RunID(at: Date()),
        target: String = "main"
    ) async throws -> WorktreeRequest {
        guard let id = SpecID(spec), let branch = BranchName("chant/\(spec)") else {
            throw GitError.invalidBranch(spec)
        }
        return WorktreeRequest(
            runID: run,
            spec: id,
            branch: branch,
            start: start,
            targetTip: try await head(of: target)
        )
    }

    func obtain(_ request: WorktreeRequest) async throws -> Worktree {
        try await queue.obtain(request) { log.note($0) }
    }

    /// All refs below `prefix` with their commits.
    func refs(_ prefix: String = "refs/") async throws -> [String: String] {
        let lines = try await repository.git("for-each-ref", "--format=%(refname) %(objectname)", prefix).split(
            separator: "\n"
        )
        return Dictionary(
            lines.map { line in
                let words = line.split(separator: " ").map(String.init)
                return (words[0], words[1])
            }
        ) { $1 }
    }

    /// What lies in the worktrees' folder and in git's records of them.
    func traces() -> [String] {
        let folder = "\(repository.worktreesFolder)/\(client.repository.key)"
        return GitFiles.names(in: folder) + GitFiles.names(in: client.repository.worktreeRecords)
            + GitFiles.names(in: "\(repository.worktreesFolder)/.trash") + GitFiles.names(in: client.repository.trash)
    }
}
