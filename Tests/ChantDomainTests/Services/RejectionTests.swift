import Testing

@testable import ChantDomain

@Suite("Rejections")
struct RejectionTests {
    private let id = "2026-01-05-001-aaa"
    private let word = ApprovalDecision.reject(by: "ana", because: "Too broad.\n## Really")

    private func spec(_ header: String = "", body: String = "# T\n") throws -> Spec {
        try readSpec("---\napproval: {required: true}\n\(header)\n---\n\(body)", id: id)
    }

    private let boxes = "# T\n\n## Acceptance Criteria\n\n- [ ] One\n  * [x] Two `x`\n- [ ] \n"

    @Test("§5.4 group: a member for each criterion, each after the one before, and the boxes go with them")
    func group() throws {
        let old = try spec("labels: [a]\ntarget_files: [f]", body: boxes)
        let result = try Rejection(
            grouping: old,
            word,
            document("---\nlabels: [a]\n---\n" + boxes),
            SpecIndex(specs: [old])
        )
        let members = try result.created.map { try readSpec($0.document.text, id: $0.id.text) }
        #expect(members.map(\.id.text) == ["\(id).1", "\(id).2", "\(id).3"])
        #expect(members.map(\.title) == ["One", "Two `x`", "Part 3"])
        #expect(members.map(\.dependsOn) == [[], ["\(id).1"], ["\(id).2"]])
        #expect(members.allSatisfy { $0.labels == ["a"] && $0.targetFiles == ["f"] && $0.status == .pending })
        #expect(members.map(\.criteria.open) == [["One"], ["Two `x`"], [""]])
        #expect(members.allSatisfy { $0.body.contains("> Too broad.\n> ## Really") })
        let driver = try readSpec(result.document.text, id: id)
        #expect(driver.kind == .driver && driver.listedMembers == members.map(\.id.text))
        #expect(driver.criteria.total == 0)
        #expect(driver.body.contains("- \(id).1: One\n  * \(id).2: Two `x`\n- \(id).3: \n"))
    }

    @Test("§5.4 group: one member for a spec without criteria")
    func generic() throws {
        let old = try spec()
        let result = try Rejection(grouping: old, word, document("# T\n"), SpecIndex(specs: [old]))
        #expect(result.created.map(\.id.text) == ["\(id).1"])
        #expect(try readSpec(result.created[0].document.text).criteria.total == 1)
    }

    @Test("R29: members that a crash left are taken, and those that are missing made")
    func leftMembers() throws {
        let old = try spec(body: boxes)
        let whole = try Rejection(grouping: old, word, document(boxes), SpecIndex(specs: [old]))
        let first = try Spec(id: whole.created[0].id, path: "", document: whole.created[0].document)
        let again = try Rejection(grouping: old, word, document(boxes), SpecIndex(specs: [old, first]))
        #expect(again.created.map(\.id.text) == ["\(id).2", "\(id).3"])
        #expect(again.taken == [first.id])
        #expect(again.document == whole.document)
    }

    @Test("a spec with members of its own gets no others beside them")
    func ownMembers() throws {
        let old = try spec(body: boxes)
        let member = try readSpec("# Something else\n", id: "\(id).1")
        let result = try Rejection(grouping: old, word, document(boxes), SpecIndex(specs: [old, member]))
        #expect(result.created.isEmpty)
        #expect(try readSpec(result.document.text).listedMembers == ["\(id).1"])
        #expect(try readSpec(result.document.text).criteria.total == 3)
    }

    @Test("§5.4 dependency, R5: a spec with two criteria, on which the rejected one depends; no status is written")
    func dependency() throws {
        let old = try spec("depends_on: [x]")
        let fresh = try specID("2026-01-06-001-bbb")
        let result = try Rejection(
            mending: old,
            word,
            document("---\nstatus: failed\ndepends_on: [x]\n---\n# T\n"),
            SpecIndex(specs: [old]),
            fresh: { fresh }
        )
        #expect(result.document.text == "---\nstatus: failed\ndepends_on: [x, 2026-01-06-001-bbb]\n---\n# T\n")
        let mending = try readSpec(try #require(result.created.first).document.text, id: fresh.text)
        #expect(mending.criteria.total == 2 && mending.originalSpec == id && mending.status == .pending)
        let again = try Rejection(
            mending: old,
            word,
            document("# T\n"),
            SpecIndex(specs: [old, mending]),
            fresh: { fresh }
        )
        #expect(again.created.isEmpty && again.taken == [fresh])
        #expect(try readSpec(again.document.text).dependsOn == [fresh.text])
    }

    @Test("a member that waits for its elder siblings goes on waiting for them")
    func sibling() throws {
        let index = try IndexFixture.index(["d pending type: driver", "d.1 pending", "d.2 pending"])
        let member = try IndexFixture.spec("d.2", in: index)
        let fresh = try specID("2026-01-06-001-bbb")
        let result = try Rejection(mending: member, word, document("# T\n"), index, fresh: { fresh })
        #expect(try readSpec(result.document.text).dependsOn == ["d.1", fresh.text])
    }
}
