import Testing

@testable import ChantDomain

@Suite("R2: edits of one key, byte for byte")
struct FrontmatterEditTests {
    /// A header's lines between markers, and a body that must never change.
    private func file(_ header: String) -> String { "---\n\(header)---\n# T\n\nstatus: body\n" }

    @Test(
        "R2: setting a scalar keeps place, spelling, quotes and comments",
        arguments: [
            ("status: pending\n", "status: failed\n"), ("status:   pending   # why\n", "status:   failed   # why\n"),
            ("'status': \"pending\"\n", "'status': \"failed\"\n"),
            ("status: 'pending' # a\n", "status: 'failed' # a\n"),
            ("# a\nstatus: pending\n# b\n", "# a\nstatus: failed\n# b\n"), ("status:\n", "status: failed\n"),
            ("status: # none\nx: y\n", "status: failed # none\nx: y\n"),
            ("status:\n  pending\nx: y\n", "status: failed\nx: y\n"),
            ("a: |\n  status: x\n\nstatus: pending\n", "a: |\n  status: x\n\nstatus: failed\n"),
            ("a: \"x\nstatus: y\"\nstatus: pending\n", "a: \"x\nstatus: y\"\nstatus: failed\n"),
            ("x: &s pending\nstatus: *s\n", "x: &s pending\nstatus: failed\n"),
            ("status: &s pending\nx: s\n", "status: &s failed\nx: s\n"),
            ("  status: pending\n  x: y\n", "  status: failed\n  x: y\n"),
            ("? status\n: pending\nx: y\n", "status: failed\nx: y\n"),
            ("status: >-\n  pend\n  ing\n\n# c\nx: y\n", "status: failed\n\n# c\nx: y\n"),
            ("x: y\n", "x: y\nstatus: failed\n"), ("x: y\n\n# end\n", "x: y\n\n# end\nstatus: failed\n"),
            ("", "status: failed\n"),
            ("status: failed # same\n", "status: failed # same\n"), ("status: \"failed\"\n", "status: \"failed\"\n"),
            ("x: [a,\n# c\nb]\nstatus: pending\n", "x: [a,\n# c\nb]\nstatus: failed\n"),
        ]
    )
    func scalars(old: String, new: String) throws {
        let edited = try document(file(old)).setting("status", to: "failed")
        #expect(edited.text == file(new))
        #expect(try readSpec(edited.text).status == .failed)
    }

    @Test(
        "R2: the line ending, the byte order mark and a missing final newline survive",
        arguments: [
            ("---\r\nstatus: pending\r\n---\r\nx", "---\r\nstatus: failed\r\nmodel: m\r\n---\r\nx"),
            ("\u{FEFF}---\nstatus: pending\n---", "\u{FEFF}---\nstatus: failed\nmodel: m\n---"),
            ("\n\n---\nstatus: pending\n---\n\n\n", "\n\n---\nstatus: failed\nmodel: m\n---\n\n\n"),
            ("\u{FEFF}# T\r\n", "\u{FEFF}---\r\nstatus: failed\r\nmodel: m\r\n---\r\n# T\r\n"),
            ("", "---\nstatus: failed\nmodel: m\n---\n"), ("# T", "---\nstatus: failed\nmodel: m\n---\n# T"),
        ]
    )
    func shapes(old: String, new: String) throws {
        #expect(try document(old).setting("status", to: "failed").setting("model", to: "m").text == new)
    }

