import ChantTesting
import Testing

@testable import ChantDomain

@Suite("ForbiddenChanges")
struct DomainForbiddenTests {
    private static let id = DomainWorld.spec

    /// What an agent commits beside its work, and whether that may be merged.
    struct Row: Sendable, CustomTestStringConvertible {
        let what: String
        let steps: [ScriptedAgent.Step]
        var server: [String] = []
        var header: [String] = []
        let files: [String]
        var testDescription: String { what }
    }

    private static let approval = "approval: { required: true, status: approved, by: ann }"

    static let rows = [
        Row(what: "its own spec", steps: [.append("text", to: "$CHANT_SPEC_FILE")], files: []),
        Row(
            what: "a new member of its spec",
            steps: [.write("# Member", to: ".chant/specs/\(id).1.md")],
            files: []
        ),
        Row(
            what: "another spec",
            steps: [.write("# Other", to: ".chant/specs/2026-01-05-009-zzz.md")],
            files: [".chant/specs/2026-01-05-009-zzz.md"]
        ),
        Row(
            what: "configuration and prompts",
            steps: [
                .append("x", to: ".chant/config.md"), .shell("mkdir -p .chant/prompts"),
                .write("x", to: ".chant/prompts/standard.md"),
            ],
            files: [".chant/config.md", ".chant/prompts/standard.md"]
        ),
        Row(
            what: "a file that the configuration allows",
            steps: [.write("x", to: ".chant/notes.md")],
            server: ["agent_may_write: [\"specs/<id>*.md\", \"notes.md\"]"],
            files: []
        ),
        Row(
            what: "its own approval",
            steps: [.shell("sed -i 's/by: ann/by: agent/' \"$CHANT_SPEC_FILE\"")],
            header: [approval],
            files: [".chant/specs/\(id).md"]
        ),
        Row(what: "beside its approval", steps: [.append("t", to: "$CHANT_SPEC_FILE")], header: [approval], files: []),
        Row(
            what: "a link in place of a member",
            steps: [.shell("ln -s /etc/passwd .chant/specs/\(id).1.md")],
            files: [".chant/specs/\(id).1.md"]
        ),
    ]

    @Test("R56: an approval that git cannot read does not pass for unchanged")
    func unreadable() async throws {
        let path = ".chant/specs/\(Self.id).md"
        let world = try await DomainWorld(
            agent: .diligent(
                then: .shell("blob=$(git rev-parse 'HEAD:\(path)')"),
                .shell("rm -f \"$CHANT_GIT_COMMON_DIR/objects/$(echo $blob | cut -c1-2)/$(echo $blob | cut -c3-)\"")
            )
        )
        let run = try await world.work()
        #expect(run.reason == .touchesChant, "\(run.problem?.detail ?? "")")
        #expect(run.problem?.members["files"] == .texts([path]))
        let said = String(describing: run.problem?.members["unreadable"])
        #expect(said.contains("\(path): "), "\(said)")
    }

    @Test("R56: what a run may change below .chant", arguments: rows)
    func row(_ row: Row) async throws {
        let world = try await DomainWorld(
            agent: ScriptedAgent(row.steps + ScriptedAgent.diligent.steps),
            specs: [DemoSpec(Self.id, header: row.header)],
            server: row.server
        )
        let run = try await world.work()
        if row.files.isEmpty {
            #expect(run.outcome == .completed, "\(run.problem?.detail ?? "")")
        } else {
            #expect(run.reason == .touchesChant)
            #expect(run.problem?.members["files"] == .texts(row.files))
        }
    }
}
