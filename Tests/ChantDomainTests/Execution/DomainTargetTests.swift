import ChantTesting
import Testing

@testable import ChantDomain

@Suite("Domain: target and spec changed meanwhile")
struct DomainTargetTests {
    private let id = DomainWorld.spec

    /// Works the spec with a held agent; `change` happens while it waits.
    private func held(
        _ agent: ScriptedAgent = .held,
        _ change: (DemoProject) async throws -> Void
    ) async throws -> (DomainWorld, Run) {
        let world = try await DomainWorld(agent: agent)
        let run = try await world.work { domain, run in
            try await domain.reached(run.id, "running") { $0.state == .running }
            try await change(world.project)
            try world.project.release("go")
        }
        return (world, run)
    }

    @Test("R24: a conflict names the files and both sides' commits, and keeps the branch")
    func conflict() async throws {
        let agent = ScriptedAgent([.wait(for: "go"), .append("agent", to: "README.md"), .tick, .commit("agent's")])
        let (world, run) = try await held(agent) { project in
            try project.write("other\n", to: "README.md")
            try await project.git("commit", "-q", "-a", "-m", "Other")
        }
        #expect(run.reason == .mergeConflict)
        #expect(run.problem?.members["files"] == .texts(["README.md"]))
        let other = try await world.project.git("rev-parse", "main")
        #expect(run.problem?.members["target_commits"] == .texts([other]))
        #expect(run.problem?.members["run_commits"] == .texts(run.commits))
        #expect(try await world.project.git("rev-parse", run.branch) == run.commits.last)
        #expect(try world.spec().status == .needsAttention)
    }

    @Test("F2: a conflict in the run's own spec file alone is none")
    func ownSpec() async throws {
        let (world, run) = try await held { project in
            let path = ".chant/specs/\(DomainWorld.spec).md"
            let text = try project.specText(DomainWorld.spec).replacing("# Do the work", with: "# Do all the work")
            try project.write(text, to: path)
            try await project.git("commit", "-q", "-a", "-m", "Edit the spec")
        }
        #expect(run.outcome == .completed, "\(run.problem?.detail ?? "")")
        let text = try world.project.specText(id)
        #expect(text.contains("# Do all the work"))
        #expect(text.contains("- [x] It is done"))
        #expect(try await world.status() == "")
    }

    @Test("R23: changes in the way end the run; others stay untouched while it completes", arguments: [true, false])
    func dirty(isInTheWay: Bool) async throws {
        let agent = ScriptedAgent([.wait(for: "go"), .append("agent", to: "README.md"), .tick, .commit("agent's")])
        let (world, run) = try await held(agent) { project in
            try project.write("mine\n", to: isInTheWay ? "README.md" : "mine.txt")
        }
        if isInTheWay {
            #expect(run.reason == .checkoutDirty)
            #expect(run.problem?.members["files"] == .texts(["README.md"]))
            #expect(try world.project.text("README.md") == "mine\n")
            #expect(try world.spec().status == .needsAttention)
            #expect(try await world.project.git("diff", "--cached", "--name-only") == "")
        } else {
            #expect(run.outcome == .completed)
            #expect(try world.project.text("mine.txt") == "mine\n")
            #expect(try await world.status() == "?? mine.txt")
        }
    }

    @Test("R23: a staged change of the spec file is in the way as well")
    func stagedSpec() async throws {
        let (world, run) = try await held { project in
            try await project.git("add", ".chant/specs/\(DomainWorld.spec).md")
        }
        #expect(run.reason == .checkoutDirty)
        #expect(try await world.project.git("diff", "--cached", "--name-only") == ".chant/specs/\(id).md")
    }

    @Test("R23: a checkout amid a merge is busy")
    func busy() async throws {
        let (world, run) = try await held { project in
            let head = try await project.git("rev-parse", "HEAD")
            try project.write("\(head)\n", to: ".git/MERGE_HEAD")
        }
        #expect(run.reason == .checkoutBusy)
        #expect(try world.spec().status == .needsAttention)
    }

    @Test("a target that is deleted during the run is missing")
    func missing() async throws {
        let (world, run) = try await held { project in try await project.git("branch", "-q", "-m", "main", "trunk") }
        #expect(run.reason == .targetMissing)
        #expect(try world.spec().status == .needsAttention)
        #expect(try await world.project.git("rev-parse", run.branch) == run.commits.last)
    }

