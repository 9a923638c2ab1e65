import ChantTesting
import Foundation
import Glibc
import Logging
import Testing

@testable import ChantDomain

@Suite("What check says about worktrees and signatures")
struct ProjectCheckTests {
    private func findings(_ world: DomainWorld) async throws -> [CheckFinding] {
        await ProjectCheck.findings(
            DomainSettings(
                projectFolder: world.project.checkout,
                stateFolder: world.project.state,
                worktreesFolder: world.project.worktrees,
                workers: 1,
                ownProgram: try BuiltProducts.chantServer(),
                environment: world.project.environment,
                version: "test",
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        )
    }

    private func sign(_ world: DomainWorld, passphrase: String) async throws {
        let key = "\(world.project.folder)/home/key"
        let made = try await world.project.run("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-f", key])
        try #require(made.exit == .code(0), "\(made.error)")
        for (name, value) in ["gpg.format": "ssh", "user.signingkey": "\(key).pub", "commit.gpgsign": "true"] {
            try await world.project.git("config", name, value)
        }
    }

    /// Objects, refs and files of the repository.
    private func contents(_ world: DomainWorld) async throws -> String {
        try await world.project.git("count-objects", "-v") + world.project.git("status", "--porcelain")
    }

    @Test("R62: a signature that agents can make is fine, and leaves nothing behind")
    func signs() async throws {
        let world = try await DomainWorld()
        try await sign(world, passphrase: "")
        let before = try await contents(world)
        let findings = try await findings(world)
        #expect(findings.contains { $0.severity == .ok && $0.sentence.contains("commit.gpgSign") }, "\(findings)")
        #expect(!findings.contains { $0.severity == .error })
        #expect(try await contents(world) == before)
    }

    @Test("R62: a key with a passphrase, a key that is gone, a program that hangs: an error that says what to do")
    func signsNot() async throws {
        for fault in ["passphrase", "gone", "hangs"] {
            let world = try await DomainWorld()
            try await sign(world, passphrase: fault == "passphrase" ? "secret words" : "")
            if fault == "gone" { _ = try await world.project.run("rm", ["\(world.project.folder)/home/key"]) }
            if fault == "hangs" {
                let program = "\(world.project.folder)/home/hang"
                try "#!/bin/sh\nexec sleep 3600\n".write(toFile: program, atomically: true, encoding: .utf8)
                #expect(chmod(program, 0o755) == 0)
                try await world.project.git("config", "gpg.ssh.program", program)
            }
            let errors = try await findings(world).filter { $0.severity == .error }
            #expect(errors.count == 1, "\(fault): \(errors)")
            #expect(errors.first?.sentence.contains("server.agent_signing: off") == true, "\(fault)")
        }
    }

    @Test("R62: nothing is tried where nothing is to be signed; the service's own key is tried")
    func others() async throws {
        let off = try await DomainWorld(server: ["agent_signing: \"off\""])
        try await sign(off, passphrase: "secret words")
        #expect(try await !findings(off).contains { $0.severity == .error })
        let own = try await DomainWorld(server: ["sign: /nowhere/key"])
        let errors = try await findings(own).filter { $0.severity == .error }
        #expect(errors.map { $0.sentence.contains("server.sign") } == [true], "\(errors)")
    }

    @Test("the set-up command and the included files are looked for")
    func worktrees() async throws {
        let world = try await DomainWorld(server: ["worktree: { setup: [./gone.sh], include: [.env, a.local] }"])
        try world.project.write("x", to: "a.local")
        var findings = try await findings(world)
        #expect(findings.contains { $0.severity == .error && $0.sentence.contains("gone.sh does not exist") })
        #expect(findings.contains { $0.severity == .warning && $0.sentence.contains(".env is not there") })
        // Such a file fails every run before its agent.
        #expect(
            findings.contains { $0.severity == .error && $0.sentence.contains("a.local, which git does not ignore") }
        )
        try world.project.write("a.local\n", to: ".git/info/exclude")
        findings = try await self.findings(world)
        #expect(findings.contains { $0.severity == .ok && $0.sentence.hasSuffix("each worktree: 1.") })
        try FileManager.default.createSymbolicLink(
            atPath: "\(world.project.checkout)/.env",
            withDestinationPath: "/etc/passwd"
        )
        findings = try await self.findings(world)
        #expect(findings.contains { $0.severity == .error && $0.sentence.contains(".env, which is a link") })
    }
}
