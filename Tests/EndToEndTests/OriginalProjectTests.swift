import ChantTesting
import Foundation
import Glibc
import Testing

/// A project that the original's command-line program has used works unchanged (R35, R36).
@Suite("With the original's projects")
struct OriginalProjectTests {
    /// Everything in the checkout but git's own, byte for byte.
    private static func files(_ project: DemoProject) throws -> [String: Data] {
        var files: [String: Data] = [:]
        let names = FileManager.default.enumerator(atPath: project.checkout)
        while let name = names?.nextObject() as? String {
            let path = "\(project.checkout)/\(name)"
            var isFolder: ObjCBool = false
            guard !name.hasPrefix(".git/"), FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                !isFolder.boolValue
            else { continue }
            files[name] = try Data(contentsOf: URL(fileURLWithPath: path))
        }
        return files
    }

    private static func serve(
        _ body: (ServerUnderTest, DemoProject, _ before: [String: Data]) async throws -> Void
    ) async throws {
        try await withTurn {
            let project = try await DemoProject()
            try await OriginalProject.lay(out: project)
            try await OriginalProject.installClaude(project)
            let before = try files(project)
            let server = try await start(project)
            do { try await body(server, project, before) } catch {
                Issue.record("\(error)\n\(server.log.suffix(6000))")
            }
            #expect(try await server.stop() == .code(0), "\(server.log.suffix(3000))")
        }
    }

    private static func start(_ project: DemoProject) async throws -> ServerUnderTest {
        let path = "\(project.folder)/home:\(project.environment["PATH"] ?? "")"
        return try await ServerUnderTest(project, environment: ["PATH": path, "IS_SANDBOX": "1"])
    }

    @Test("R35: everything is shown as it stands: statuses, stored `blocked`, types, archive, what nobody works on")
    func shown() async throws {
        try await Self.serve { server, project, before in
            let items = try await server.client.json("/specs?limit=100")["items"].list
            let shown = Dictionary(items.map { ($0["id"].text ?? "", $0) }) { $1 }
            var statuses = shown.mapValues { $0["status"].text ?? "" }
            // Lists leave it out unless they are asked for it.
            statuses["2026-01-05-007-ggg"] = try await server.status(of: "2026-01-05-007-ggg")
            #expect(statuses == OriginalProject.statuses)
            #expect(items.filter { $0["unreadable"] != .null }.isEmpty)
            #expect(shown[OriginalProject.leftover]?["stale"].flag == true, "R43")
            #expect(shown["2026-01-05-008-hhh"]?["ready"].flag == false, "R5: waits for a paused spec")
            for id in ["2026-01-05-009-iii", "2026-01-05-00a-jjj", "2026-01-05-00b-kkk.2"] {
                #expect(shown[id]?["ready"].flag == true, "\(id)")
            }
            let docs = try await server.client.json("/specs/2026-01-05-004-ddd")
            #expect(docs["type"].text == "documentation", "R4")
            #expect(docs["commits"].texts == ["5636491", "812e667"], "R4")
            let blocked = try await server.client.json("/specs/2026-01-05-009-iii")
            #expect(blocked["frontmatter"]["status"].text == "blocked", "R5")
            let archived = try await server.client.json("/specs/2025-12-01-001-old")
            #expect(archived["archived"].flag == true)
            #expect(try await server.client.json("/processes")["items"].list.isEmpty, "a pid file is no process")
            #expect(try await server.client.json("/runs")["items"].list.isEmpty)
            let log = try await server.client.get("/specs/\(OriginalProject.failed)/log?follow=0")
            #expect(log.status == 200 || log.status == 404, "\(log.text)")
            var after = try Self.files(project)
            #expect(after.removeValue(forKey: ".chant/.locks/server.lock") != nil)
            #expect(after == before, "looking changes nothing")
        }
    }

