public import ChantDomain
import Foundation

/// A real git repository in a temporary folder, apart from the machine's and the user's configuration.
///
/// The folder goes with the object.
public final class TemporaryRepository: Sendable {
    /// A command of this kit that failed.
    public struct Failure: Error, CustomStringConvertible {
        /// The arguments, the exit and what was said.
        public let description: String
    }

    /// The temporary folder, without links; the test may put more into it.
    public let folder: String
    /// The main checkout.
    public var checkout: String { "\(folder)/checkout" }
    /// Where a service would put its worktrees.
    public var worktreesFolder: String { "\(folder)/worktrees" }
    /// What a service would inherit here.
    public var environment: [String: String] {
        ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": "\(folder)/home"]
    }
    /// What keeps the machine's configuration away from git.
    public static let isolation = ["GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"]

    private let runner = SubprocessRunner()

    /// A repository on the branch `main`.
    ///
    /// - Parameter files: the first commit's files; none leaves the branch unborn.
    /// - Throws: `Failure`, or an error of the file system.
    public init(files: [String: String] = ["README.md": "hello\n"]) async throws {
        var template = Array("\(NSTemporaryDirectory())/chant-test-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template), let real = realpath(made, nil) else {
            throw Failure(description: "no temporary folder: \(errno)")
        }
        folder = String(cString: real)
        free(real)
        for name in ["checkout", "home", "worktrees"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        try await git("init", "--quiet", "--initial-branch=main")
        try await git("config", "user.name", "Test Person")
        try await git("config", "user.email", "person@example.invalid")
        if !files.isEmpty { try await commit(files, "First commit") }
    }

    deinit {
        // Tests may have made folders read-only.
        let names = FileManager.default.enumerator(atPath: folder)
        while let name = names?.nextObject() as? String { chmod("\(folder)/\(name)", 0o700) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Runs git in the main checkout, or in `folder`, as a person would.
    ///
    /// - Parameters:
    ///   - arguments: the arguments.
    ///   - folder: where; `nil` is the main checkout.
    ///   - extra: variables on top.
    /// - Returns: its output without the last line break.
    /// - Throws: `Failure` where git ends with anything but 0.
    @discardableResult
    public func git(
        _ arguments: String...,
        in folder: String? = nil,
        environment extra: [String: String] = [:]
    ) async throws -> String {
        let command = Command(
            "git",
            arguments,
            folder: folder ?? checkout,
            environment: environment.merging(Self.isolation) { $1 }.merging(["LC_ALL": "C"]) { $1 }.merging(extra) {
                $1
            }
        )
        let result = try await runner.run(command)
        guard result.succeeded else {
            throw Failure(description: "git \(arguments.joined(separator: " ")): \(result.exit) \(result.errorText)")
        }
        let text = String(decoding: result.output, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// Writes a file below the main checkout, or below `folder`.
    public func write(_ text: String, to path: String, in folder: String? = nil) throws {
        let place = "\(folder ?? checkout)/\(path)"
        try FileManager.default.createDirectory(
            atPath: String(place[..<(place.lastIndex(of: "/") ?? place.endIndex)]),
            withIntermediateDirectories: true
        )
        guard FileManager.default.createFile(atPath: place, contents: Data(text.utf8)) else {
            throw Failure(description: "cannot write \(place)")
        }
    }

    /// A file's text; `nil` if there is none.
    public func read(_ path: String, in folder: String? = nil) -> String? {
        FileManager.default.contents(atPath: "\(folder ?? checkout)/\(path)").map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Writes files and commits them, and nothing else.
    ///
    /// - Parameters:
    ///   - files: text by path.
    ///   - message: the commit's message.
    ///   - folder: which worktree; `nil` is the main checkout.
    /// - Returns: the commit.
    /// - Throws: `Failure`, or an error of the file system.
    @discardableResult
    public func commit(_ files: [String: String], _ message: String, in folder: String? = nil) async throws -> String {
        for (path, text) in files {
            try write(text, to: path, in: folder)
            try await git("add", "--force", "--", path, in: folder)
        }
        try await git("commit", "--quiet", "--allow-empty", "-m", message, in: folder)
        return try await git("rev-parse", "HEAD", in: folder)
    }

    /// How a service calls git here.
    public func command(program: String = "git") -> GitCommand {
        GitCommand(
            inheriting: environment,
            ownProgram: "/no/such/chant-server",
            overrides: Self.isolation,
            program: program
        )
    }

    /// A client of the repository.
    ///
    /// - Parameters:
    ///   - projectFolder: where `.chant` lies; `nil` is the checkout's top level.
    ///   - program: the git program.
    ///   - runner: runs it; `nil` runs real processes.
    /// - Returns: the client, of what `Repository.discover` found.
    /// - Throws: `GitError`.
    public func client(
        projectFolder: String? = nil,
        program: String = "git",
        runner: (any ProcessRunner)? = nil
    ) async throws -> GitClient {
        let runner = runner ?? self.runner
        let repository = try await Repository.discover(
            projectFolder: projectFolder ?? checkout,
            git: command(program: program),
            runner: self.runner
        )
        return GitClient(repository: repository, git: command(program: program), runner: runner)
    }
}
