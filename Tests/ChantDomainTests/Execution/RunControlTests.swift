import ChantTesting
import Synchronization
import Testing

@testable import ChantDomain

@Suite("RunControl")
struct RunControlTests {
    @Test("R58: a stop before the move wins; the move is not entered")
    func before() async {
        let control = RunControl()
        #expect(await control.stop(.cancelled) == .willStop)
        #expect(control.stopReason == .cancelled)
        #expect(throws: StageFailure.self) { try control.checkpoint() }
        #expect(throws: StageFailure.self) { try control.beginMove() }
    }

    @Test("R58: a stop after the move is too late and changes nothing")
    func after() async throws {
        let control = RunControl()
        try control.beginMove()
        control.endMove(committed: true)
        #expect(await control.stop(.cancelled) == .tooLate)
        #expect(control.stopReason == nil)
        try control.checkpoint()
    }

    @Test("R58: a stop while the target is moved waits for the answer", arguments: [true, false])
    func during(isCommitted: Bool) async throws {
        let control = RunControl()
        let asked = Atomic<Int>(0)
        control.onStop { _ in asked.add(1, ordering: .relaxed) }
        try control.beginMove()
        let answers = await withTaskGroup(of: StopAnswer.self) { group in
            for _ in 1...3 { group.addTask { await control.stop(.cancelled) } }
            await Task.yield()
            control.endMove(committed: isCommitted)
            return await group.reduce(into: []) { $0.append($1) }
        }
        // Those who came before the end waited for it; later ones hear the same.
        #expect(answers == Array(repeating: isCommitted ? .tooLate : .willStop, count: 3))
        #expect(asked.load(ordering: .relaxed) == (isCommitted ? 0 : 1))
        #expect((control.stopReason == nil) == isCommitted)
    }

    @Test("R58: a stop does not wait for ever for a move that hangs, and counts once the move is lost")
    func undecided() async throws {
        let control = RunControl()
        try control.beginMove()
        #expect(await control.stop(.cancelled, patience: .milliseconds(1)) == .undecided)
        control.endMove(committed: false)
        #expect(control.stopReason == .cancelled)
    }

    @Test("a lost move opens the run for stops again, and a second move can be entered")
    func lostMove() async throws {
        let control = RunControl()
        try control.beginMove()
        control.endMove(committed: false)
        // Leaving twice is the same as once.
        control.endMove(committed: false)
        try control.checkpoint()
        try control.beginMove()
        control.endMove(committed: true)
        #expect(await control.stop(.serviceStopped) == .tooLate)
    }

    @Test("an action is called once for the first stop, and at once where the stop came before")
    func actions() async {
        let control = RunControl()
        let calls = Mutex<[StopReason]>([])
        control.onStop { reason in calls.withLock { $0.append(reason) } }
        _ = await control.stop(.serviceStopped)
        _ = await control.stop(.serviceStopped)
        control.onStop { reason in calls.withLock { $0.append(reason) } }
        #expect(calls.withLock { $0 } == [.serviceStopped, .serviceStopped])
    }

    @Test("R41: a cancel counts, in whatever order it and the service's stop come")
    func cancelWins() async {
        for pair in [[StopReason.cancelled, .serviceStopped], [.serviceStopped, .cancelled]] {
            let control = RunControl()
            for reason in pair { #expect(await control.stop(reason) == .willStop) }
            #expect(control.stopReason == .cancelled)
        }
    }

    @Test("R41: of two stops the one that leaves less to go on with counts, in whatever order they come")
    func joined() {
        for (index, reason) in StopReason.allCases.enumerated() {
            for other in StopReason.allCases.prefix(index + 1) {
                #expect(reason.joined(with: other) == reason)
                #expect(other.joined(with: reason) == reason)
            }
        }
    }

    @Test("R58: once it is decided how the run ends, a stop is too late; one that came before is obeyed")
    func settling() async {
        let asked = RunControl()
        #expect(await asked.stop(.paused) == .willStop)
        #expect(asked.beginSettling() == .stopped(.paused))
        #expect(await asked.stop(.specCancelled) == .tooLate)
        let stopping = RunControl()
        #expect(await stopping.stop(.serviceStopped) == .willStop)
        #expect(stopping.beginSettling() == .asItEnded, "what failed by itself has failed")
        let free = RunControl()
        #expect(free.beginSettling() == .asItEnded)
        #expect(!free.giveUp())
    }

    @Test("R44: a run that was given up is not settled, and enters no move; one that is being moved is not given up")
    func givenUp() async throws {
        let control = RunControl()
        #expect(await control.stop(.cancelled) == .willStop)
        #expect(control.giveUp() && control.isGivenUp)
        #expect(throws: StageFailure.self) { try control.checkpoint() }
        #expect(throws: StageFailure.self) { try control.beginMove() }
        #expect(control.beginSettling() == .notAtAll)
        let moving = RunControl()
        try moving.beginMove()
        #expect(!moving.giveUp())
        moving.endMove(committed: true)
        #expect(!moving.giveUp())
    }

    @Test("R58: racing stops and a move agree on one answer", arguments: 0..<50)
    func racing(_: Int) async {
        let control = RunControl()
        let (moved, answers) = await withTaskGroup(of: (Bool, Bool).self) { group in
            group.addTask {
                do { try control.beginMove() } catch { return (true, false) }
                await Task.yield()
                control.endMove(committed: true)
                return (true, true)
            }
            for _ in 1...4 { group.addTask { (false, await control.stop(.cancelled) == .willStop) } }
            var moved = false
            var answers: [Bool] = []
            for await (isMove, value) in group {
                if isMove { moved = value } else { answers.append(value) }
            }
            return (moved, answers)
        }
        #expect(Set(answers) == [!moved])
    }
}
