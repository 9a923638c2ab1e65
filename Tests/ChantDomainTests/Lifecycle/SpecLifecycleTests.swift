import Foundation
import Synchronization
import Testing

@testable import ChantDomain

@Suite("SpecLifecycle")
struct SpecLifecycleTests {
    private let folder: SpecFolder
    private let journal: Journal
    private let lifecycle: SpecLifecycle
    private let id: SpecID

    init() throws {
        folder = try SpecFolder()
        journal = try Journal.open(stateFolder: folder.root)
        id = try specID("2026-01-05-001-aaa")
        lifecycle = SpecLifecycle(
            store: SpecStore(chantFolder: folder.chant),
            journal: journal,
            project: ProjectIdentity(name: "demo", path: folder.chant)
        )
    }

    private func write(_ status: String, more: String = "") throws {
        try folder.write("---\n# kept\nstatus: \(status) # as is\n\(more)---\n# Title\n", to: "specs/\(id).md")
    }

    private func status() throws -> SpecStatus { try readSpec(folder.text("specs/\(id).md"), id: id.text).status }

    private func changes() throws -> [String] {
        try journal.events(after: 0, limit: 100).map { record in
            guard case .specChanged(let change) = record.event else { return record.event.type }
            return "\(change.change) \(change.from ?? "-") \(change.to ?? "-") \(change.by)"
        }
    }

    @Test("R6: a start writes status and branch, and tells both statuses")
    func start() async throws {
        try write("failed")
        let file = try await lifecycle.start(id, branch: "chant/x")
        #expect(try file.spec().status == .inProgress)
        #expect(try file.spec().branch == "chant/x")
        #expect(try folder.text("specs/\(id).md").contains("# kept\n"))
        #expect(try changes() == ["status failed in_progress service"])
    }

    @Test("R6: a transition that the table has not is refused, and nothing is written or told")
    func refused() async throws {
        for status in ["in_progress", "completed", "cancelled"] {
            try write(status)
            let text = try folder.text("specs/\(id).md")
            await #expect(throws: SpecError.self) { try await lifecycle.start(id, branch: "b") }
            #expect(try folder.text("specs/\(id).md") == text)
        }
        #expect(try changes() == [])
    }

    @Test("R14: what a run's end asks for, from in_progress")
    func leaves() async throws {
        for (event, after) in [(SpecEvent.fail, SpecStatus.failed), (.flag, .needsAttention), (.release, .pending)] {
            try write("in_progress")
            #expect(try await lifecycle.leave(id, event) == nil)
            #expect(try status() == after)
        }
    }

    @Test("R35: a status that somebody else wrote is overwritten and told")
    func changedOutside() async throws {
        for found in ["pending", "paused", "needs_attention"] {
            try write(found)
            #expect(try await lifecycle.leave(id, .fail)?.rawValue == found)
            #expect(try status() == .failed)
        }
    }

    @Test("R7: completed is never downgraded, and a person's cancelled stands")
    func neverDowngraded() async throws {
        for found in ["completed", "cancelled"] {
            try write(found)
            let text = try folder.text("specs/\(id).md")
            #expect(try await lifecycle.leave(id, .fail)?.rawValue == found)
            #expect(try folder.text("specs/\(id).md") == text)
        }
        #expect(try changes() == [])
    }

    @Test("R43: after a restart only in_progress is changed")
    func restart() async throws {
        try write("failed")
        try await lifecycle.leaveIfInProgress(id, .release)
        #expect(try status() == .failed)
        try write("in_progress")
        try await lifecycle.leaveIfInProgress(id, .release)
        #expect(try status() == .pending)
    }

    @Test("R44: a forced reset that cannot be recorded is an error")
    func unrecorded() async throws {
        try write("in_progress")
        try journal.close()
        await #expect(throws: (any Error).self) { try await lifecycle.forceReset(id, by: "ann") }
    }

    @Test("a change that the journal does not take is made, and not lost without a word")
    func untold() async throws {
        try write("failed")
        try journal.close()
        let untold = Mutex<[String]>([])
        var lifecycle = lifecycle
        lifecycle.onUntold = { change, _ in untold.withLock { $0.append("\(change.specID) \(change.to ?? "-")") } }
        _ = try await lifecycle.start(id, branch: "chant/x")
        #expect(try status() == .inProgress)
        #expect(untold.withLock { $0 } == ["\(id) in_progress"])
    }

    @Test("F4: finished bytes are written over what they were computed from, else computed again")
    func finished() async throws {
        try write("in_progress")
        let before = Array(try folder.text("specs/\(id).md").utf8)
        let done = try SpecDocument(bytes: before).finished(commits: ["abc1234"], completedAt: "t", model: "m")
        try await lifecycle.writeFinished(id, expecting: before, finished: done.bytes) { _ in
            Issue.record("nothing had changed")
            return []
        }
        #expect(try folder.text("specs/\(id).md") == done.text)
        try write("in_progress", more: "labels: [new]\n")
        try await lifecycle.writeFinished(id, expecting: before, finished: done.bytes) { current in
            try SpecDocument(bytes: current).finished(commits: [], completedAt: "t", model: "again").bytes
        }
        let text = try folder.text("specs/\(id).md")
        #expect(text.contains("labels: [new]"))
        #expect(text.contains("model: again"))
        #expect(try changes() == Array(repeating: "status in_progress completed service", count: 2))
    }
}
