import ChantTesting
import Foundation
import Testing

@Suite("Names that mean something elsewhere")
struct OddNameTests {
    /// As files that a person made, as a path's segment, and as R37 writes them in refs and paths.
    private static let names = [
        ("-rf", "-rf", "%2Drf"), ("--help", "--help", "%2D-help"), ("x.lock", "x.lock", "x%2Elock"),
        ("HEAD", "HEAD", "HEAD"), ("a..b", "a..b", "a.%2Eb"), ("@{-1}", "%40%7B-1%7D", "%40%7B-1%7D"),
        ("wörld two", "w%C3%B6rld%20two", "w%C3%B6rld%20two"), ("refs", "refs", "refs"),
    ]

    @Test("R37: options, refs and blanks as names of specs reach git encoded, and no path leaves its folder")
    func work() async throws {
        try await withService(specs: Self.names.map { DemoSpec($0.0) }) { server, project in
            let before = try Self.files(below: project.folder, except: ["state", "worktrees", "project", "home"])
            for (name, segment, component) in Self.names {
                let run = try await server.finished(segment)
                #expect(Ending(run) == Ending("completed"), "\(name): \(run)")
                #expect(run["branch"].text == "chant/\(component)", "\(name)")
                #expect(run["spec_id"].text == name)
                #expect(try project.header("status", of: name) == "completed")
                let log = try await server.client.get("/specs/\(segment)/log")
                #expect(log.status == 200, "\(name)")
            }
            let specs = try FileManager.default.contentsOfDirectory(atPath: "\(project.checkout)/.chant/specs")
            #expect(Set(specs) == Set(Self.names.map { "\($0.0).md" }))
            #expect(try await project.git("status", "--porcelain") == "")
            let refs = try await project.git("for-each-ref", "--format=%(refname)").split(separator: "\n")
            let branches = Set(Self.names.map { "refs/heads/chant/\($0.2)" })
            #expect(refs.allSatisfy { $0 == "refs/heads/main" || branches.contains(String($0)) }, "\(refs)")
            let runs = try FileManager.default.contentsOfDirectory(atPath: "\(project.state)/runs")
            #expect(runs.count == Self.names.count && runs.allSatisfy { $0.hasPrefix("r") && $0.count == 27 })
            let after = try Self.files(below: project.folder, except: ["state", "worktrees", "project", "home"])
            // The service's own output and port, git's calls of this test, what the agents note: nothing of a run.
            #expect(after.subtracting(before).allSatisfy { !$0.contains("md") }, "\(after.subtracting(before))")
        }
    }

    @Test(
        "R37: what can be no id is refused by its type, and no path is read from it",
        arguments: [
            ("/specs/..%2F..%2Fetc%2Fpasswd", 422, "invalid-id"), ("/specs/%2Fetc%2Fpasswd", 422, "invalid-id"),
            ("/specs/a%0Ab", 422, "invalid-id"), ("/specs/%7F", 422, "invalid-id"),
            ("/specs/\(String(repeating: "x", count: 201))", 422, "invalid-id"),
            ("/specs/%C3%A9\(String(repeating: "%C3%A9", count: 100))", 422, "invalid-id"),
            ("/specs/..%2Fx/log?run=all", 422, "invalid-id"),
            ("/specs/\(String(repeating: "x", count: 9000))", 414, "uri-too-long"),
            ("/specs/%2e%2e", 400, "malformed-request"), ("/specs/.", 400, "malformed-request"),
            ("/specs/../specs", 400, "malformed-request"), ("/specs/a%00", 400, "malformed-request"),
            ("/specs/%c0%ae%c0%ae", 400, "malformed-request"), ("/specs/%ff", 400, "malformed-request"),
            ("/specs/%", 400, "malformed-request"), ("/specs/%zz", 400, "malformed-request"),
            ("/runs/..%2F..", 404, "run-not-found"), ("/runs/..%2F../log", 404, "run-not-found"),
            ("/runs/-x", 404, "run-not-found"), ("/problems/..%2Fx", 404, "route-not-found"),
            ("/specs//", 404, "route-not-found"),
        ]
    )
    func refused(target: String, status: Int, problem: String) async throws {
        let server = try await Self.shared.server()
        let answer = try await server.client.get(target)
        #expect(answer.status == status)
        #expect(answer.problem == problem)
        #expect(answer.headers["x-request-id"] != nil)
        #expect(answer.json["instance"].text != nil)
        if problem == "invalid-id" { #expect(answer.json["detail"].text?.hasPrefix("The id ") == true) }
    }

    @Test("The whole service checks host and origin before anything else, streams and probes included")
    func hostAndOrigin() async throws {
        try await withService(flags: ["--host", "build.example.org"]) { server, project in
            let targets = ["/specs", "/events", "/health/live", "/status", "/nothing", "/specs/\(first)/log"]
            for target in targets {
                for (headers, status, problem) in [
                    (["Host": "evil.example"], 421, "unknown-host"),
                    (["Origin": "http://evil.example"], 403, "foreign-origin"),
                    (["Sec-Fetch-Site": "cross-site"], 403, "foreign-origin"),
                ] {
                    let answer = try await server.client.send("GET", target, headers: headers)
                    #expect(answer.status == status && answer.problem == problem, "\(target) \(headers)")
                }
            }
            let work = try await server.client.send(
                "POST",
                "/specs/\(first)/work",
                headers: ["Origin": "http://evil.example", "Content-Length": "0"]
            )
            #expect(work.problem == "foreign-origin")
            #expect(try project.header("status") == "pending")
            #expect(try await server.client.json("/runs")["total"].number == 0)
            let named = try await server.client.send("GET", "/specs", headers: ["Host": "build.example.org:443"])
            #expect(named.status == 200)
        }
    }

    private static let shared = SharedService()

    private static func files(below folder: String, except left: Set<String>) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: folder)).subtracting(left)
    }
}

/// One service for a table of requests that change nothing.
private actor SharedService {
    private var starting: Task<ServerUnderTest, any Error>?

    func server() async throws -> ServerUnderTest {
        if let starting { return try await starting.value }
        let task = Task { try await ServerUnderTest(try await DemoProject()) }
        starting = task
        return try await task.value
    }
}
