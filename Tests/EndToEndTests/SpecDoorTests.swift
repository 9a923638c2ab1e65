import ChantTesting
import Foundation
import Testing

@Suite("Status, deletion and commits of edits")
struct SpecDoorTests {
    @Test("R6: edits make a status pending or cancelled, where the table has it; completing by an edit is refused")
    func doors() async throws {
        try await withService { server, project in
            let completed = try await server.patch(first, #"{"status": "completed"}"#)
            #expect(completed.status == 409 && completed.problem == "illegal-transition")
            #expect(completed.json["spec_status"].text == "pending")
            #expect(completed.json["allowed"].texts == ["cancelled"])
            #expect(try await server.patch(first, #"{"status": "cancelled"}"#).status == 200)
            #expect(try project.header("status") == "cancelled")
            #expect(try await server.patch(first, #"{"status": "pending"}"#).status == 200)
            #expect(try await Ending(server.finished()) == Ending("completed"))
            let text = try project.specText(first)
            let same = try await server.put("/specs/\(first)", text + "\nMore.\n", ["If-Match": "*"])
            #expect(same.status == 200)
            #expect(same.headers["etag"] != nil)
            let cancelled = try await server.patch(first, #"{"status": "cancelled"}"#)
            #expect(cancelled.status == 409 && cancelled.json["allowed"].texts == ["pending"])
            let pending = text.replacing("status: completed", with: "status: pending")
            let reset = try await server.put("/specs/\(first)", pending, ["If-Match": "*"])
            #expect(reset.status == 200)
            #expect(reset.headers["etag"] == nil)
            for key in ["commits", "completed_at", "model"] { #expect(try project.header(key) == nil) }
            #expect(try await Ending(server.finished()) == Ending("completed"))
        }
    }

    @Test("R3: a file that cannot be read is patched by nobody, mended by a PUT of its version, and no way to complete")
    func mending() async throws {
        let broken = "---\nstatus: pending\nlabels: [never closed\n---\n\n# Broken\n"
        try await withService { server, project in
            try project.write(broken, to: ".chant/specs/broken.md")
            let patch = try await server.patch("broken", #"{"labels": []}"#)
            #expect(patch.status == 409 && patch.problem == "spec-unreadable")
            let tag = try #require(
                try await server.client.get("/specs/broken", accept: "text/markdown").headers["etag"]
            )
            let worse = try await server.put("/specs/broken", broken + "x", ["If-Match": tag])
            #expect(worse.status == 422 && worse.problem == "invalid-spec")
            #expect(worse.json["errors"][0]["detail"].text?.contains("line") == true)
            let done = broken.replacing("[never closed", with: "[]").replacing("pending", with: "completed")
            #expect(try await server.put("/specs/broken", done, ["If-Match": tag]).status == 422)
            #expect(try project.specText("broken") == broken)
            let mended = broken.replacing("[never closed", with: "[closed]")
            #expect(try await server.put("/specs/broken", mended, ["If-Match": tag]).status == 200)
            #expect(try await server.client.json("/specs/broken")["labels"].texts == ["closed"])
        }
    }

    @Test(
        "R10: an edit that closes a circle is refused with its ids, by every way in; dependencies that are missing are not"
    )
    func circles() async throws {
        try await withService(specs: [DemoSpec(first), DemoSpec(second, dependsOn: [first])]) { server, project in
            let patch = try await server.patch(first, "{\"depends_on\": [\"nobody\", \"\(second)\"]}")
            #expect(patch.status == 422 && patch.problem == "invalid-spec")
            #expect(patch.json["errors"][0]["detail"].text?.contains("\(first) → \(second) → \(first)") == true)
            let text = "---\ndepends_on: [\(second)]\n---\n# Circle\n"
            let put = try await server.put("/specs/\(first)", text, ["If-Match": "*"])
            #expect(put.status == 422 && put.json["errors"][0]["pointer"].text == "/depends_on")
            #expect(try await server.patch(first, #"{"depends_on": ["nobody"]}"#).status == 200)
            #expect(try await server.client.json("/specs/\(first)")["blocked_by"][0]["why"].text == "missing")
            // A circle that somebody wrote by hand hinders no other edit.
            try project.write(text, to: ".chant/specs/\(first).md")
            #expect(try await server.patch(first, #"{"labels": ["a"]}"#).status == 200)
        }
    }

    @Test(
        "R57: while a run lives its spec is edited, but neither its status nor its existence; both end up in the work"
    )
    func liveRun() async throws {
        try await withService(.held) { server, project in
            let run = try await server.agentAtWork(try await server.work(first))
            let allowed = try await server.client.json("/specs/\(first)")["allowed"].texts
            #expect(allowed == ["edit", "cancel", "pause", "takeover"])
            let status = try await server.patch(first, #"{"status": "cancelled"}"#)
            #expect(status.status == 409 && status.problem == "already-running")
            #expect(status.json["run_id"].text == run["id"].text)
            let gone = try await server.delete(first)
            #expect(gone.status == 409 && gone.problem == "already-running")
            #expect(try await server.patch(first, #"{"labels": ["meanwhile"]}"#).status == 200)
            try project.release("go")
            #expect(try await Ending(server.settled(run)) == Ending("completed"))
            let spec = try await server.client.json("/specs/\(first)")
            #expect(spec["labels"].texts == ["meanwhile"])
            #expect(spec["allowed"].texts == ["edit", "delete", "reset"])
        }
    }

    /// Leaves a change to a tracked file uncommitted.
    private static let untidy = ScriptedAgent([
        .write("done", to: "work.txt"), .commit("Do it"), .append("left over", to: "README.md"), .tick,
    ])

    @Test("R53: DELETE takes file, log and kept worktree; the branch and what no commit held stay")
    func deletes() async throws {
        try await withService(Self.untidy) { server, project in
            let run = try await server.finished()
            #expect(run["outcome"].text == "needs_attention")
            let worktree = try #require(run["worktree"].text)
            #expect(project.exists(worktree))
            let stale = try await server.delete(first, ["If-Match": "\"0000000000000000\""])
            #expect(stale.status == 412)
            let gone = try await server.delete("001")
            #expect(gone.status == 204 && gone.body.isEmpty)
            #expect(!project.exists("\(project.checkout)/.chant/specs/\(first).md"))
            #expect(!project.exists("\(project.checkout)/.chant/logs/\(first).log"))
            #expect(!project.exists(worktree))
            #expect(try await project.git("rev-parse", "--verify", "chant/\(first)").isEmpty == false)
            let left = try await project.git("for-each-ref", "--format=%(refname)", "refs/chant/left/")
            #expect(left.contains(run["id"].text ?? "none"))
            #expect(try await server.client.get("/specs/\(first)").status == 404)
            #expect(try await server.client.get("/specs/\(first)/log").problem == "spec-not-found")
            #expect(try await server.delete(first).status == 404)
            #expect(try await server.delete(first, ["If-Match": "*"]).status == 412)
            let made = try await server.client.post("/specs", #"{"title": "After"}"#)
            let changes = try await server.changes(until: made.json["id"].text ?? "")
            let removals = changes.filter { $0["change"].text == "removed" }
            #expect(removals.map { $0["by"].text } == ["service"])
        }
    }
}
