import Foundation
import Logging
import Testing

@testable import ChantDomain

@Suite("Settlement")
struct SettlementTests {
    private let folder: SpecFolder
    private let journal: Journal
    private let settlement: Settlement

    init() throws {
        folder = try SpecFolder()
        journal = try Journal.open(stateFolder: folder.root)
        settlement = Settlement(
            journal: journal,
            lifecycle: SpecLifecycle(
                store: SpecStore(chantFolder: folder.chant),
                journal: journal,
                project: ProjectIdentity(name: "demo", path: folder.chant)
            ),
            logs: LogBroadcaster(),
            settlements: SettlementCount(),
            stateFolder: folder.root,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { Date() },
            drafts: try RunDrafts.forTests(chantFolder: folder.chant),
            retries: RetryDecision(keys: RetryKeys()),
            redactor: SecretRedactor(["hush-hush-1"])
        )
    }

    @Test("R34: no secret of a run's evidence or warnings reaches the journal")
    func masked() async throws {
        let run = try accepted()
        let evidence: [String: Evidence] = [
            "stderr": .record(["lines": .texts(["no hush-hush-1", "b"])]), "code": .number(1),
        ]
        await settlement.settle(
            run,
            as: StageFailure(.worktreeFailed, "git said hush-hush-1", evidence),
            mergeCommit: nil,
            warnings: [RunWarning(.untrackedFiles, "hush-hush-1", paths: ["a/hush-hush-1"])]
        )
        let settled = try #require(try journal.run(run.id))
        let masks = String(repeating: "*", count: 11)
        #expect(settled.problem?.detail == "git said \(masks)")
        #expect(settled.problem?.members["stderr"] == .record(["lines": .texts(["no \(masks)", "b"])]))
        #expect(settled.warnings == [RunWarning(.untrackedFiles, masks, paths: ["a/\(masks)"])])
    }

    @Test("R35: a spec that was cancelled in its file does not start again after an interruption")
    func cancelledInFile() async throws {
        let run = try accepted()
        try folder.write("---\nstatus: cancelled\n---\n# It\n", to: "specs/\(run.specID).md")
        await settlement.settle(run, as: .stopped(.serviceStopped), mergeCommit: nil, warnings: [])
        let settled = try #require(try journal.run(run.id))
        #expect(settled.outcome == .cancelled)
        #expect(settled.reason == .specCancelled)
        #expect(settled.nextRun == nil)
    }

    private func accepted(interruptions: Int = 0) throws -> Run {
        let run = Fixture.run(projectPath: folder.chant)
        try journal.accept(run, order: Fixture.order(of: run))
        return try journal.update(run.id, from: [.queued]) { run in
            run.state = .preparing
            run.attempt = 2
            run.interruptions = interruptions
            run.options.from = .branch
        }
    }

    @Test("R18: a run gets one outcome; a second settling changes nothing")
    func once() async throws {
        let run = try accepted()
        await settlement.settle(run, as: StageFailure(.agentExit, "7"), mergeCommit: nil, warnings: [])
        await settlement.settle(run, as: StageFailure(.noCommits, "none"), mergeCommit: nil, warnings: [])
        let settled = try #require(try journal.run(run.id))
        #expect(settled.outcome == .failed)
        #expect(settled.reason == .agentExit)
        #expect(settled.finishedAt != nil)
        #expect(try journal.order(run.orderID)?.ended == "failed")
    }

    @Test("R45: an interruption is followed by a queued run of the same order and number, from the target")
    func following() async throws {
        let run = try accepted(interruptions: 1)
        await settlement.settle(run, as: .stopped(.serviceStopped), mergeCommit: nil, warnings: [])
        let settled = try #require(try journal.run(run.id))
        let next = try #require(try settled.nextRun.flatMap { try journal.run($0) })
        #expect(settled.outcome == .interrupted)
        #expect(next.state == .queued)
        #expect(next.retryOf == run.id)
        #expect(next.orderID == run.orderID)
        #expect(next.attempt == 2)
        #expect(next.interruptions == 2)
        #expect(next.options.from == .target)
        #expect(try journal.order(run.orderID)?.settledAt == nil)
    }

    @Test("R41: a cancel ends the order, and nothing follows")
    func cancelled() async throws {
        let run = try accepted()
        await settlement.settle(run, as: .stopped(.cancelled), mergeCommit: nil, warnings: [])
        #expect(try journal.run(run.id)?.nextRun == nil)
        #expect(try journal.order(run.orderID)?.ended == "cancelled")
    }

    @Test("R45: three interruptions are followed by a run, the fourth is a failure")
    func tooOften() throws {
        for (before, reason) in [(0, RunReason.supervisorLost), (2, .supervisorLost), (3, .interruptedTooOften)] {
            var run = Fixture.run()
            run.interruptions = before
            let failure = settlement.tooOften(StageFailure(.supervisorLost, "lost"), run)
            #expect(failure.reason == reason)
            #expect(failure.outcome == (before == 3 ? .failed : .interrupted))
        }
        var run = Fixture.run()
        run.interruptions = 9
        #expect(settlement.tooOften(StageFailure(.agentExit, "1"), run).reason == .agentExit)
    }

    @Test("a status that cannot be written does not keep the run from settling")
    func missingFile() async throws {
        #expect(await settlement.leave(try specID("2026-01-05-001-aaa"), .fail) == [])
        #expect(await settlement.leave(try specID("2026-01-05-001-aaa"), nil) == [])
    }
}
