import Foundation
import Testing

@testable import ChantDomain

@Suite("R2–R4, R38: reading a spec file")
struct SpecReadingTests {
    @Test(
        "R3: no header, or nothing at all, is a spec with all defaults",
        arguments: ["", "# T\n", "text\n---\nx: y\n---\n", "\n\n"]
    )
    func noHeader(text: String) throws {
        let spec = try readSpec(text)
        #expect(spec.status == .pending && spec.kind == .code && spec.dependsOn == nil && spec.frontmatter.isEmpty)
        #expect(spec.body == text)
    }

    @Test(
        "R2: the header closes only at a line that is exactly `---`",
        arguments: [
            ("---\nstatus: failed\n---\nbody", "body"), ("---\r\nstatus: failed\r\n---\r\nbody\r\n", "body\r\n"),
            ("\u{FEFF}---\nstatus: failed\n---\nbody", "body"), ("\n \n---\nstatus: failed\n---\nbody", "body"),
            ("---\nstatus: failed\nprompt: a --- b\n---\nbody", "body"), ("---\nstatus: failed\n---", ""),
            ("---\nstatus: failed\nprompt: |\n  ---\n  x\n---\n\nbody", "\nbody"),
            ("---\nstatus: failed\n---\n---\nbody", "---\nbody"), ("--- \nstatus: failed\n---\nbody", "body"),
        ]
    )
    func closing(text: String, body: String) throws {
        let spec = try readSpec(text)
        #expect(spec.status == .failed)
        #expect(spec.body == body)
    }

    @Test("R3: a header is as large as reading it may cost, and no larger")
    func limits() throws {
        func header(_ lines: some Sequence<String>) -> String { "---\n\(lines.joined(separator: "\n"))\n---\n# T\n" }
        let keys = (0..<1001).map { "k\($0): v" }
        #expect(try readSpec(header(keys.dropLast())).extra.count == 1000)
        #expect(throws: HeaderProblem("The header has more than 1000 keys.", line: 2)) { try readSpec(header(keys)) }
        let text = String(repeating: "x", count: (64 << 10) - "k: \n".utf8.count)
        #expect(try readSpec(header(["k: \(text)"])).extra == [HeaderEntry("k", .text(text))])
        let tooLarge = HeaderProblem("The header is larger than 64 KiB.", line: 2)
        #expect(throws: tooLarge) { try readSpec(header(["k: \(text)x"])) }
        let many = (0..<5000).map { "k\($0): 1" }.joined(separator: ",")
        guard case .map(let entries) = try readSpec(header(["k: {\(many)}"])).extra.first?.value else {
            Issue.record("no map")
            return
        }
        #expect(entries.count == 5000)
    }

