import Foundation
import Testing

@testable import ChantDomain

@Suite("R39, R57: merging what an agent left")
struct SpecMergeTests {
    private func merge(_ placed: String, _ current: String, _ agent: String) -> SpecMerge.Outcome {
        SpecMerge.merge(placed: document(placed), current: document(current), agent: document(agent))
    }

    private func merged(_ placed: String, _ current: String, _ agent: String) -> String? {
        if case .merged(let document) = merge(placed, current, agent) { return document.text }
        return nil
    }

    private func spec(_ header: String, _ body: String = "# T\n") -> String { "---\n\(header)---\n\(body)" }

    @Test("R39: an agent changes none of the service's keys", arguments: SpecMerge.serviceKeys.sorted())
    func serviceKeys(key: String) {
        let placed = spec("type: code\nstatus: in_progress\n\(key == "status" ? "" : "\(key): a\n")")
        let agent = spec("type: code\n\(key): [hacked]\n", "# T\n\n- [x] done\n")
        #expect(merged(placed, placed, agent) == placed + "\n- [x] done\n")
        let none = spec("type: code\n")
        #expect(merged(none, none, spec("type: code\n\(key): b\n")) == none)
    }

    @Test("R57: the agent's other keys are taken, as it wrote them, into the checkout's bytes")
    func otherKeys() {
        let placed = spec("# c\ntype: code\nlabels: [a]\ncontext:\n- x\nstatus: in_progress\n")
        let current = spec("# c\ntype:   code # mine\nlabels: [a]\ncontext:\n- x\nstatus: paused\n", "# T new\n")
        let agent = spec("type: code\nlabels:\n  - b # new\nteam: {lead: ann}\nstatus: completed\n")
        #expect(
            merged(placed, current, agent)
                == spec(
                    "# c\ntype:   code # mine\nlabels:\n  - b # new\nstatus: paused\nteam: {lead: ann}\n",
                    "# T new\n"
                )
        )
    }

    @Test(
        "R57, R59: what somebody decided meanwhile comes behind what the agent made of the body",
        arguments: [
            ("# T\n\n- [ ] a\n", "# T\n\n- [x] a\n"), ("# T\n\n- [ ] a", "# T\n\n- [x] a"),
            ("# T\n\n- [ ] a\n", "# T\n\n- [x] a\n\n## Output\n\nDone\n"), ("# T\n", "# T\n\nMore\n\n"),
            ("# T\r\n- [ ] a\r\n", "# T\r\n- [x] a\r\n"),
        ]
    )
    func discussion(body: String, agent: String) throws {
        let end = body.contains("\r") ? "\r\n" : "\n"
        let decided = try document(spec("type: code\n", body)).deciding(
            .approved,
            by: "ana",
            at: "2026-01-05T10:00:00Z",
            because: nil
        )
        let section = "## Approval Discussion\(end)\(end)**ana** - 2026-01-05 10:00 - APPROVED\(end)"
        let result = try #require(merged(spec("type: code\n", body), decided.text, spec("type: code\n", agent)))
        #expect(result.hasSuffix(section))
        let above = result.dropLast(section.count)
        #expect(above.hasSuffix(end + end) && !above.hasSuffix(end + end + end))
        #expect(above.contains(agent.trimmingCharacters(in: .newlines)))
    }

    @Test("R57: a person's other edits of the same lines are not passed over for a decision behind them")
    func discussionAndMore() {
        let body = "# T\n\n- [ ] a\n"
        let current = spec("", "# T\n\n- [ ] b\n\n## Approval Discussion\n\n**ana**\n")
        guard case .needsTextMerge(let rest) = merge(spec("", body), current, spec("", "# T\n\n- [x] a\n")) else {
            Issue.record("merged")
            return
        }
        #expect(String(decoding: rest.ours, as: UTF8.self) == "# T\n\n- [ ] b\n\n")
        let finished = rest.finish(body: Array("# T\n\n- [x] b\n".utf8))
        #expect(finished.text == spec("", "# T\n\n- [x] b\n\n## Approval Discussion\n\n**ana**\n"))
    }

    @Test("R57: line endings are the checkout's")
    func lineEndings() {
        let crlf = "---\r\ntype: code\r\n---\r\n# T\r\n"
        let agent = "---\ntype: code\nlabels:\n- a\n---\n# T\r\n"
        #expect(merged(crlf, crlf, agent) == "---\r\ntype: code\r\nlabels:\r\n- a\r\n---\r\n# T\r\n")
    }

    @Test("R57: a file without a header gets one for the agent's keys")
    func noHeader() {
        #expect(merged("# T\n", "# T\n", spec("labels: [a]\n")) == spec("labels: [a]\n"))
    }

    @Test("R57: a key that both changed differently is a conflict; changed alike, it is none")
    func conflicts() {
        let placed = spec("labels: [a]\nprompt: p\ncontext: [c]\n")
        let both = merge(placed, spec("labels: [b]\ncontext: [c]\n"), spec("labels: [c]\nprompt: q\ncontext: [d]\n"))
        #expect(both == .conflict(keys: ["labels", "prompt"]))
        let alike = spec("labels: [b]\nprompt: p\ncontext: [c]\n")
        #expect(merged(placed, alike, spec("labels:\n- 'b'\nprompt: p\ncontext: [c]\n")) == alike)
    }

    @Test(
        "R57: bodies that one side changed need no text merge",
        arguments: [("b", "b", "x", "x"), ("b", "x", "b", "x"), ("b", "x", "x", "x"), ("b", "b", "b", "b")]
    )
    func bodies(base: String, ours: String, theirs: String, result: String) {
        let header = "status: in_progress\n"
        #expect(merged(spec(header, base), spec(header, ours), spec(header, theirs)) == spec(header, result))
    }

    @Test("R57: bodies that both changed are left to the caller, and the header is ready")
    func textMerge() {
        let outcome = merge(spec("a: 1\n", "b"), spec("a: 1\n", "o"), spec("a: 2\n", "t"))
        guard case .needsTextMerge(let unfinished) = outcome else {
            Issue.record("not \(outcome)")
            return
        }
        #expect(unfinished.base == Array("b".utf8) && unfinished.ours == Array("o".utf8))
        #expect(unfinished.theirs == Array("t".utf8))
        #expect(unfinished.finish(body: Array("m".utf8)).text == spec("a: 2\n", "m"))
    }

    @Test("R57: lines that cannot be moved alone are a conflict, not a broken file")
    func dependentLines() {
        let placed = spec("type: code\n")
        #expect(merge(placed, placed, spec("type: &t code\nlabels: [*t]\n")) == .conflict(keys: ["labels"]))
        #expect(merge(placed, placed, "---\n  type: code\n  labels: [a]\n---\n# T\n") == .conflict(keys: ["labels"]))
    }

    @Test("R57: a file that cannot be read says which")
    func unreadable() {
        let good = spec("a: 1\n")
        guard case .unreadable(.agent, let problem) = merge(good, good, "---\nx: [\n---\n") else {
            Issue.record("read")
            return
        }
        #expect(problem.line != nil)
        guard case .unreadable(.current, _) = merge(good, "---\n", good) else {
            Issue.record("read")
            return
        }
    }
}
