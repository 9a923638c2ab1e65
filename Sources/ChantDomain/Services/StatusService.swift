public import Foundation

/// One process as `GET /processes` shows it.
public struct ProcessView: Sendable {
    /// What it does for its run.
    public enum Role: String, Sendable, CaseIterable {
        case agent
        /// The command `server.worktree.setup`.
        case setup
    }

    /// Whether it runs, is being stopped, or can no longer be told from others.
    public enum State: String, Sendable, CaseIterable {
        case running
        case stopping
        /// Its supervisor is gone; it is about to be stopped.
        case stale
        case unverifiable
    }

    /// Whether it is the agent, or prepares its worktree.
    public let role: Role
    /// Its process id.
    public let pid: Int32
    /// When it was started.
    public let startedAt: Date
    /// The spec that it works on.
    public let specID: String
    /// Its run; `nil` for an agent that the original program started.
    public let run: Run?
    /// Its state at the moment of the answer.
    public let state: State
    /// Whether a service that started later took it over.
    public let adopted: Bool
    /// Processor time of the whole tree, in seconds.
    public let cpuSeconds: Double
    /// Resident memory of the whole tree, in bytes.
    public let rssBytes: Int
    /// How many processes the agent has below it.
    public let children: Int
    /// How much it has written.
    public let logBytes: Int
    /// When it last wrote.
    public let lastOutputAt: Date?
}

/// What `GET /status` shows.
public struct ServiceStatus: Sendable {
    /// One repository and its serialized section.
    public struct RepositoryStatus: Sendable {
        /// The checkout's folder.
        public let path: String
        /// The branch that finished work goes to.
        public let target: String
        /// Who is inside the section of worktrees now.
        public let holder: String?
        /// How many wait for it.
        public let waiting: Int
    }

    /// Specs by status, and `ready`, `unreadable`.
    public let counts: [String: Int]
    /// How many runs may execute at once.
    public let workerLimit: Int
    /// How many do.
    public let busyWorkers: Int
    /// How many runs wait.
    public let queueLength: Int
    /// How long the oldest has waited, in seconds.
    public let oldestSeconds: Double?
    /// The repositories served.
    public let repositories: [RepositoryStatus]
    /// What the agents took on each of the last days that had any, the newest first.
    public let usage: [DailyUsage]
    /// What grows, and what is free.
    public let storage: StorageStatus
}

/// Views of the service's own state: counts, queue, processes.
public struct StatusService: Sendable {
    let project: ProjectIdentity
    let stateFolder: String
    let target: BranchName
    let store: SpecStore
    let journal: Journal
    let dispatcher: Dispatcher
    let worktrees: WorktreeQueue
    let checkout: String
    let runs: RunService
    let storage: StorageService
    let now: @Sendable () -> Date

    /// Counts, workers, queue and repositories at this moment.
    public func status() async throws(RunError) -> ServiceStatus {
        let index: SpecIndex
        let queued: [Run]
        let usage: [DailyUsage]
        let storage: StorageStatus
        do throws(SpecError) { index = try await store.index() } catch { throw .spec(error) }
        do throws(JournalError) {
            usage = try journal.usageByDay(project: project.path, limit: 31)
            storage = try self.storage.status()
            queued = try journal.liveRuns(project: project.path).filter { $0.state == .queued }
        } catch {
            throw .journal(error)
        }
        let oldest = queued.first.map { max(0, now().timeIntervalSince($0.queuedAt)) }
        return ServiceStatus(
            counts: counts(index),
            workerLimit: dispatcher.workerLimit,
            busyWorkers: await dispatcher.busyWorkers,
            queueLength: queued.count,
            oldestSeconds: oldest,
            repositories: [
                .init(
                    path: checkout,
                    target: target.text,
                    holder: await worktrees.holder,
                    waiting: await worktrees.waiting
                )
            ],
            usage: usage,
            storage: storage
        )
    }