    @Test(
        "R3: what makes a file unreadable, and on which line",
        arguments: [
            ("---\nstatus: pending\n", 1), ("\n---\nstatus: pending\n# T\n", 2), ("---\nstatus: pending\n--- \nx\n", 1),
            ("---\ntype: code\nstatus: done\n---\n", 3), ("---\ntype: codes\n---\n", 2),
            ("---\nstatus: ready\n---\n", 2),
            ("---\ntype: code\ntype: task\n---\n", 3), ("---\nlabels: [a\n---\n", nil),
            ("---\n\tstatus: pending\n---\n", 2),
            ("---\n- a\n---\n", 2), ("---\n{status: pending}\n---\n", 2), ("---\nplain text\n---\n", 2),
            ("---\nstatus: pending\ndepends_on: {a: b}\n---\n", 3), ("---\nlabels:\n- a: b\n---\n", 2),
            ("---\nprompt: [a]\n---\n", 2), ("---\napproval: yes\n---\n", 2), ("---\nreplay_count: many\n---\n", 2),
            ("---\napproval:\n  required: true\n  status: maybe\n---\n", 4), ("---\nprompt: *nothing\n---\n", 2),
            ("---\nprompt: a\n...\nstatus: pending\n---\n", 3), ("---\nprompt: a\u{1}b\n---\n", nil),
            ("---\nx:\n  a: 1\n  a: 2\n---\n", 4), ("---\nstatus: pending\n--- # x\nlabels: []\n---\n", 3),
        ] as [(String, Int?)]
    )
    func unreadable(text: String, line: Int?) {
        let problem = #expect(throws: HeaderProblem.self) { try readSpec(text) }
        if let line { #expect(problem?.line == line) }
    }

    @Test("R3: aliases that unfold without end are refused, not unfolded")
    func aliasBomb() {
        var text = "---\na: &a [x, x]\n"
        for (last, next) in zip("abcdefghijkl", "bcdefghijklm") {
            text += "\(next): &\(next) [*\(last), *\(last), *\(last)]\n"
        }
        #expect(throws: HeaderProblem.self) { try readSpec(text + "---\n") }
    }

    @Test(
        "R4: commit hashes stay the text that they are",
        arguments: [
            "commits: [812e667, 1e83309, 5636491, '0183011', \"9330784\"]",
            "commits:\n- 812e667\n- 1e83309\n- 5636491\n- '0183011'\n- \"9330784\"",
            "commits:\n  - 812e667\n  - 1e83309 # numbers\n  - 5636491\n\n  - '0183011'\n  - \"9330784\"",
        ]
    )
    func hashes(header: String) throws {
        let spec = try readSpec("---\n\(header)\ncommit: 812e667\n---\n")
        #expect(spec.commits == ["812e667", "1e83309", "5636491", "0183011", "9330784"])
        #expect(spec.extra == [HeaderEntry("commit", .text("812e667"))])
    }

    @Test(
        "§5.1: an absent list differs from an empty one",
        arguments: [
            ("", nil), ("depends_on:", nil), ("depends_on: ~", nil), ("depends_on: []", []), ("depends_on: a", ["a"]),
            ("depends_on: [a, b]", ["a", "b"]), ("depends_on:\n- a\n- b", ["a", "b"]), ("depends_on: 007", ["007"]),
            ("depends_on: [a,\n\n  b] # c", ["a", "b"]),
        ] as [(String, [String]?)]
    )
    func dependencies(line: String, ids: [String]?) throws {
        #expect(try readSpec("---\nstatus: pending\n\(line)\n---\n").dependsOn == ids)
    }

    @Test("R38: all known keys are typed")
    func knownKeys() throws {
        let spec = try readSpec(
            """
            ---
            type: docs
            status: blocked
            labels: [a]
            target_files: [b]
            context: [c]
            prompt: p
            branch: chant/x
            completed_at: 2026-01-25T22:30:12.5+01:00
            model: claude-Opus-4-5
            tracks: ["*.rs"]
            informed_by: [d]
            origin: [e]
            schedule: "0 * * * *"
            source_branch: s
            target_branch: t
            conflicting_files: [f]
            blocked_specs: [g]
            original_spec: h
            last_verified: 2026-01-01T00:00:00Z
            verification_status: partial
            verification_failures: [i]
            replayed_at: x
            original_completed_at: y
            replay_count: 3
            derived_fields: [j]
            members: [k]
            output_schema: .chant/schemas/a.json
            public: false
            approval: {required: true, status: approved, by: ann, at: 2026-01-28T10:00:00Z}
            retry_state: {attempts: 2, last_retry_time: 1, next_retry_time: 2}
            ---
            """
        )
        #expect(spec.kind == .documentation && spec.status == .pending && spec.model == "opus")
        #expect(spec.completedAt == "2026-01-25T22:30:12.5+01:00" && spec.branch == "chant/x" && spec.prompt == "p")
        #expect([spec.labels, spec.targetFiles, spec.context, spec.tracks].map(\.first) == ["a", "b", "c", "*.rs"])
        #expect([spec.informedBy, spec.origin, spec.conflictingFiles].map(\.first) == ["d", "e", "f"])
        #expect([spec.blockedSpecs, spec.verificationFailures, spec.derivedFields].map(\.first) == ["g", "i", "j"])
        #expect(spec.schedule == "0 * * * *" && spec.sourceBranch == "s" && spec.targetBranch == "t")
        #expect(spec.originalSpec == "h" && spec.lastVerified == "2026-01-01T00:00:00Z")
        #expect(spec.verificationStatus == "partial" && spec.replayedAt == "x" && spec.originalCompletedAt == "y")
        #expect(spec.replayCount == 3 && spec.listedMembers == ["k"] && spec.isPublic == false)
        #expect(spec.outputSchema == ".chant/schemas/a.json" && spec.extra.isEmpty)
        #expect(spec.approval == Approval(required: true, status: .approved, by: "ann", at: "2026-01-28T10:00:00Z"))
        #expect(spec.retryState == RetryState(attempts: 2, lastRetryTime: 1, nextRetryTime: 2))
        #expect(spec.frontmatter.first { $0.key == "status" }?.value == .text("blocked"))
        #expect(spec.frontmatter.first { $0.key == "model" }?.value == .text("claude-Opus-4-5"))
    }

    @Test("R38: unknown keys are kept with their values")
    func unknownKeys() throws {
        let spec = try readSpec(
            "---\npr: 42\nteam: {lead: ann, size: 3, x: [1.5, yes, null, true]}\nday: 2026-01-01\nv: '1'\nz: 007\n---\n"
        )
        let team = HeaderValue.map([
            HeaderEntry("lead", .text("ann")), HeaderEntry("size", .integer(3)),
            HeaderEntry("x", .list([.decimal(1.5), .text("yes"), .null, .flag(true)])),
        ])
        #expect(
            spec.extra == [
                HeaderEntry("pr", .integer(42)), HeaderEntry("team", team), HeaderEntry("day", .text("2026-01-01")),
                HeaderEntry("v", .text("1")), HeaderEntry("z", .text("007")),
            ]
        )
        let json = try String(decoding: JSONEncoder().encode(team), as: UTF8.self)
        #expect(json.contains("\"lead\":\"ann\"") && json.contains("[1.5,\"yes\",null,true]"))
    }

