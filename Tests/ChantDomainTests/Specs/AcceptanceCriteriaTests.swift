import Testing

@testable import ChantDomain

@Suite("R38: the one parser of criteria")
struct AcceptanceCriteriaTests {
    /// Boxes as `text` (open) or `text!` (ticked).
    private func boxes(_ body: String) -> [String] {
        AcceptanceCriteria(MarkdownBody(Array(body.utf8))).items.map { $0.text + ($0.isChecked ? "!" : "") }
    }

    @Test(
        "R38: which headings count",
        arguments: [
            ("## Acceptance Criteria", true), ("### acceptance criteria", true),
            ("#### ACCEPTANCE CRITERIA ####", true),
            ("## Acceptance Criteria (new)", true), ("   ## Acceptance criteria:", true),
            ("# Acceptance Criteria", false),
            ("##### Acceptance Criteria", false), ("## Criteria", false), ("## Acceptance Criterias", false),
            ("##Acceptance Criteria", false), ("    ## Acceptance Criteria", false), ("Acceptance Criteria", false),
        ]
    )
    func headings(line: String, counts: Bool) { #expect(boxes("\(line)\n\n- [ ] a\n") == (counts ? ["a"] : [])) }

    @Test(
        "R38: which boxes count",
        arguments: [
            ("- [ ] a", ["a"]), ("* [x] a", ["a!"]), ("+ [X] a", ["a!"]), ("    - [ ] deep", ["deep"]), ("- [ ]", [""]),
            ("1. [ ] a", []), ("- [y] a", []), ("-[ ] a", []), ("- [x](link)", []), ("text - [ ] a", []),
            ("- [  ] a", []),
            ("\t- [x]\ta\r", ["a!"]), ("> - [ ] a", []),
        ]
    )
    func kinds(line: String, found: [String]) { #expect(boxes("## Acceptance Criteria\n\(line)\n") == found) }

    @Test("R38: the last heading wins, and its section ends at its own level or above")
    func sections() {
        #expect(
            boxes("## Acceptance Criteria\n- [ ] a\n## X\n- [ ] b\n### Acceptance Criteria\n- [x] c\n## Y\n- [ ] d\n")
                == ["c!"]
        )
        #expect(
            boxes("## Acceptance Criteria\n- [ ] a\n### Part\n- [ ] b\n#### Deep\n- [ ] c\n# New\n- [ ] d\n") == [
                "a", "b", "c",
            ]
        )
        #expect(boxes("### Acceptance Criteria\n- [ ] a\n### Next\n- [ ] b\n") == ["a"])
    }

    @Test(
        "R38: fences are CommonMark's",
        arguments: [
            "```\n- [ ] no\n```", "~~~\n- [ ] no\n```\n- [ ] no\n~~~", "````md\n```\n- [ ] no\n```\n````",
            "- item\n  ```\n  - [ ] no\n  ```", "- item\n\n      ```\n- [x] box", "   ```\n- [ ] no\n   ```  ",
            "1. item\n   ~~~\n   - [ ] no\n   ~~~", "- ```\n  - [ ] no\n  ```",
            "```\n## Acceptance Criteria\n- [ ] no\n```",
            "- item\n  ```\n  - [ ] no", "~~~ a`b ~\n- [ ] no\n~~~",
        ]
    )
    func fences(block: String) {
        let found = boxes("## Acceptance Criteria\n\n\(block)\n- [ ] yes\n")
        #expect(found.last == "yes" && !found.contains("no"))
    }

    @Test("R38: a fence that never closes hides the rest; four blanks make no fence")
    func unclosed() {
        #expect(boxes("## Acceptance Criteria\n- [ ] a\n\n```\n- [ ] b\n## X\n") == ["a"])
        #expect(boxes("## Acceptance Criteria\n\n    ```\n\n- [ ] a\n") == ["a"])
        #expect(boxes("## Acceptance Criteria\n``` `x\n- [ ] a\n") == ["a"])
    }

    static let output = "## Agent Output\n\n2026-01-25T22:30:12Z\n\n```\n"

    @Test(
        "§4.2: what follows a transcript does not depend on its fences",
        arguments: [
            "Done.```", "Done.\n```", "Code:\n```swift\nlet a = 1\n```\nDone.```", "Code:\n```\n# x\n```\n\nDone.```",
            "cut in a block:\n```\nlet a\n... (output truncated, 9000 chars total)```", "## Summary\n\nGood.```",
            "## Acceptance Criteria\n- [ ] mine```", "```\na\n```\n\n## Acceptance Criteria\n- [ ] mine\n\nDone.```",
        ]
    )
    func transcripts(text: String) {
        let before = "# T\n\n## Acceptance Criteria\n\n- [x] a\n\n"
        #expect(boxes(before + AcceptanceCriteriaTests.output + text + "\n") == ["a!"])
        #expect(boxes(before + AcceptanceCriteriaTests.output + text) == ["a!"])
        let after = "\n\n## Acceptance Criteria\n\n- [ ] later\n"
        #expect(boxes(before + AcceptanceCriteriaTests.output + text + after) == ["later"])
        let twice = AcceptanceCriteriaTests.output + text + "\n\n" + AcceptanceCriteriaTests.output + text
        #expect(boxes(before + twice + after) == ["later"])
        #expect(boxes(before + twice) == ["a!"])
    }

    @Test("§4.2: a longer fence closes by the ordinary rules, and a section without a fence is ordinary text")
    func otherTranscripts() {
        let long =
            "## Agent Output\n\nnow\n\n````\n```\n## Acceptance Criteria\n- [ ] no\n````\n\n## Acceptance Criteria\n- [ ] a\n"
        #expect(boxes(long) == ["a"])
        #expect(boxes("## Agent Output\n\nNothing.\n\n## Acceptance Criteria\n- [ ] a\n") == ["a"])
    }

    @Test("R13: ticking changes the marks of open boxes and nothing else")
    func ticking() {
        let old =
            "---\nstatus: pending\n---\r\n# T\n- [ ] no\n## Acceptance criteria\r\n* [ ] a\n```\n- [ ] no\n```\n  + [x] b\n- [ ] c"
        let new = document(old).tickingBoxes()
        #expect(
            new.text
                == "---\nstatus: pending\n---\r\n# T\n- [ ] no\n## Acceptance criteria\r\n* [x] a\n```\n- [ ] no\n```\n  + [x] b\n- [x] c"
        )
        #expect(new.tickingBoxes() == new)
        let criteria = AcceptanceCriteria(MarkdownBody(document(old).bodyBytes))
        #expect(criteria.total == 3 && criteria.checked == 1 && criteria.open == ["a", "c"])
    }
}