    @Test(
        "R2: lists keep their layout",
        arguments: [
            ("labels:\n- a\n- b # c\nx: y\n", "labels:\n- c\n- d\nx: y\n", "labels:\n- a\n- b # c\n- c\nx: y\n"),
            (
                "labels: # w\n  - a\n\n  # z\nx: y\n", "labels: # w\n  - c\n  - d\n\n  # z\nx: y\n",
                "labels: # w\n  - a\n  - c\n\n  # z\nx: y\n"
            ),
            ("labels: [a, b] # w\n", "labels: [c, d] # w\n", "labels: [a, b, c] # w\n"),
            ("labels: [a,\n  b]\nx: y\n", "labels: [c, d]\nx: y\n", "labels: [a, b, c]\nx: y\n"),
            ("labels: a\n", "labels:\n- c\n- d\n", "labels:\n- a\n- c\n"),
            ("labels: []\n", "labels: [c, d]\n", "labels: [c]\n"),
            ("labels:\nx: y\n", "labels:\n- c\n- d\nx: y\n", "labels:\n- c\nx: y\n"),
            ("x: y\n", "x: y\nlabels:\n- c\n- d\n", "x: y\nlabels:\n- c\n"),
            (
                "labels:\n- |\n  a\n  # in\nx: y\n", "labels:\n- c\n- d\nx: y\n",
                "labels:\n- |\n  a\n  # in\n- c\nx: y\n"
            ),
        ]
    )
    func lists(old: String, set: String, appended: String) throws {
        let set2 = try document(file(old)).settingList("labels", to: ["c", "d"])
        #expect(set2.text == file(set))
        #expect(try readSpec(set2.text).labels == ["c", "d"])
        let longer = try document(file(old)).appending("c", toList: "labels")
        #expect(longer.text == file(appended))
        #expect(try readSpec(longer.text).labels.last == "c")
        #expect(try longer.appending("c", toList: "labels") == longer)
    }

    @Test("R2: an empty list is written as one, and the same list changes nothing")
    func emptyAndSame() throws {
        let old = document(file("depends_on:\n- 'a'\n-   b\n"))
        #expect(try old.settingList("depends_on", to: ["a", "b"]) == old)
        #expect(try old.settingList("depends_on", to: []).text == file("depends_on: []\n"))
        #expect(throws: SpecError.self) { try document(file("approval: {a: b}\n")).appending("x", toList: "approval") }
    }

    @Test(
        "R2: removing takes the key's lines only",
        arguments: [
            ("a: b\nlabels:\n- x\n\n# about c\nc: d\n", "a: b\n\n# about c\nc: d\n"),
            ("labels: [a,\nb]\nc: d\n", "c: d\n"),
            ("# l\nlabels: |\n  x\n\n  y\n", "# l\n"), ("labels: 'a\n# b'\nc: d\n", "c: d\n"), ("c: d\n", "c: d\n"),
            ("labels:\n- \"a\n  # b\"\n# out\nc: d\n", "# out\nc: d\n"),
        ]
    )
    func removing(old: String, new: String) throws {
        #expect(try document(file(old)).removing("labels").text == file(new))
    }

    @Test(
        "R2: a key of a map",
        arguments: [
            (
                "approval:\n  required: true # r\n  status: pending\n# z\nx: y\n",
                "approval:\n  required: true # r\n  status: approved\n  by: ann\n# z\nx: y\n"
            ),
            (
                "approval: {required: true, status: pending} # a\n",
                "approval: {required: true, status: approved, by: ann} # a\n"
            ),
            ("x: y\n", "x: y\napproval:\n  status: approved\n  by: ann\n"),
            ("approval:\n", "approval:\n  status: approved\n  by: ann\n"),
            ("approval:\n    by: 'bob'\n", "approval:\n    by: 'ann'\n    status: approved\n"),
        ]
    )
    func maps(old: String, new: String) throws {
        let edited = try document(file(old)).setting("status", inMap: "approval", to: .text("approved"))
            .setting("by", inMap: "approval", to: .text("ann"))
        #expect(edited.text == file(new))
        let spec = try readSpec(edited.text)
        #expect(spec.approval?.status == .approved && spec.approval?.by == "ann")
    }