    @Test("R57: an edit elsewhere in the spec is merged, one in the same place is not", arguments: [true, false])
    func edited(isMergeable: Bool) async throws {
        let agent = ScriptedAgent([
            .wait(for: "go"), .shell("sed -i 's/^What to do.$/Done by the agent./' \"$CHANT_SPEC_FILE\""),
            .append("x", to: "x.txt"), .tick, .commit("agent's"),
        ])
        let (world, run) = try await held(agent) { project in
            let text = try project.specText(DomainWorld.spec)
            let edited =
                isMergeable
                ? text.replacing("# Do the work", with: "# Another title")
                : text.replacing("What to do.", with: "What a person wants.")
            try project.write(edited, to: ".chant/specs/\(DomainWorld.spec).md")
        }
        let text = try world.project.specText(id)
        if isMergeable {
            #expect(run.outcome == .completed, "\(run.problem?.detail ?? "")")
            #expect(text.contains("# Another title"))
            #expect(text.contains("Done by the agent."))
        } else {
            #expect(run.reason == .specEdited)
            #expect(text.contains("What a person wants."))
            #expect(text.contains("status: needs_attention"))
        }
    }

    @Test("a spec file that is removed during the run: spec-gone, the branch kept, nothing written")
    func gone() async throws {
        let (world, run) = try await held { project in
            _ = try await project.run("rm", [".chant/specs/\(DomainWorld.spec).md"])
        }
        #expect(run.outcome == .needsAttention)
        #expect(run.reason == .specGone)
        #expect(!world.project.exists("\(world.project.checkout)/.chant/specs/\(id).md"))
        #expect(try await world.project.git("rev-parse", run.branch) == run.commits.last)
    }

    @Test(
        "a spec that a person moves during the run is finished once, wherever the move stands",
        arguments: [true, false]
    )
    func moved(isCommitted: Bool) async throws {
        let specs = ".chant/specs"
        let (world, run) = try await held { project in
            _ = try await project.run("mkdir", ["\(specs)/later"])
            let paths = ["\(specs)/\(DomainWorld.spec).md", "\(specs)/later/\(DomainWorld.spec).md"]
            if isCommitted {
                try await project.git("mv", paths[0], paths[1])
                try await project.git("commit", "-q", "-a", "-m", "Move")
            } else {
                _ = try await project.run("mv", paths)
            }
        }
        #expect(run.outcome == .completed, "\(run.problem?.detail ?? "")")
        #expect(!world.project.exists("\(world.project.checkout)/\(specs)/\(id).md"))
        #expect(try world.project.text("\(specs)/later/\(id).md").contains("status: completed"))
        let place = isCommitted ? "\(specs)/later/\(id).md" : "\(specs)/\(id).md"
        #expect(try await world.project.git("ls-tree", "-r", "--name-only", "main", specs) == place)
        #expect(try await world.project.git("show", "main:\(place)").contains("status: completed"))
    }

    @Test("R35: a status that somebody writes during the run is overwritten with a warning, `cancelled` stands")
    func statusOutside() async throws {
        for (status, left) in [("paused", SpecStatus.completed), ("cancelled", .cancelled)] {
            let (world, run) = try await held { project in
                let text = try project.specText(DomainWorld.spec)
                try project.write(
                    text.replacing("status: in_progress", with: "status: \(status)"),
                    to: ".chant/specs/\(DomainWorld.spec).md"
                )
            }
            #expect(try world.spec().status == left)
            #expect(run.warnings.map(\.code) == (status == "paused" ? [.statusChangedOutside] : []))
            #expect(run.outcome == (status == "paused" ? .completed : .cancelled))
            #expect(run.reason == (status == "paused" ? nil : .specCancelled))
        }
    }

    @Test("F3: a target that is checked out nowhere is moved, and the spec is finished in the checkout")
    func elsewhere() async throws {
        let world = try await DomainWorld()
        try await world.project.git("checkout", "-q", "-b", "other")
        let run = try await world.work()
        #expect(run.outcome == .completed)
        #expect(try await world.project.git("rev-parse", "main") == run.mergeCommit)
        #expect(try world.spec().status == .completed)
        #expect(!world.project.exists("\(world.project.checkout)/work-\(id).txt"))
    }

    @Test("R23: a symlink on the branch where .chant should be leads no write into the checkout")
    func symlink() async throws {
        let world = try await DomainWorld()
        let project = world.project
        try project.write(".chant\n", to: ".git/info/exclude")
        try await project.git("rm", "-r", "-q", "--cached", ".chant")
        try await project.git("commit", "-q", "-m", "Untrack")
        _ = try await project.run(
            "sh",
            [
                "-c",
                "b=$(printf %s '\(project.folder)/elsewhere' | git hash-object -w --stdin)"
                    + " && git update-index --add --cacheinfo 120000,$b,.chant && git commit -q -m Link"
                    + " && mkdir -p '\(project.folder)/elsewhere/specs'",
            ]
        )
        let run = try await world.work()
        #expect(run.reason == .worktreeFailed, "\(run.problem?.detail ?? "completed")")
        #expect(!project.exists("\(project.folder)/elsewhere/specs/\(id).md"))
        #expect(try world.spec().status == .failed)
    }
}
