import ChantTesting
import Foundation
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

    /// Intents as the next start finds them after a kill: none was ended.
    private struct CutOff: WriteIntents {
        let noted = VolatileWriteIntents()

        func willWrite(path: String, before: Digest?, after: Digest) {
            noted.willWrite(path: path, before: before, after: after)
        }

        func didWrite(path: String) {}

        func pendingWrites() -> [PendingWrite] { noted.pendingWrites() }
    }

    @Test("R1: what a kill leaves of an edit that was being taken back is known as ours")
    func takenBack() async throws {
        let folder = try SpecFolder()
        let id = try #require(SpecID("a"))
        try folder.write(Self.old, to: "specs/a.md")
        let before = try await SpecStore(chantFolder: folder.chant).read(id)
        try folder.write(Self.new, to: "specs/a.md")
        let store = SpecStore(chantFolder: folder.chant, intents: CutOff())
        // A program that another test starts just now may still have the file open, as we wrote it: then again.
        try await eventually("it is taken back") {
            (try? await store.restore(before, over: Digest(of: Array(Self.new.utf8)))) != nil
        }
        // Killed after the swap, with what was replaced still aside.
        try folder.write(Self.new, to: "specs/a.md.tmp")
        #expect(try await store.sweepTemporaryFiles().map(\.action) == [.removed])
        #expect(try folder.text("specs/a.md") == Self.old)
    }

    @Test("R1: what a kill leaves of a spec that was being put back is known as ours")
    func putBack() async throws {
        let folder = try SpecFolder()
        let id = try #require(SpecID("a"))
        try folder.write(Self.old, to: "specs/a.md")
        let before = try await SpecStore(chantFolder: folder.chant).read(id)
        try FileManager.default.removeItem(atPath: folder.path("specs/a.md"))
        let store = SpecStore(chantFolder: folder.chant, intents: CutOff())
        try await store.restore(before)
        // Killed while the temporary file was written.
        try FileManager.default.removeItem(atPath: folder.path("specs/a.md"))
        try folder.write("---\nsta", to: "specs/a.md.tmp")
        #expect(try await store.sweepTemporaryFiles().map(\.action) == [.removed])
    }
}
