import Foundation

/// A git repository with a checkout, as found from a project's folder.
public struct Repository: Sendable, Hashable {
    /// The top level of the project's checkout: the main one or a linked worktree.
    public let checkout: String
    /// The git directory that all worktrees share, without links.
    public let commonDir: String
    /// The git directory of the project's checkout.
    public let gitDir: String
    /// The project's folder inside the repository: empty, or like `sub/dir/`.
    public let prefix: String

    /// A repository whose places are known.
    init(checkout: String, commonDir: String, gitDir: String, prefix: String) {
        self.checkout = checkout
        self.commonDir = commonDir
        self.gitDir = gitDir
        self.prefix = prefix
    }

    /// 12 hexadecimal digits that name the repository in paths of our own.
    public var key: String { String(Digest(of: Array(commonDir.utf8)).hex.prefix(12)) }
    /// The project's `.chant` folder inside the repository, like `sub/dir/.chant/`.
    public var chantPrefix: String { "\(prefix).chant/" }
    /// Whether people, other runs and the service itself change this path all the time, such as a spec or a log.
    func isBusy(_ path: String) -> Bool {
        // A folder that is untracked as a whole stands for what lies in it.
        guard !chantPrefix.hasPrefix(path) else { return true }
        return ["specs/", "archive/", "logs/", ".locks/"].contains { path.hasPrefix(chantPrefix + $0) }
    }
    /// Where our own files lie in the common git directory.
    var ownFolder: String { "\(commonDir)/chant" }
    /// git's records of the linked worktrees.
    var worktreeRecords: String { "\(commonDir)/worktrees" }

    /// Finds the repository of `projectFolder`.
    ///
    /// An unborn branch is accepted. Refused are, each with its case: no git or one older than 2.38 (R60), no repository, a bare
    /// one, one of another user, one whose format this git cannot read.
    ///
    /// - Parameters:
    ///   - projectFolder: the folder that holds `.chant`.
    ///   - git: how to call git.
    ///   - runner: runs it.
    /// - Returns: the repository, with all its places.
    /// - Throws: `GitError`.
    public static func discover(
        projectFolder: String,
        git: GitCommand,
        runner: any ProcessRunner
    ) async throws(GitError) -> Repository {
        let session = GitSession(git: git, runner: runner)
        let version = try await session.version()
        guard version.isEnough else { throw .tooOld(found: version.text) }
        let folder = GitFiles.realPath(projectFolder)
        guard GitFiles.kind(of: folder) == S_IFDIR else {
            throw .notARepository(folder: projectFolder, detail: "There is no such folder.")
        }
        let kind = try await ask(session, folder, ["--is-bare-repository", "--is-inside-work-tree"])
        guard kind.count == 2 else { throw .malformed("rev-parse: \(kind)") }
        if kind[0] == "true" { throw .bare(folder: folder) }
        guard kind[1] == "true" else {
            throw .notARepository(folder: folder, detail: "The folder lies in a git directory, not in a work tree.")
        }
        let places = try await ask(
            session,
            folder,
            ["--path-format=absolute", "--show-toplevel", "--git-common-dir", "--git-dir", "--show-prefix"]
        )
        // At the top level the prefix is an empty line, which `lines` leaves out.
        guard places.count == 3 || places.count == 4 else { throw .malformed("rev-parse: \(places)") }
        return Repository(
            checkout: GitFiles.realPath(places[0]),
            commonDir: GitFiles.realPath(places[1]),
            gitDir: GitFiles.realPath(places[2]),
            prefix: places.count == 4 ? places[3] : ""
        )
    }

    private static func ask(
        _ session: GitSession,
        _ folder: String,
        _ questions: [String]
    ) async throws(GitError) -> [String] {
        do {
            return try await session.run(GitCall(arguments: ["rev-parse"] + questions, folder: folder)).lines
        } catch .failed(let failure) {
            throw refusal(of: failure, in: folder)
        }
    }

    /// Reads from git's words why it does not take the folder.
    static func refusal(of failure: GitFailure, in folder: String) -> GitError {
        let text = failure.stderr
        if text.contains("dubious ownership") || text.contains("unsafe repository") {
            return .foreignOwner(folder: folder, detail: text)
        }
        let formats = [
            "Expected git repo version", "unknown repository extension", "unknown object format",
            "unknown ref storage format",
            "invalid value for 'extensions.", "repository extension",
        ]
        if formats.contains(where: text.contains) { return .unreadableFormat(detail: text) }
        if text.contains("must be run in a work tree") { return .bare(folder: folder) }
        if text.contains("not a git repository") { return .notARepository(folder: folder, detail: text) }
        return .failed(failure)
    }
}

/// The version of a git program.
public struct GitVersion: Sendable, Hashable, CustomStringConvertible {
    /// As git says it, like `2.39.5`.
    public let text: String

    /// Whether `merge-tree --write-tree` is there (R60).
    public var isEnough: Bool {
        let parts = text.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
        guard let major = parts.first else { return false }
        return major > 2 || major == 2 && parts.count > 1 && parts[1] >= 38
    }

    /// As git says it.
    public var description: String { text }
}

/// git without a repository: what `discover` and the client stand on.
struct GitSession: Sendable {
    let git: GitCommand
    let runner: any ProcessRunner

    /// Runs a call and checks how it ended.
    func run(_ call: GitCall) async throws(GitError) -> GitAnswer {
        let result: CommandResult
        do {
            result = try await runner.run(git.command(for: call))
        } catch .notFound {
            throw .gitMissing
        } catch {
            throw .command(error)
        }
        if case .code(let code) = result.exit, call.accepted.contains(code) {
            return GitAnswer(code: code, output: result.output, stderr: result.errorText)
        }
        if Task.isCancelled, case .signal = result.exit { throw .cancelled }
        throw .failed(
            GitFailure(
                arguments: call.arguments,
                exit: result.exit,
                stderr: result.errorText,
                timedOut: result.timedOut
            )
        )
    }

    func version() async throws(GitError) -> GitVersion {
        let words = try await run(GitCall(arguments: ["version"], folder: "/")).text.split(separator: " ")
        guard words.count >= 3 else { throw .malformed("git version: \(words)") }
        return GitVersion(text: String(words[2]))
    }
}