    /// Every agent and set-up command of this project that is alive now, read from the process table (R26).
    public func processes() async throws(RunError) -> [ProcessView] {
        do throws(JournalError) {
            var views: [ProcessView] = []
            for row in try journal.processes() {
                guard let run = try journal.run(row.runID), run.projectPath == project.path else { continue }
                let folder = RunFolder(stateFolder: stateFolder, run: run.id)
                let agent = SupervisedAgent(of: row, folder: folder)
                if let view = view(agent, .agent, run, adopted: row.adopted) { views.append(view) }
            }
            // A set-up command is never adopted, so its own file is all there is to know.
            for run in try journal.liveRuns(project: project.path) where run.state == .preparing {
                let folder = RunFolder(stateFolder: stateFolder, run: run.id).setupFolder
                guard let setup = SupervisedAgent.read(runFolder: folder) else { continue }
                if let view = view(setup, .setup, run, adopted: false) { views.append(view) }
            }
            return views + ForeignAgents.alive(chantFolder: project.path).map(view)
        } catch {
            throw .journal(error)
        }
    }

    /// Stops the run of a process: the same as that run's cancel.
    public func stopProcess(pid: Int32, expecting run: RunID?) async throws(ProcessStopError) -> Run {
        let alive: [ProcessView]
        do throws(RunError) { alive = try await processes() } catch { throw .run(error) }
        guard let process = alive.first(where: { $0.pid == pid }) else { throw .notFound(pid) }
        guard let owner = process.run?.id else { throw .notOurs(pid) }
        if let run, owner != run { throw .changed(owner) }
        do throws(RunError) {
            return try await runs.cancel(owner)
        } catch {
            throw .run(error)
        }
    }

    private func view(
        _ agent: SupervisedAgent,
        _ role: ProcessView.Role,
        _ run: Run,
        adopted: Bool
    ) -> ProcessView? {
        let figures = ProcessTree.figures(of: agent)
        guard agent.agent.liveness != .gone || figures != nil else { return nil }
        let output = RunFolder(stateFolder: stateFolder, run: run.id).outputFigures
        return ProcessView(
            role: role,
            pid: agent.agent.pid,
            startedAt: agent.startedAt,
            specID: run.specID,
            run: run,
            state: state(of: agent, run),
            adopted: adopted,
            cpuSeconds: figures?.cpuSeconds ?? 0,
            rssBytes: figures?.rssBytes ?? 0,
            children: figures?.children ?? 0,
            logBytes: output.bytes,
            lastOutputAt: output.changedAt
        )
    }

    private func state(of agent: SupervisedAgent, _ run: Run) -> ProcessView.State {
        if agent.agent.liveness == .unverifiable { return .unverifiable }
        if agent.supervisor.liveness == .gone { return .stale }
        return run.cancelRequested ? .stopping : .running
    }

    /// An agent of the original program, whose output is in the original's log.
    private func view(_ agent: ForeignAgent) -> ProcessView {
        let log = "\(project.path)/logs/\(agent.specID).log"
        let attributes = try? FileManager.default.attributesOfItem(atPath: log)
        return ProcessView(
            role: .agent,
            pid: agent.pid,
            startedAt: agent.startedAt,
            specID: agent.specID,
            run: nil,
            state: .running,
            adopted: false,
            cpuSeconds: agent.figures.cpuSeconds,
            rssBytes: agent.figures.rssBytes,
            children: agent.figures.children,
            logBytes: (attributes?[.size] as? Int) ?? 0,
            lastOutputAt: attributes?[.modificationDate] as? Date
        )
    }

    private func counts(_ index: SpecIndex) -> [String: Int] {
        var counts = Dictionary(uniqueKeysWithValues: SpecStatus.allCases.map { ($0.rawValue, 0) })
        counts["ready"] = 0
        counts["unreadable"] = index.unreadable.count
        for row in index.rows where !row.isArchived {
            guard let spec = row.spec else { continue }
            counts[spec.status.rawValue, default: 0] += 1
            if spec.status == .pending, Readiness.isReady(spec, in: index, hasLiveRun: false) {
                counts["ready", default: 0] += 1
            }
        }
        return counts
    }
}
