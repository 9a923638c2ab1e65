import Foundation

/// What `check` says about the worktrees that agents work in, and the commits that they make there.
extension ProjectCheck {
    /// The files and the command that make work possible in a fresh worktree.
    mutating func checkWorktrees(_ chant: String, _ git: GitClient, _ configuration: ProjectConfiguration) async {
        let folder = (chant as NSString).deletingLastPathComponent
        let keys = configuration.server.worktree
        if let program = keys.setup.first {
            let search = ProgramSearch(projectFolder: folder, searchPath: settings.environment["PATH"] ?? "")
            switch search.find(program) {
            case .success: ok("The command of server.worktree.setup is there.")
            case .failure(let missing): add(.error, "server.worktree.setup: \(missing.detail)")
            }
        }
        guard !keys.include.isEmpty else { return }
        do throws(IncludeFault) {
            let found = try IncludedFiles(keys.include, in: folder)
            for note in found.notes { add(.warning, "server.worktree.include: \(note)") }
            await checkIgnored(found.paths, git)
        } catch {
            add(.error, error.sentence)
        }
    }

    /// A file that git would take into a commit fails every run before its agent; one that it tracks is there already.
    private mutating func checkIgnored(_ paths: Set<String>, _ git: GitClient) async {
        do throws(GitError) {
            let unknown = try await git.unknownFiles()
            let bare = paths.filter { unknown.contains(git.repository.prefix + $0) }.sorted()
            for path in bare.prefix(5) {
                add(.error, "server.worktree.include names \(path), which git does not ignore: it would be committed.")
            }
            if bare.isEmpty { ok("Files that are copied into each worktree: \(paths.count).") }
        } catch {
            add(.error, error.sentence)
        }
    }

    /// One signature as agents' commits get it, and one as the service's own do, each without a terminal (R62).
    mutating func checkSigning(_ git: GitClient, _ configuration: ProjectConfiguration) async {
        do throws(GitError) {
            if configuration.server.agentSigning == .inherit {
                let environment = AgentEnvironment.shared(
                    from: settings.environment,
                    keys: configuration.server,
                    provider: .command,
                    needsIdentity: try await !git.userIdentity(in: git.repository.checkout)
                )
                tell(
                    try await git.tryAgentSignature(environment: environment),
                    "Agents' commits are signed, as git is configured (commit.gpgSign)",
                    "Give the service's user a key that needs no passphrase, or an agent that holds it, or set "
                        + "server.agent_signing: off"
                )
            }
            if let key = configuration.server.sign {
                tell(
                    try await git.tryServiceSignature(key: key, identity: configuration.server.serviceIdentity),
                    "The service's commits are signed with \(key) (server.sign)",
                    "Name a key that the service's user has and that needs no passphrase"
                )
            }
        } catch {
            add(.error, error.sentence)
        }
    }

    private mutating func tell(_ trial: SignatureTrial, _ what: String, _ advice: String) {
        switch trial {
        case .notAsked: break
        case .made: ok("\(what); one was made without a terminal.")
        case .failed(let words): add(.error, "\(what), but none can be made without a terminal: \(words). \(advice).")
        case .notInTime:
            let limit = GitClient.signatureLimit.components.seconds
            add(.error, "\(what), but none was made within \(limit) s without a terminal. \(advice).")
        }
    }
}
