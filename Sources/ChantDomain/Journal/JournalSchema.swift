/// The versions of the journal's schema, each as the step from the one before (R73).
///
/// Forward only. A version that was released never changes; what is new is a further step.
struct JournalSchema: Sendable {
    /// SQL of version 1, 2, 3, …, in order.
    let steps: [String]

    /// The newest version.
    var version: Int { steps.count }

    /// What this service writes and reads.
    static let current = JournalSchema(steps: [version1, usage, engine])

    /// Times are Unix milliseconds; `options`, `limits`, `timings`, `problem` and the lists are JSON.
    private static let version1 = """
        CREATE TABLE orders (
            id TEXT NOT NULL PRIMARY KEY,
            project TEXT NOT NULL,
            project_path TEXT NOT NULL,
            mode TEXT NOT NULL,
            options TEXT NOT NULL,
            specs TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            settled_at INTEGER,
            ended TEXT
        );

        CREATE TABLE runs (
            id TEXT NOT NULL PRIMARY KEY,
            spec_id TEXT NOT NULL,
            order_id TEXT NOT NULL REFERENCES orders(id) ON DELETE CASCADE,
            project TEXT NOT NULL,
            project_path TEXT NOT NULL,
            mode TEXT NOT NULL,
            options TEXT NOT NULL,
            state TEXT NOT NULL,
            stage TEXT,
            attempt INTEGER NOT NULL,
            interruptions INTEGER NOT NULL,
            agent TEXT NOT NULL,
            provider TEXT NOT NULL,
            model TEXT,
            branch TEXT NOT NULL,
            worktree TEXT,
            target TEXT NOT NULL,
            base_commit TEXT,
            head_commit TEXT,
            commits TEXT NOT NULL,
            merge_commit TEXT,
            exit_code INTEGER,
            signal INTEGER,
            queued_at INTEGER NOT NULL,
            started_at INTEGER,
            finished_at INTEGER,
            limits TEXT NOT NULL,
            timings TEXT NOT NULL,
            outcome TEXT,
            reason TEXT,
            problem TEXT,
            warnings TEXT NOT NULL,
            retry_of TEXT,
            next_run TEXT,
            cancel_requested INTEGER NOT NULL
        );
        CREATE UNIQUE INDEX one_live_run ON runs (project_path, spec_id) WHERE state <> 'settled';
        CREATE INDEX runs_of_spec ON runs (project_path, spec_id, id);
        CREATE INDEX runs_of_order ON runs (order_id);

        CREATE TABLE processes (
            run_id TEXT NOT NULL PRIMARY KEY REFERENCES runs(id) ON DELETE CASCADE,
            spec_id TEXT NOT NULL,
            project TEXT NOT NULL,
            agent TEXT NOT NULL,
            supervisor TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            adopted INTEGER NOT NULL,
            exited_at INTEGER,
            exit_code INTEGER,
            signal INTEGER
        );
        CREATE INDEX live_processes ON processes (run_id) WHERE exited_at IS NULL;

        CREATE TABLE finishing (
            run_id TEXT NOT NULL PRIMARY KEY REFERENCES runs(id) ON DELETE CASCADE,
            record TEXT NOT NULL
        );

        CREATE TABLE writes (
            path TEXT NOT NULL PRIMARY KEY,
            before TEXT,
            after TEXT NOT NULL
        );

        CREATE TABLE events (
            sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            project TEXT NOT NULL,
            type TEXT NOT NULL,
            members TEXT NOT NULL
        );
        """

    /// What a run took, as JSON, and its agent's session.
    private static let usage = """
        ALTER TABLE runs ADD COLUMN session_id TEXT;
        ALTER TABLE runs ADD COLUMN usage TEXT;
        CREATE INDEX runs_with_usage ON runs (project_path, spec_id) WHERE usage IS NOT NULL;
        """

    /// Orders of several specs, runs that wait for a time or go on with paused work; `plan`, `skipped`, `summary` and
    /// `not_before` are JSON.
    private static let engine = """
        ALTER TABLE orders ADD COLUMN plan TEXT;
        ALTER TABLE orders ADD COLUMN skipped TEXT;
        ALTER TABLE orders ADD COLUMN is_stopping INTEGER;
        ALTER TABLE orders ADD COLUMN finishes_running INTEGER;
        ALTER TABLE orders ADD COLUMN summary TEXT;
        ALTER TABLE runs ADD COLUMN resumed_from TEXT;
        ALTER TABLE runs ADD COLUMN not_before TEXT;
        ALTER TABLE runs ADD COLUMN is_agent_open INTEGER;
        ALTER TABLE runs ADD COLUMN "by" TEXT;
        ALTER TABLE runs ADD COLUMN stop_requested TEXT;
        CREATE INDEX open_orders ON orders (project_path) WHERE settled_at IS NULL;
        CREATE INDEX waiting_runs ON runs (project_path) WHERE not_before IS NOT NULL AND state = 'queued';
        """
}