    @Test("R35, R36, R2: one spec is worked, and nothing else is touched: files, refs, leftover worktrees")
    func worked() async throws {
        try await Self.serve { server, project, before in
            let id = OriginalProject.ready
            let refs = try await project.git("for-each-ref", "refs/heads/chant")
            let status = try await project.git("status", "--porcelain")
            let run = try await server.finished(id)
            #expect(Ending(run) == Ending("completed"), "\(run)")
            #expect(run["agent"].text == "second", "agents.md, and the original's round: the second comes first")
            let leftover = ["\(project.folder)/chant-shop-\(OriginalProject.leftover)"]
            try await eventually("the run is cleaned up") { try await project.otherWorktrees() == leftover }
            var after = try Self.files(project)
            let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
            let own = [
                ".chant/specs/\(id).md", ".chant/logs/\(id).log", ".chant/.locks/\(id).lock",
                ".chant/.locks/server.lock", ".chant/store/rotation.json", "work-\(id).txt",
            ]
            #expect(changed.sorted() == own.sorted())
            #expect(after[".chant/.locks/\(id).lock"] == nil, "the stale lock of the spec that was worked")
            #expect(after.removeValue(forKey: ".chant/store/rotation.json") == Data("{\"last_index\":1}\n".utf8))
            try Self.expectSpec(id, project)
            let log = try project.text(".chant/logs/\(id).log")
            #expect(log.hasPrefix(OriginalProject.oldLog(id)))
            #expect(log.contains(String(repeating: "=", count: 80) + "\n# New Run: "))
            #expect(try await project.git("status", "--porcelain") == status)
            try await eventually("the run's branch is gone") {
                try await project.git("for-each-ref", "refs/heads/chant") == refs
            }
        }
    }

    /// R2, R8: header and boxes of the worked spec, and not a byte more.
    private static func expectSpec(_ id: String, _ project: DemoProject) throws {
        let lines = try project.specText(id).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let known = ["type: code", "labels:", "- shop", "target_files:", "- README.md", "pr: 17"]
        for line in known { #expect(lines.contains(line), "\(lines)") }
        #expect(lines.contains("status: completed"))
        let added = ["commits:", "completed_at:", "model:"]
        for key in added { #expect(lines.contains { $0.hasPrefix(key) }, "\(key)") }
        #expect(try project.header("model", of: id) == "sonnet")
        let body = lines.drop { !$0.hasPrefix("# ") }
        #expect(Array(body) == ["# Work on \(id)", "", "## Acceptance Criteria", "", "- [x] It is done"])
    }

    /// A program of the original that lives until the project's folder goes.
    private static func original(_ words: [String], _ project: DemoProject) throws -> ChildProgram {
        try ChildProgram(
            "sh",
            ["-c", "while [ -d '\(project.checkout)' ]; do sleep 0.05; done"] + words,
            environment: project.environment,
            folder: project.folder,
            output: "/dev/null",
            error: "/dev/null"
        )
    }

    @Test("R35: a lock of its live `work` is 409 locked-by-other; its stale locks stop nobody")
    func locked() async throws {
        try await Self.serve { server, project, _ in
            let work = try Self.original(["chant", "work"], project)
            defer { work.send(SIGKILL) }
            try project.write("\(work.pid)", to: ".chant/.locks/\(OriginalProject.ready).lock")
            let before = try project.specText(OriginalProject.ready)
            let refused = try await server.client.post("/specs/\(OriginalProject.ready)/work")
            #expect(refused.status == 409 && refused.problem == "locked-by-other", "\(refused.text)")
            #expect(refused.json["pid"].number == Int(work.pid))
            #expect(try project.specText(OriginalProject.ready) == before)
            #expect(try project.text(".chant/.locks/\(OriginalProject.ready).lock") == "\(work.pid)")
            #expect(try await Ending(server.finished(OriginalProject.failed)) == Ending("completed"))
        }
    }

    @Test("R35: beside a live `watch` nothing is started: 409 chant-watch-running, and a warning at the next start")
    func watched() async throws {
        try await Self.serve { server, project, _ in
            let watch = try Self.original(["chant", "watch"], project)
            defer { watch.send(SIGKILL) }
            #expect(!server.log.contains("watch"), "a stale watch.pid is nobody: \(server.log)")
            try project.write("\(watch.pid)", to: ".chant/watch.pid")
            let before = try Self.files(project)
            for (path, body) in [("/specs/\(OriginalProject.ready)/work", ""), ("/work", "{\"mode\": \"chain\"}")] {
                let refused = try await server.client.post(path, body)
                #expect(refused.status == 409 && refused.problem == "chant-watch-running", "\(path): \(refused.text)")
                #expect(refused.json["pid"].number == Int(watch.pid))
            }
            #expect(try Self.files(project) == before)
            #expect(try await server.stop() == .code(0))
            let again = try await Self.start(project)
            #expect(again.log.contains("process \(watch.pid)"), "\(again.log)")
            watch.send(SIGKILL)
            _ = try await watch.waitForEnd()
            #expect(try await Ending(again.finished(OriginalProject.ready)) == Ending("completed"))
            #expect(try await again.stop() == .code(0))
        }
    }
}