    @Test(
        "R2: every text that is written is read back as that text",
        arguments: [
            "a", "812e667", "1e83309", "5636491", "0x1F", "true", "No", "~", "", " a", "a ", "a: b", "a #b", "a#b",
            "a:b",
            "- a", "-a", "[a", "{a}", "*a", "&a", "!a", "|", ">", "'a", "\"a\"", "%a", "@a", "`a`", "a'b", "a\nb",
            "a\tb",
            "---", "...", "?", "a:", ":", "#", "null", "1.5", ".5", "12:30", "2026-01-24", "2026-01-25T22:30:12Z",
            "ä — ✓ 🎉",
            "a\\b", "\u{7F}", "\u{85}", "\u{2028}", "x\u{FEFF}", "a, b", "=", "<<", "a\r\nb", ".inf", "+1", "1_000",
            "0o17",
        ]
    )
    func quoting(value: String) throws {
        let old = document(file("prompt: 'x'\nlabels: [x]\nstatus: pending\n"))
        let new = try old.setting("prompt", to: value).setting("branch", to: value).settingList("context", to: [value])
            .settingList("labels", to: [value, "z"])
        let spec = try readSpec(new.text)
        #expect(spec.prompt == value && spec.branch == value)
        #expect(spec.context == [value] && spec.labels == [value, "z"])
        #expect(spec.status == .pending && spec.title == "T")
    }

    @Test("R4: hashes are quoted only where YAML would take them for numbers")
    func hashes() throws {
        let new = try document("---\nstatus: in_progress\nretry_state:\n  attempts: 1\n---\n").finished(
            commits: ["abc1234", "812e667", "5636491", "1e83309a"],
            completedAt: "2026-01-25T22:30:12Z",
            model: "sonnet"
        )
        #expect(
            new.text
                == "---\nstatus: completed\ncommits:\n- abc1234\n- '812e667'\n- '5636491'\n- 1e83309a\n"
                + "completed_at: 2026-01-25T22:30:12Z\nmodel: sonnet\n---\n"
        )
    }

    @Test(
        "R8: a completed spec has status, commits if there are any, time and model; R6: reopened, it has none of them"
    )
    func finishing() throws {
        let old = document(file("type: code\nstatus: in_progress\ncommits:\n- old\n"))
        let driver = try old.finishedAsDriver(completedAt: "2026-01-25T22:30:12Z")
        #expect(
            driver.text
                == file("type: code\nstatus: completed\ncompleted_at: 2026-01-25T22:30:12Z\nmodel: auto-completed\n")
        )
        #expect(try driver.reopened().text == file("type: code\nstatus: pending\n"))
        let bare = try document("# T").finished(commits: ["abc1234"], completedAt: "x", model: "m")
        #expect(bare.text == "---\nstatus: completed\ncommits:\n- abc1234\ncompleted_at: x\nmodel: m\n---\n# T")
    }

    @Test(
        "R2: an edit that would reach further than its key is refused, with the line",
        arguments: [
            "x: 1\nstatus: &s pending\ny: *s\n", "a: |+\n  b\n\nstatus: pending\n\nc: d\n",
            "a: *s\nx: &s b\n", "{status: pending}\n", "status: a\nstatus: b\n", "status: [\n", "status: 'x\n",
            "\tstatus: pending\n", "status: a\n...\n", "- status\n",
        ]
    )
    func unsafe(header: String) throws {
        let old = document(file(header))
        for edit in [{ try old.removing("status") }, { try old.setting("status", to: "failed") }]
            as [() throws -> SpecDocument]
        {
            // Removing an anchor's key and setting it are refused where others use it; a block that keeps its blank
            // lines is in the way of the removal only.
            guard !header.hasPrefix("a: |+") || (try? edit()) == nil else { continue }
            let error = #expect(throws: SpecError.self) { try edit() }
            guard case .header(let problem)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect((problem.line ?? 0) > 1, "\(problem)")
        }
    }

    @Test("R3: a header that cannot be read is not edited")
    func refuses() {
        #expect(throws: SpecError.self) { try document("---\nstatus: pending\n").setting("status", to: "failed") }
        #expect(throws: SpecError.self) { try document("---\na: 1\na: 2\n---\n").removing("a") }
    }
}
