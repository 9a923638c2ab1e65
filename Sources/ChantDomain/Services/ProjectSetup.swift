import Foundation

/// Makes a working `.chant` in a folder: `chant-server init`.
public enum ProjectSetup {
    /// Makes what is missing and touches nothing that is there.
    ///
    /// - Parameters:
    ///   - folder: the project's folder, inside a git repository.
    ///   - environment: this process's environment.
    /// - Returns: the paths that were made, below the folder.
    /// - Throws: `DomainStartError` when the folder is no place for a project.
    public static func make(in folder: String, environment: [String: String]) async throws(DomainStartError) -> [String]
    {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw DomainStartError(.projectUnusable, "\(folder) is not a folder.")
        }
        do {
            let command = GitCommand(inheriting: environment, ownProgram: "chant-server")
            _ = try await Repository.discover(projectFolder: folder, git: command, runner: SubprocessRunner())
        } catch {
            throw DomainStartError(.projectUnusable, error.sentence)
        }
        do throws(FileError) {
            return try write(files(name: (folder as NSString).lastPathComponent), below: folder)
        } catch {
            throw DomainStartError(.projectUnusable, "The project cannot be written: \(error).")
        }
    }

    private static func write(_ files: [(String, String)], below folder: String) throws(FileError) -> [String] {
        let disk = LocalFileSystem()
        try disk.makeFolder(folder + "/.chant/specs", mode: 0o755)
        try disk.makeFolder(folder + "/.chant/prompts", mode: 0o755)
        var made: [String] = []
        for (path, text) in files {
            do throws(FileError) {
                try disk.create(Array(text.utf8), at: folder + "/" + path, mode: 0o644)
                made.append(path)
            } catch {
                guard error.code == EEXIST else { throw error }
            }
        }
        return made
    }

    private static func files(name: String) -> [(String, String)] {
        [
            (".chant/config.md", configuration(name)),
            (".chant/.gitignore", ignored),
            (".chant/prompts/standard.md", StandardPrompt.text),
        ]
    }

    /// The original's list, and what it should have ignored too (§1 of the reference).
    private static let ignored = """
        .locks/
        .store/
        store/
        logs/
        processes/
        pids/
        tmp/
        agents.md
        watch.pid
        specs/.chant-status-*.json
        *.md.tmp

        """

    private static func configuration(_ name: String) -> String {
        """
        ---
        project:
          name: "\(name.filter { $0 != "\"" && $0 != "\\" && !$0.isNewline })"
        defaults:
          # demo: the built-in agent, which needs no key and only shows how things go.
          # claude: Claude Code, the program `claude`.
          # command: any program; then say which one below `server:`.
          provider: demo
          prompt: standard
        server:
          # provider_command: ["./agent.sh", "--prompt", "{prompt_file}"]
          criteria: require
        ---

        # Chant

        Settings of this project: the header above. `docs/agents.md` of Chant Server explains them.

        """
    }
}
