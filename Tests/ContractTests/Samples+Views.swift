import Foundation

@testable import ChantDomain

extension Samples {
    /// A spec whose header has every key.
    static func fullSpec() throws -> SpecView {
        let header = """
            ---
            type: docs
            status: in_progress
            depends_on: 2026-08-01-002-q0z
            labels: [one, two]
            target_files:
            - a.txt
            context: [b.txt]
            prompt: careful
            branch: chant/x
            commits:
            - 812e667
            - "1e83309"
            completed_at: 2026-08-01T12:00:00Z
            model: claude-opus-4
            tracks: ["*.md"]
            informed_by: ["*.txt"]
            origin: [data.csv]
            schedule: daily
            source_branch: s
            target_branch: t
            conflicting_files: [c]
            blocked_specs: [d]
            original_spec: e
            last_verified: 2026-08-01T12:00:00Z
            verification_status: passed
            verification_failures: [f]
            replayed_at: 2026-08-01T12:00:00Z
            original_completed_at: 2026-08-01T12:00:00Z
            replay_count: 2
            derived_fields: [team]
            approval: {required: true, status: approved, by: ann, at: 2026-08-01T12:00:00Z}
            members: [g]
            output_schema: schema.json
            public: false
            retry_state: {attempts: 1, last_retry_time: 1785585600000, next_retry_time: 1785585660000}
            team: [core, {lead: ann}]
            ---

            # Say hello

            ## Acceptance Criteria

            - [x] it says hello

            """
        return view(
            try reading(header),
            driver: spec,
            members: [otherSpec],
            blockedBy: [Blocker(otherSpec.text, .status)],
            allowed: ["work"],
            run: run
        )
    }

    /// A spec that is one word.
    static func plainSpec() throws -> SpecView {
        view(try reading("hello"), driver: nil, members: [], blockedBy: [], allowed: [], run: nil)
    }

    private static func reading(_ text: String) throws -> Spec {
        try Spec(
            id: spec,
            path: ".chant/specs/\(spec).md",
            document: SpecDocument(bytes: Array(text.utf8)),
            updatedAt: moment
        )
    }

    private static func view(
        _ spec: Spec,
        driver: SpecID?,
        members: [SpecID],
        blockedBy: [Blocker],
        allowed: [String],
        run: RunID?
    ) -> SpecView {
        SpecView(
            spec: spec,
            driver: driver,
            members: members,
            ready: blockedBy.isEmpty,
            blockedBy: blockedBy,
            allowed: allowed,
            criteria: CriteriaCount(total: 1, checked: 1),
            stale: false,
            runID: run,
            orderID: run.map { _ in order },
            usage: run.map { _ in usage } ?? RunUsage()
        )
    }

    static var processes: [ProcessView] {
        [(ProcessView.State.running, nil), (.stopping, settledRun)].map { state, run in
            ProcessView(
                role: run == nil ? .agent : .setup,
                pid: 4711,
                startedAt: moment,
                specID: spec.text,
                run: run,
                state: state,
                adopted: false,
                cpuSeconds: 0.25,
                rssBytes: 1 << 20,
                children: 2,
                logBytes: 5,
                lastOutputAt: state == .running ? nil : moment
            )
        }
    }

    static var usage: RunUsage { RunUsage(inputTokens: 1200, outputTokens: 80, costUSD: 0.25) }

    static var status: ServiceStatus {
        ServiceStatus(
            counts: ["pending": 2, "ready": 1, "unreadable": 1],
            workerLimit: 4,
            busyWorkers: 1,
            queueLength: 1,
            oldestSeconds: 0.5,
            repositories: [.init(path: "/p", target: "main", holder: "run r1", waiting: 1)],
            usage: [DailyUsage(day: "2026-08-01", runs: 2, usage: usage)],
            storage: storage(kept: KeptSizes(runBytes: 5, refs: 2, worktrees: 1, at: moment))
        )
    }

    /// Room and growth: everything known and everything short, or as little as at the start.
    static func storage(kept: KeptSizes?) -> StorageStatus {
        var limits = ServerKeys.Retention()
        limits.refsAge = kept.map { _ in .milliseconds(1500) }
        let space = kept.map { _ in DiskSpace(free: 1, total: 100) }
        return StorageStatus(
            journal: JournalFigures(runs: 1, events: 2, oldestEvent: kept?.at, bytes: 4096),
            kept: kept,
            limits: limits,
            resources: Resources(worktrees: space, state: space, memory: kept.map { _ in 7 }),
            floors: ServerKeys.Floors(),
            shortages: kept == nil ? [] : Shortage.What.allCases.map { Shortage(what: $0, free: 1, floor: 2) }
        )
    }
}
