import ChantTesting
import Testing

@Suite("server.commit_specs")
struct EditCommitTests {
    private static let keys = ["commit_specs: true"]

    @Test("R40: each write is one commit of one file by the service, without hooks, and the checkout stays clean")
    func oneCommitEach() async throws {
        try await withService(server: Self.keys) { server, project in
            try project.write("#!/bin/sh\nexit 1\n", to: ".git/hooks/pre-commit")
            _ = try await project.run("chmod", ["+x", ".git/hooks/pre-commit"])
            let made = try await server.client.post("/specs", #"{"title": "New"}"#)
            let id = try #require(made.json["id"].text)
            try await expectCommit(project, "chant: create \(id)", ["A\t.chant/specs/\(id).md"], id)
            #expect(try await server.patch(id, #"{"labels": ["a"]}"#).status == 200)
            try await expectCommit(project, "chant: edit \(id)", ["M\t.chant/specs/\(id).md"], id)
            let head = try await project.git("rev-parse", "main")
            #expect(try await server.patch(id, #"{"labels": ["a"]}"#).status == 200)
            #expect(try await project.git("rev-parse", "main") == head)
            #expect(try await server.put("/specs/\(id)", "# Whole\n", ["If-Match": "*"]).status == 200)
            try await expectCommit(project, "chant: edit \(id)", ["M\t.chant/specs/\(id).md"], id)
            #expect(try await project.git("show", "main:.chant/specs/\(id).md") == "# Whole")
            let gone = try await server.delete(id)
            #expect(gone.status == 204, "\(gone.text)")
            try await expectCommit(project, "chant: delete \(id)", ["D\t.chant/specs/\(id).md"], id)
            #expect(try await project.git("for-each-ref", "refs/chant/edit/").isEmpty)
            // The agent's own commits are the agent's: they go through the project's hooks.
            _ = try await project.run("rm", [".git/hooks/pre-commit"])
            let run = try await server.finished()
            #expect(Ending(run) == Ending("completed"))
        }
    }

    private func expectCommit(_ project: DemoProject, _ subject: String, _ files: [String], _ id: String) async throws {
        let shown = try await project.git(
            "show",
            "--no-renames",
            "--name-status",
            "--format=%s|%an|%cn|%(trailers:key=Chant-Spec,valueonly)",
            "main"
        )
        let lines = shown.split(separator: "\n").map(String.init)
        #expect(lines.first == "\(subject)|Chant Server|Chant Server|\(id)")
        #expect(Array(lines.dropFirst()) == files)
        #expect(try await project.git("status", "--porcelain") == "")
    }

    @Test("R23: what a person staged or changed elsewhere is not touched, and not in the commit")
    func othersWork() async throws {
        try await withService(server: Self.keys) { server, project in
            try project.write("staged\n", to: "README.md")
            try await project.git("add", "README.md")
            try project.write("changed\n", to: "README.md")
            try project.write("new\n", to: "untracked.txt")
            #expect(try await server.patch(first, #"{"labels": ["a"]}"#).status == 200)
            #expect(try await project.git("status", "--porcelain") == "MM README.md\n?? untracked.txt")
            #expect(try await project.git("diff", "--name-only", "main~", "main") == ".chant/specs/\(first).md")
        }
    }

    @Test("what cannot be committed is refused before anything is written: a staged spec, a merge under way")
    func refusals() async throws {
        try await withService(server: Self.keys) { server, project in
            let before = try project.specText(first)
            let path = ".chant/specs/\(first).md"
            try project.write(before + "staged\n", to: path)
            try await project.git("add", path)
            try project.write(before, to: path)
            for answer in [try await server.patch(first, #"{"labels": ["a"]}"#), try await server.delete(first)] {
                #expect(answer.status == 409 && answer.problem == "checkout-dirty", "\(answer.text)")
                #expect(answer.json["files"].texts == [path])
            }
            #expect(try project.specText(first) == before)
            try await project.git("reset", "-q")
            let head = try await project.git("rev-parse", "HEAD")
            try project.write("\(head)\n", to: ".git/MERGE_HEAD")
            let busy = try await server.patch(first, #"{"labels": ["a"]}"#)
            #expect(busy.status == 409 && busy.problem == "checkout-busy", "\(busy.text)")
            #expect(try project.specText(first) == before)
            #expect(try await project.git("rev-parse", "main") == head)
            let made = try await server.client.post("/specs", #"{"title": "New"}"#)
            #expect(made.status == 409)
            #expect(try await project.git("status", "--porcelain") == "")
        }
    }

    @Test("where another branch is checked out, the commit goes to the target and the file is written here")
    func otherBranch() async throws {
        try await withService(server: Self.keys) { server, project in
            try await project.git("switch", "-q", "-c", "side")
            #expect(try await server.patch(first, #"{"labels": ["a"]}"#).status == 200)
            #expect(try await project.git("log", "-1", "--format=%s", "main") == "chant: edit \(first)")
            #expect(try await project.git("log", "-1", "--format=%s", "side") == "Begin")
            #expect(try await project.git("status", "--porcelain") == " M .chant/specs/\(first).md")
        }
    }
}
