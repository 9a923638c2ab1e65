import ChantTesting
import Testing

@Suite("Drivers")
struct DriverTests {
    private static let driver = "2026-01-05-003-drv"
    private static let members = ["\(driver).1", "\(driver).2"]

    @Test("R9: the last member's finishing commit completes the driver too, in one commit")
    func lastMemberCompletes() async throws {
        var head = DemoSpec(Self.driver)
        head.criteria = []
        let specs = [head] + Self.members.map { DemoSpec($0) }
        try await withService(specs: specs) { server, project in
            let early = try await server.client.post("/specs/\(Self.members[1])/work")
            #expect(early.status == 409)
            #expect(early.json["blockers"][0]["why"].text == "sibling")
            #expect(try await Ending(server.finished(Self.members[0])) == Ending("completed"))
            #expect(try project.header("status", of: Self.driver) == "pending")
            #expect(try await Ending(server.finished(Self.members[1])) == Ending("completed"))
            #expect(try project.header("status", of: Self.driver) == "completed")
            #expect(try project.header("model", of: Self.driver) == "auto-completed")
            #expect(try project.header("commits", of: Self.driver) == nil)
            #expect(try project.header("completed_at", of: Self.driver) != nil)
            let onBranch = try await project.git("show", "main:.chant/specs/\(Self.driver).md")
            #expect(onBranch + "\n" == (try? project.specText(Self.driver)))
            let files = try await project.git("diff", "--name-only", "main^1", "main")
            #expect(files.contains(Self.driver + ".md") && files.contains(Self.members[1] + ".md"))
            #expect(try await project.git("status", "--porcelain") == "")
        }
    }

    @Test("R9: two last members at once complete the driver exactly once")
    func twoAtOnce() async throws {
        let specs = [DemoSpec(Self.driver)] + Self.members.map { DemoSpec($0, dependsOn: []) }
        try await withService(.held, specs: specs) { server, project in
            let runs = [try await server.work(Self.members[0]), try await server.work(Self.members[1])]
            for run in runs { _ = try await server.agentAtWork(run) }
            try project.release("go")
            for run in runs { #expect(try await Ending(server.settled(run)) == Ending("completed")) }
            #expect(try project.header("status", of: Self.driver) == "completed")
            let log = try await project.git(
                "log",
                "--format=%H",
                "--first-parent",
                "main",
                "--",
                ".chant/specs/\(Self.driver).md"
            )
            #expect(log.split(separator: "\n").count == 2, "made once, finished once")
        }
    }
}
