import ChantTesting
import Testing

@testable import ChantDomain

/// Repositories that are set up in less usual ways.
@Suite("Domain: signing, submodules, large files, sub-folders")
struct DomainRepositoryTests {
    private let id = DomainWorld.spec

    /// A key without a passphrase, and the project's git told to sign with it.
    private func signing(_ world: DomainWorld) async throws {
        let project = world.project
        let key = "\(project.folder)/home/key"
        let made = try await project.run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key])
        try #require(made.exit == .code(0), "\(made.error)")
        try await project.git("config", "gpg.format", "ssh")
        try await project.git("config", "user.signingkey", "\(key).pub")
        try await project.git("config", "commit.gpgsign", "true")
    }

    private func isSigned(_ commit: String, _ world: DomainWorld) async throws -> Bool {
        try await world.project.git("cat-file", "commit", commit).contains("-----BEGIN SSH SIGNATURE-----")
    }

    @Test("R62: the agent's commits are signed as the user's git says, or not; the service's own are not")
    func agentSigns() async throws {
        for (keys, expected) in [([], true), (["agent_signing: \"off\""], false)] {
            let world = try await DomainWorld(server: keys)
            try await signing(world)
            let run = try await world.work()
            #expect(run.outcome == .completed, "\(run.problem?.detail ?? "")")
            #expect(try await isSigned(try #require(run.commits.first), world) == expected)
            #expect(try await !isSigned(try #require(run.mergeCommit), world))
        }
    }

    @Test("R62: a signature that cannot be made fails the agent's commit, with git's words in the log")
    func signingFails() async throws {
        let world = try await DomainWorld()
        try await signing(world)
        _ = try await world.project.run("rm", ["\(world.project.folder)/home/key"])
        let run = try await world.work()
        #expect(run.outcome == .failed)
        #expect(run.commits.isEmpty)
        #expect(try await world.project.git("status", "--porcelain", "--untracked-files=no", "--", "README.md") == "")
    }

    @Test("Submodules and Git LFS are told of at the start; a run works beside them")
    func notices() async throws {
        let world = try await DomainWorld()
        let project = world.project
        try await project.git("init", "-q", "../part")
        try await project.git(
            "-C",
            "../part",
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "Part"
        )
        try await project.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../part", "part")
        try project.write("*.bin filter=lfs diff=lfs merge=lfs -text\n", to: ".gitattributes")
        try await project.git("add", "-A")
        try await project.git("commit", "-q", "-m", "Parts")
        try await world.serving { domain in
            #expect(domain.notices.contains { $0.contains("submodules") }, "\(domain.notices)")
            #expect(domain.notices.contains { $0.contains("LFS") }, "\(domain.notices)")
            let run = try await domain.settled(try await domain.start(id).id)
            #expect(run.outcome == .completed, "\(run.problem?.detail ?? "")")
        }
        #expect(try await world.status() == "")
        #expect(project.exists("\(project.checkout)/part/.git"), "the checkout's own submodule is left alone")
    }

    @Test("a live run's criteria are those of its worktree, also for a spec in a folder below specs")
    func criteriaOfMovedSpec() async throws {
        let world = try await DomainWorld(
            agent: ScriptedAgent([.tick, .say("ticked"), .wait(for: "go")] + ScriptedAgent.diligent.steps)
        )
        let specs = ".chant/specs"
        _ = try await world.project.run("mkdir", ["\(specs)/later"])
        try await world.project.git("mv", "\(specs)/\(id).md", "\(specs)/later/\(id).md")
        try await world.project.git("commit", "-q", "-m", "Move")
        _ = try await world.work { domain, run in
            try await domain.reached(run.id, "running") { $0.state == .running }
            let spec = try #require(SpecID(id))
            try await eventually("the box is ticked") {
                guard case .readable(let view) = try await domain.specs.get(spec) else { return false }
                return view.criteria.checked == 1
            }
            try world.project.release("go")
        }
    }
}
