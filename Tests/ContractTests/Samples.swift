import Foundation

@testable import ChantDomain
@testable import ChantServer

/// Objects of the domain that have every property filled, and others that have none.
enum Samples {
    static let spec = SpecID("2026-08-01-001-k3x").unsafelyKnown
    static let otherSpec = SpecID("2026-08-01-002-q0z").unsafelyKnown
    static let moment = Date(timeIntervalSince1970: 1_785_585_600.25)
    static let run = RunID(at: moment)
    static let order = OrderID(at: moment)
    static let hash = String(repeating: "0123456789", count: 4)

    // MARK: - Runs

    static var queuedRun: Run {
        Run(
            id: run,
            specID: spec.text,
            orderID: order,
            project: "demo",
            projectPath: "/projects/demo/.chant",
            options: RunOptions(),
            agent: "main",
            provider: "demo",
            model: nil,
            branch: "chant/\(spec)",
            target: "main",
            limits: RunLimits(wallSeconds: 7200, idleSeconds: 0.2, logBytes: 1 << 28, stopGraceSeconds: 10),
            queuedAt: moment
        )
    }

    static var settledRun: Run {
        var run = queuedRun
        run.state = .settled
        run.stage = .cleanUp
        run.model = "demo"
        run.worktree = "/state/worktrees/0a1b/w1"
        run.baseCommit = hash
        run.headCommit = hash
        run.commits = [hash]
        run.mergeCommit = hash
        run.exitCode = 1
        run.signal = 9
        run.sessionID = "01900000-0000-7000-8000-000000000000"
        run.usage = RunUsage(inputTokens: 1200, outputTokens: 80, costUSD: 0.25)
        run.limits.costUSD = 2.5
        run.startedAt = moment
        run.finishedAt = moment
        run.timings.queuedMs = 1
        run.timings.prepareMs = 2
        run.timings.gitMs = 3
        run.timings.spawnMs = 4
        run.timings.settleMs = 5
        run.outcome = .needsAttention
        run.reason = .mergeConflict
        run.problem = RunProblem(
            .mergeConflict,
            "It conflicts.",
            [
                "files": .texts(["a"]), "status": .text("completed"), "detail": .text("never"), "code": .number(1),
                "flag": .flag(true), "blockers": .list([.record(["id": .text("x")])]),
            ]
        )
        run.warnings = [RunWarning(.untrackedFiles, "There are untracked files.", paths: ["b"])]
        run.options.note = "Leave the tests out."
        run.retryOf = RunID(at: moment)
        run.nextRun = RunID(at: moment)
        return run
    }

    // MARK: - Orders

    static var settledOrder: OrderDetails {
        var order = Order(
            id: order,
            project: "demo",
            projectPath: "/projects/demo/.chant",
            mode: .parallel,
            options: RunOptions(
                prompt: "careful",
                agent: "main",
                model: "opus",
                timeoutSeconds: 60,
                criteria: .tick,
                skip: [.dependencies],
                merge: .manual,
                note: "Hurry."
            ),
            specs: [spec.text, otherSpec.text],
            createdAt: moment
        )
        order.plan = OrderPlan(isNamed: true, labels: ["a"], onFailure: .stop, maxSpecs: 3, maxConcurrent: 2)
        order.skipped = [SkippedSpec(specID: otherSpec.text, reason: "not-ready", detail: "It waits.")]
        order.settledAt = moment
        order.ended = OrderEnding.failed.rawValue
        order.summary = OrderSummary(needsAttention: 1, skipped: 1)
        let entries = [
            OrderEntry(specID: spec.text, state: .settled, run: settledRun),
            OrderEntry(specID: otherSpec.text, state: .skipped, skipped: order.skipped?.first),
        ]
        return OrderDetails(order: order, entries: entries, summary: OrderSummary(needsAttention: 1, skipped: 1))
    }

    static var openOrder: OrderDetails {
        let order = Order(
            id: order,
            project: "demo",
            projectPath: "/projects/demo/.chant",
            mode: .single,
            options: RunOptions(),
            specs: [spec.text],
            createdAt: moment
        )
        let entry = OrderEntry(specID: spec.text, state: .waiting, waitingFor: [.dependency(otherSpec.text)])
        return OrderDetails(order: order, entries: [entry], summary: OrderSummary())
    }

    // MARK: - Events

