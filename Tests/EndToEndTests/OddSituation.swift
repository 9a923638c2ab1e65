import ChantTesting
import Testing

/// What people and agents do that nobody expects of them, and how each run ends (the outcome table of the rules).
enum OddSituation {
    /// One of them.
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var agent: [ScriptedAgent.Step] = ScriptedAgent.held.steps
        var spec = DemoSpec(first)
        var options = ""
        /// What a person does while the agent waits.
        var meanwhile: @Sendable (DemoProject) async throws -> Void = { _ in }
        var ending: Ending
        /// The status in the spec's file afterwards.
        var status: String
        /// The codes of the run's warnings.
        var warnings: [String] = []
        /// Whether the target has the agent's work afterwards.
        var isMerged: Bool { ending == Ending("completed") }
        var testDescription: String { name }
    }

    static let specFile = ".chant/specs/\(first).md"

    private static func edit(_ text: String, to other: String) -> @Sendable (DemoProject) async throws -> Void {
        { project in
            let before = try project.specText(first)
            try #require(before.contains(text))
            try project.write(before.replacing(text, with: other), to: specFile)
        }
    }

    /// Waits, then does something, then works.
    static func after(_ steps: ScriptedAgent.Step...) -> [ScriptedAgent.Step] {
        [.say("waiting"), .wait(for: "go")] + steps + ScriptedAgent.diligent.steps
    }

    /// Works, and does something then.
    private static func before(_ steps: ScriptedAgent.Step...) -> [ScriptedAgent.Step] {
        ScriptedAgent.held.steps + steps
    }

    static let all = specs + targets + branches + chant

    static let specs = [
        Row(
            name: "R57: a person edits the spec where the agent does not",
            meanwhile: edit("What to do.", to: "What to do, in detail."),
            ending: Ending("completed"),
            status: "completed"
        ),
        Row(
            name: "R57: a person edits the spec where the agent does",
            agent: after(.shell("sed -i 's/What to do./Done by me./' \"$CHANT_SPEC_FILE\"")),
            meanwhile: edit("What to do.", to: "What to do, in detail."),
            ending: Ending("needs_attention", "spec-edited"),
            status: "needs_attention"
        ),
        Row(
            name: "R57: a person breaks the spec's header",
            meanwhile: edit("type: code", to: "type: [code"),
            ending: Ending("needs_attention", "spec-edited"),
            status: "in_progress"
        ),
        Row(
            name: "R35: a person sets another status",
            meanwhile: edit("status: in_progress", to: "status: paused"),
            ending: Ending("completed"),
            status: "completed",
            warnings: ["status-changed-outside"]
        ),
        Row(
            name: "R35: a person cancels the spec in its file while the agent hangs",
            agent: [.say("waiting"), .append("kept", to: "kept.txt"), .commit("half"), .say("waiting"), .hang],
            meanwhile: edit("status: in_progress", to: "status: cancelled"),
            ending: Ending("cancelled", "spec-cancelled"),
            status: "cancelled"
        ),
    ]

    static let targets = [
        Row(
            name: "a person moves the target elsewhere",
            meanwhile: { project in
                try project.write("theirs\n", to: "theirs.txt")
                try await project.git("add", "theirs.txt")
                try await project.git("commit", "-q", "-m", "Theirs", "theirs.txt")
            },
            ending: Ending("completed"),
            status: "completed",
            warnings: ["main-checkout-changed"]
        ),
        Row(
            name: "a person renames the target",
            meanwhile: { try await $0.git("branch", "-q", "-m", "main", "trunk") },
            ending: Ending("needs_attention", "target-missing"),
            status: "needs_attention"
        ),
        Row(
            name: "a person deletes the target",
            meanwhile: { project in
                try await project.git("checkout", "-q", "-b", "other")
                try await project.git("branch", "-q", "-D", "main")
            },
            ending: Ending("needs_attention", "target-missing"),
            status: "needs_attention"
        ),
    ]

    static let branches = [
        Row(
            name: "R51: the agent commits on another branch and stays there",
            agent: after(.shell("git checkout -q -b mine")),
            ending: Ending("needs_attention", "left-branch"),
            status: "needs_attention"
        ),
        Row(
            name: "R51: the agent commits on another branch and comes back",
            agent: after(.shell("git checkout -q -b mine"))
                + [.shell("git checkout -q \"$CHANT_BRANCH\""), .tick],
            ending: Ending("failed", "no-commits"),
            status: "failed"
        ),
        Row(
            name: "R51: the agent deletes its branch",
            agent: before(.shell("git checkout -q --detach"), .shell("git branch -q -D \"$CHANT_BRANCH\"")),
            ending: Ending("needs_attention", "left-branch"),
            status: "needs_attention"
        ),
        Row(
            name: "R51: the agent merges the target in, which moved meanwhile",
            agent: after(.shell("git merge -q --no-edit main")),
            meanwhile: { project in
                try project.write("theirs\n", to: "theirs.txt")
                try await project.git("add", "theirs.txt")
                try await project.git("commit", "-q", "-m", "Theirs", "theirs.txt")
            },
            ending: Ending("completed"),
            status: "completed",
            warnings: ["main-checkout-changed"]
        ),
        Row(
            name: "R51: the agent pushes into the target, which is checked out nowhere",
            agent: before(.shell("git push -q . HEAD:main")),
            meanwhile: { try await $0.git("checkout", "-q", "-b", "other") },
            ending: Ending("completed"),
            status: "completed",
            warnings: ["agent-moved-target"]
        ),
        Row(
            name: "R51: the agent moves the checked-out target by force",
            agent: before(.shell("git update-ref refs/heads/main HEAD")),
            // The checkout's files are those of before: git will not take them further, and nobody forces it.
            ending: Ending("needs_attention", "checkout-dirty"),
            status: "needs_attention",
            warnings: ["agent-moved-target", "main-checkout-changed"]
        ),
    ]

    static let chant = [
        Row(
            name: "R56: the agent edits another spec",
            agent: after(.append("mine", to: ".chant/specs/\(second).md")),
            ending: Ending("needs_attention", "touches-chant"),
            status: "needs_attention"
        ),
        Row(
            name: "R56: the agent removes another spec",
            agent: after(.shell("git rm -q .chant/specs/\(second).md")),
            ending: Ending("needs_attention", "touches-chant"),
            status: "needs_attention"
        ),
        Row(
            name: "R56: the agent edits the configuration",
            agent: after(.append("# mine", to: ".chant/config.md")),
            ending: Ending("needs_attention", "touches-chant"),
            status: "needs_attention"
        ),
        Row(
            name: "R56: the agent edits the configuration and pushes that into the target",
            agent: after(.append("# mine", to: ".chant/config.md")) + [.shell("git push -q . HEAD:main")],
            meanwhile: { try await $0.git("checkout", "-q", "-b", "other") },
            ending: Ending("needs_attention", "touches-chant"),
            status: "needs_attention",
            warnings: ["agent-moved-target"]
        ),
        Row(
            name: "R56: the agent grants itself approval in a commit",
            agent: after(.shell("sed -i 's/status: pending, by: ann/status: approved, by: ann/' \"$CHANT_SPEC_FILE\"")),
            spec: DemoSpec(first, header: ["approval: { required: true, status: pending, by: ann }"]),
            options: #"{"skip": ["approval"]}"#,
            ending: Ending("needs_attention", "touches-chant"),
            status: "needs_attention"
        ),
        Row(
            name: "R39: the agent grants itself approval and completes itself without a commit of that",
            agent: before(
                .shell("sed -i 's/status: pending, by: ann/status: approved, by: ann/' \"$CHANT_SPEC_FILE\""),
                .shell("sed -i 's/^model:.*/model: best/; s/^status: .*/status: completed/' \"$CHANT_SPEC_FILE\"")
            ),
            spec: DemoSpec(first, header: ["approval: { required: true, status: pending, by: ann }"]),
            options: #"{"skip": ["approval"]}"#,
            ending: Ending("completed"),
            status: "completed"
        ),
        Row(
            name: "R7: the agent says that it is completed, and committed nothing",
            agent: [
                .say("waiting"), .wait(for: "go"),
                .shell("sed -i 's/^status: .*/status: completed/' \"$CHANT_SPEC_FILE\""), .tick,
            ],
            ending: Ending("failed", "no-commits"),
            status: "failed"
        ),
    ]
}
