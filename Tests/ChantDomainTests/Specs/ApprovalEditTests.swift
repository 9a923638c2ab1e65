import Testing

@testable import ChantDomain

@Suite("Approval edits")
struct ApprovalEditTests {
    private let time = "2026-01-28T10:04:05Z"

    @Test("R2: a word changes its keys and the discussion; unknown keys of the map and comments stay")
    func bytes() throws {
        let before = document(
            "---\nstatus: pending # now\napproval:\n  required: true\n  team: core # ask them\n  status: pending\n---\n# T\n\nText.\n"
        )
        let after = try before.deciding(.approved, by: "ana", at: time, because: nil)
        #expect(
            after.text
                == "---\nstatus: pending # now\napproval:\n  required: true\n  team: core # ask them\n  status: approved\n"
                + "  by: ana\n  at: 2026-01-28T10:04:05Z\n---\n# T\n\nText.\n\n## Approval Discussion\n\n"
                + "**ana** - 2026-01-28 10:04 - APPROVED\n"
        )
    }

    @Test("§4.2: a later entry comes before the next section, CRLF and all")
    func later() throws {
        let before = document(
            "---\r\napproval: {required: true}\r\n---\r\n# T\r\n\r\n## Approval Discussion\r\n\r\nold\r\n\r\n## Next\r\n\r\n- [ ] no\r\n"
        )
        let after = try before.deciding(.rejected, by: "bob", at: time, because: "Too broad.\nSplit it.")
        #expect(
            after.body
                == "# T\r\n\r\n## Approval Discussion\r\n\r\nold\r\n\r\n**bob** - 2026-01-28 10:04 - REJECTED\r\nToo broad.\r\n"
                + "Split it.\r\n\r\n## Next\r\n\r\n- [ ] no\r\n"
        )
        let again = try after.deciding(.approved, by: "bob", at: time, because: nil)
        #expect(again.body.contains("Split it.\r\n\r\n**bob** - 2026-01-28 10:04 - APPROVED\r\n\r\n## Next\r\n"))
    }

    static let endings = [
        "# T\n\n## Approval Discussion", "# T\n\n## Approval Discussion\n", "# T\n\n## Approval Discussion\n\nold",
        "# T\n\n## Approval Discussion\n\nold\n\n\n",
    ]

    @Test("a section at the end of the file takes an entry, whatever it ends with", arguments: endings)
    func atTheEnd(body: String) throws {
        let after = try document("---\napproval: {required: true}\n---\n" + body)
            .deciding(.approved, by: "ana", at: time, because: nil)
        #expect(after.sections.map(\.heading) == ["Approval Discussion"])
        #expect(after.body.hasPrefix(body.hasSuffix("\n\n\n") ? String(body.dropLast(2)) : body))
        #expect(after.body.contains("\n\n**ana** - 2026-01-28 10:04 - APPROVED\n"))
    }

    static let oddReasons = [
        "## Acceptance Criteria\n- [x] all", "```\nopen", "# Another title", "---\nstatus: completed\n---",
        "- [ ] a box",
        "~~~", "> ## deep",
    ]

    @Test("a reason is text: it makes no sections, boxes or titles", arguments: oddReasons)
    func hostile(reason: String) throws {
        let before = document(
            "---\nstatus: pending\napproval: {required: true}\n---\n# T\n\n## Approval Discussion\n\nold\n\n"
                + "## Acceptance Criteria\n\n- [ ] it\n"
        )
        let after = try before.deciding(.rejected, by: "ana", at: time, because: reason)
        let spec = try readSpec(after.text)
        #expect(spec.title == "T" && spec.status == .pending && spec.approval?.status == .rejected)
        #expect(after.criteria.items.map(\.text) == ["it"] && after.criteria.checked == 0)
        #expect(after.sections.map(\.heading) == ["Approval Discussion", "Acceptance Criteria"])
    }

    @Test("an approval is asked for in a spec that says nothing of one")
    func required() throws {
        let after = try document("---\nstatus: pending\n---\n# T\n").requiringApproval()
        #expect(after.text == "---\nstatus: pending\napproval:\n  required: true\n  status: pending\n---\n# T\n")
    }

    @Test(
        "which words may be said",
        arguments: [
            ("pending", "required: true", ["approve", "reject"]),
            ("failed", "required: true, status: approved", ["reject"]),
            ("paused", "required: true, status: rejected", ["approve"]), ("pending", "required: false", []),
            ("completed", "required: true", []), ("cancelled", "required: true", []),
        ]
    )
    func words(row: (status: String, approval: String, words: [String])) throws {
        let spec = try readSpec("---\nstatus: \(row.status)\napproval: {\(row.approval)}\n---\n# T\n")
        #expect(spec.approvalWords == row.words)
    }
}