    static var events: [RecordedEvent] {
        let process = ProcessFacts(runID: run, specID: spec.text, pid: 7, exitCode: 0, signal: 15, adopted: true)
        var order = Order(
            id: order,
            project: "demo",
            projectPath: "/p/.chant",
            mode: .single,
            options: RunOptions(),
            specs: [spec.text],
            createdAt: moment
        )
        let opened = OrderFacts(order)
        order.ended = "finished"
        let change = SpecChange(
            specID: spec.text,
            change: .status,
            from: "pending",
            to: "in_progress",
            revision: "0123456789abcdef"
        )
        let all: [DomainEvent] = [
            .specChanged(change),
            .specChanged(SpecChange(specID: spec.text, change: .removed, revision: nil)),
            .runQueued(RunFacts(queuedRun)), .runStarted(RunFacts(queuedRun)), .runStage(RunFacts(queuedRun)),
            .runSettled(RunFacts(settledRun)), .orderCreated(opened),
            .orderSettled(OrderFacts(order, summary: OrderSummary(completed: 1))), .processStarted(process),
            .processExited(process), .serviceStarted(ServiceFacts(version: "1")),
            .serviceStopping(ServiceFacts(version: "1", mode: "stop")),
        ]
        return all.enumerated().map { index, event in
            RecordedEvent(sequence: Int64(index) + 1, at: moment, project: index % 2 == 0 ? "demo" : "", event: event)
        }
    }

    // MARK: - Refusals

    static var startErrors: [RunError] {
        let unreadable = UnreadableSpec(id: spec.text, path: "p", revision: "", detail: "It never closes.", line: 1)
        let refusals: [GateRefusal] = [
            .unreadable(unreadable), .gone(spec), .alreadyRunning(queuedRun, pid: 7),
            .alreadyRunning(queuedRun, pid: nil),
            .lockedByOther(spec, pid: 7), .notStartable(spec, status: .completed, allowed: ["pending"]), .driver(spec),
            .needsApproval(spec), .approvalRejected(spec, by: "ann"), .approvalRejected(spec, by: nil),
            .notReady(spec, [Blocker(otherSpec.text, .missing)]),
            .promptMissing("careful", detail: "It does not exist."),
            .unknownAgent("mine", known: ["main"]), .agentMissing(agent: "main", program: "./a"),
            .providerUnsupported("claude", supported: ["demo"]), .targetMissing("main"), .repositoryEmpty,
        ]
        return refusals.map(RunError.refused) + [
            .nothingToDo([SkippedSpec(specID: spec.text, reason: "not-ready", detail: "It waits.")]), .nothingToDo([]),
            .queueFull(limit: 1000), .diskFloor("Full."), .stopping,
            .spec(.ambiguous("00", [spec, otherSpec])), .journal(.queueFull(limit: 5)),
            .journal(.storage(operation: "read", code: 1, detail: "broken")), .git(.gitMissing),
        ]
    }

    static var promptErrors: [RunError] {
        findErrors.map(RunError.spec) + [
            .refused(.promptMissing("careful", detail: "It does not exist.")), .git(.gitMissing),
            .refused(
                .unreadable(UnreadableSpec(id: "x", path: "p", revision: "", detail: "It never closes.", line: 1))
            ),
        ]
    }

    static var cancelErrors: [RunError] {
        [
            .notFound(run), .tooLate(settledRun), .tooLate(queuedRun), .journal(.noSuchRun(run)),
            .journal(.stale(settledRun)),
        ]
    }

    static var stopErrors: [ProcessStopError] {
        [.notFound(7), .changed(run), .notOurs(7), .run(.tooLate(settledRun))]
    }

    static var logErrors: [LogServiceError] {
        [
            .runNotFound(run), .neverRun(spec), .gone(path: "/out.log"), .beyondEnd(offset: 9, size: 5),
            .otherLog(LogPosition(.run(run), .raw, offset: 1)), .noTimes, .log(.unreadable(path: "p", code: 5)),
            .journal(.noSuchRun(run)),
        ]
    }

    static var findErrors: [SpecError] {
        [.notFound("x"), .ambiguous("0", [spec, otherSpec]), .file(FileError(operation: "read", path: "p", code: 5))]
    }

}

extension Optional {
    /// The value of a literal that is known to parse.
    fileprivate var unsafelyKnown: Wrapped {
        guard let self else { preconditionFailure("a sample does not parse") }
        return self
    }
}
