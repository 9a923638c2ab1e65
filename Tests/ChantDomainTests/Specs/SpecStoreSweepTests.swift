import Testing

@testable import ChantDomain

@Suite("R1: temporary files after a crash")
struct SpecStoreSweepTests {
    private static let old = "---\nstatus: pending\n---\n"
    private static let new = "---\nstatus: failed\n---\n"
    private static let person = "---\nstatus: pending\n---\n# A person's edit\n"

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let inPlace: String?
        let aside: String
        let isNoted: Bool
        let action: String
        let result: String?
    }

    static let cases = [
        Case(
            testDescription: "whole, not yet swapped",
            inPlace: old,
            aside: new,
            isNoted: true,
            action: "removed",
            result: old
        ),
        Case(
            testDescription: "cut short",
            inPlace: old,
            aside: "---\nsta",
            isNoted: true,
            action: "removed",
            result: old
        ),
        Case(testDescription: "swapped", inPlace: new, aside: old, isNoted: true, action: "removed", result: new),
        Case(
            testDescription: "a person's edit came out",
            inPlace: new,
            aside: person,
            isNoted: true,
            action: "restored",
            result: person
        ),
        Case(
            testDescription: "edited again since",
            inPlace: person + "2",
            aside: person,
            isNoted: true,
            action: "kept",
            result: person + "2"
        ),
        Case(
            testDescription: "ours, edited since",
            inPlace: person,
            aside: old,
            isNoted: true,
            action: "removed",
            result: person
        ),
        Case(
            testDescription: "another program's",
            inPlace: old,
            aside: person,
            isNoted: false,
            action: "foreign",
            result: old
        ),
        Case(testDescription: "of a new file", inPlace: nil, aside: new, isNoted: true, action: "removed", result: nil),
    ]

    @Test("R1: what is found at start", arguments: cases)
    func sweeps(row: Case) async throws {
        let folder = try SpecFolder()
        let intents = VolatileWriteIntents()
        let store = SpecStore(chantFolder: folder.chant, intents: intents)
        if let text = row.inPlace { try folder.write(text, to: "specs/a.md") }
        try folder.write(row.aside, to: "specs/a.md.tmp")
        func digest(_ text: String) -> Digest { Digest(of: Array(text.utf8)) }
        if row.isNoted {
            let before = row.inPlace == nil ? nil : digest(SpecStoreSweepTests.old)
            intents.willWrite(path: folder.path("specs/a.md"), before: before, after: digest(SpecStoreSweepTests.new))
        }
        let swept = try await store.sweepTemporaryFiles()
        #expect(swept.map { "\($0.action)".prefix { $0 != "(" }.description } == [row.action])
        let result = try? folder.text("specs/a.md")
        #expect(result == row.result)
        #expect(intents.pendingWrites().isEmpty)
        let left = try folder.names(in: "specs").filter { $0.hasSuffix(".tmp") }
        switch row.action {
        case "foreign": #expect(left == ["a.md.tmp"])
        case "kept":
            #expect(left.count == 1 && left != ["a.md.tmp"])
            #expect(try folder.text("specs/\(left[0])") == row.aside)
        default: #expect(left.isEmpty)
        }
    }
}
