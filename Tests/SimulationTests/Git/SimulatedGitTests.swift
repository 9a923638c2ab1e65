import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

/// The simulated git answers the domain's verbs as git does.
@Suite("Simulated git")
struct SimulatedGitTests {
    @Test("The same verbs get the same answers from git and from the simulated one")
    func conformance() async throws {
        let real = try await GitScript(GitSubject.real()).play()
        let simulated = try await GitScript(GitSubject.simulated()).play()
        #expect(real.count > 40)
        for (place, pair) in zip(real, simulated).enumerated() where pair.0 != pair.1 {
            Issue.record("answer \(place): git says \(pair.0), the simulated one \(pair.1)")
        }
        #expect(real.count == simulated.count)
    }

    @Test("A command that nobody taught it is refused loudly, and a checked-out branch that moves is noted")
    func nonsense() async throws {
        let complaints = ScriptLines()
        let subject = try await GitSubject.simulated { complaints.note($0) }
        await #expect(throws: GitError.self) { try await subject.client.run(["bisect", "start"]) }
        #expect(complaints.all.contains { $0.contains("does not know: git bisect start") })
        let tip = try #require(try await subject.client.resolve("HEAD"))
        let tree = try await subject.client.tree(of: tip)
        let other = try await subject.client.commit(
            tree: tree,
            parents: [tip],
            message: "Elsewhere",
            identity: .service,
            signingKey: nil
        )
        try await subject.client.updateRef("refs/heads/main", to: other, from: tip)
        #expect(complaints.all.contains { $0.contains("has it checked out") })
    }
}

/// One repository, real or simulated, to which the same things are done.
struct GitSubject: Sendable {
    static let files = [
        "README.md": "hello\n", "shared.txt": "nobody\n", ".gitignore": "*.md.tmp\n.chant/logs/\n.chant/.locks/\n",
        ".chant/specs/s.md": "---\nstatus: pending\n---\n",
    ]

    let client: GitClient
    let checkout: String
    let worktreesFolder: String
    let commit: @Sendable (_ files: [String: String], _ worktree: Worktree) async throws -> Void
    /// What must live as long as the subject.
    let owner: any Sendable

    static func real() async throws -> GitSubject {
        let repository = try await TemporaryRepository(files: files)
        return GitSubject(
            client: try await repository.client(),
            checkout: repository.checkout,
            worktreesFolder: repository.worktreesFolder,
            commit: { files, worktree in _ = try await repository.commit(files, "Work", in: worktree.path) },
            owner: repository
        )
    }

    static func simulated(_ complain: @escaping @Sendable (String) -> Void = { _ in }) async throws -> GitSubject {
        let folder = try ScriptFolder()
        let checkout = "\(folder.path)/checkout"
        mkdir("\(folder.path)/worktrees", 0o700)
        for (path, text) in files { DiskFile.put(Array(text.utf8), at: "\(checkout)/\(path)") }
        let git = try SimulatedGit(
            checkout: checkout,
            seconds: { Int(Date().timeIntervalSince1970) },
            complain: complain
        )
        git.commitCheckout("Begin")
        let command = GitCommand(inheriting: [:], ownProgram: "/bin/true")
        let runner = DirectRunner(git: git)
        return GitSubject(
            client: GitClient(
                repository: try await Repository.discover(projectFolder: checkout, git: command, runner: runner),
                git: command,
                runner: runner
            ),
            checkout: checkout,
            worktreesFolder: "\(folder.path)/worktrees",
            commit: { files, worktree in
                let record = "\(git.gitDir)/worktrees/\(worktree.name)"
                _ = git.commitAsAgent(in: worktree.path, record: record, files: files, message: "Work\n")
            },
            owner: folder
        )
    }
}

/// Asks the simulated git at once.
private struct DirectRunner: ProcessRunner {
    let git: SimulatedGit

    func run(_ command: Command) async throws(CommandError) -> CommandResult {
        guard command.program == "git" else {
            for path in command.arguments where path.hasPrefix("/") {
                try? FileManager.default.removeItem(atPath: path)
            }
            return CommandResult(exit: .code(0))
        }
        let reply = git.answer(GitWords(command))
        return CommandResult(exit: .code(reply.code), output: reply.output, error: Array(reply.error.utf8))
    }
}

/// A folder that goes with its last user.
final class ScriptFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("\(NSTemporaryDirectory())/chant-script.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        let name = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        path = URL(fileURLWithPath: name).resolvingSymlinksInPath().path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