    @Test(
        "R38: the title is the first level-1 heading outside fences",
        arguments: [
            ("# A\n# B\n", "A"), ("```\n# no\n```\n# Yes #\n", "Yes"), ("~~~~\n```\n# no\n~~~\n~~~~\n# Yes\n", "Yes"),
            ("## no\n#no\n   # Yes\r\n", "Yes"), ("    # code\n", nil), ("text\n", nil), ("#\n# Yes", "Yes"),
            ("# Learn C#\n", "Learn C#"), ("- a\n  ```\n  # no\n# Yes\n", "Yes"), ("``` a`b\n# Yes\n", "Yes"),
        ] as [(String, String?)]
    )
    func titles(body: String, title: String?) throws {
        #expect(try readSpec("---\ntype: code\n---\n" + body).title == title)
    }

    @Test("R2: damaged characters are read over, and kept")
    func damaged() throws {
        let bytes = Array("---\nprompt: a".utf8) + [0xFF, 0xE2] + Array("b\nstatus: failed\n---\n# T ".utf8) + [0xC3]
        let old = SpecDocument(bytes: bytes)
        let spec = try Spec(id: specID("x"), path: "", document: old)
        #expect(spec.status == .failed && spec.prompt == "a\u{FFFD}\u{FFFD}b" && spec.title == "T \u{FFFD}")
        let new = try old.setting("status", to: "paused").setting("status", to: "failed")
        #expect(new.bytes == bytes)
    }

    @Test(
        "§3.1: model names are reduced",
        arguments: [("claude-haiku-4-5-20251001", "haiku"), ("gpt-5", "gpt-5"), ("auto-completed", "auto-completed")]
    )
    func models(name: String, short: String) throws {
        #expect(try readSpec("---\nmodel: \(name)\n---\n").model == short)
    }
}
