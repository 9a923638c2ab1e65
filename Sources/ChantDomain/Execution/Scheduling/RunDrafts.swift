import Foundation

/// Makes queued runs: their agent, model, branch and limits, as request and configuration say.
struct RunDrafts: Sendable {
    let project: ProjectIdentity
    let configuration: ProjectConfiguration
    let target: BranchName
    let environment: [String: String]
    let catalog: AgentCatalog
    let rotation: RotationFile
    let now: @Sendable () -> Date

    /// A run of a spec in an order.
    func run(of spec: SpecID, in order: Order) -> Run {
        let (agent, isOpen) = agent(for: order.options, order.mode)
        let limits = configuration.server.limits
        var run = Run(
            id: RunID(at: now()),
            specID: spec.text,
            orderID: order.id,
            project: project.name,
            projectPath: project.path,
            options: order.options,
            agent: agent.name,
            provider: agent.provider.word,
            model: model(order.options, agent),
            branch: configuration.defaults.branchPrefix + spec.refComponent,
            target: target.text,
            limits: RunLimits(
                wallSeconds: order.options.timeoutSeconds.map(Double.init) ?? limits.wall / .seconds(1),
                idleSeconds: limits.idle / .seconds(1),
                logBytes: limits.logBytes,
                stopGraceSeconds: limits.stopGrace / .seconds(1),
                costUSD: limits.costUSD
            ),
            queuedAt: now()
        )
        run.mode = order.mode
        run.isAgentOpen = isOpen ? true : nil
        return run
    }

    /// The run that takes the place of one that did not get to its end: a new start from the target (R45).
    func following(_ run: Run) -> Run {
        var options = run.options
        options.from = .target
        var next = Run(
            id: RunID(at: now()),
            specID: run.specID,
            orderID: run.orderID,
            project: run.project,
            projectPath: run.projectPath,
            options: options,
            agent: run.agent,
            provider: run.provider,
            model: run.model,
            branch: run.branch,
            target: run.target,
            limits: run.limits,
            queuedAt: now()
        )
        next.mode = run.mode
        next.isAgentOpen = run.isAgentOpen
        next.by = run.by
        next.attempt = run.attempt
        next.interruptions = run.interruptions
        next.retryOf = run.id
        return next
    }

    /// The same after an interruption, which is counted.
    ///
    /// - Parameters:
    ///   - run: the one that was interrupted.
    ///   - goingOn: whether the paused work that it was to go on with is as it was, so that the next one does.
    /// - Returns: the queued run.
    func afterInterruption(of run: Run, goingOn: Bool = false) -> Run {
        var next = following(run)
        next.interruptions += 1
        guard goingOn else { return next }
        next.options.from = run.options.from
        next.resumedFrom = run.resumedFrom
        next.sessionID = run.sessionID
        return next
    }

    /// The next attempt of a run that failed for a reason that passes: later, and by another agent where they take turns.
    func retrying(_ run: Run, notBefore: NotBefore) -> Run {
        var next = following(run)
        next.attempt += 1
        next.notBefore = notBefore
        // Without turns, the same agent tries again.
        next.isAgentOpen = nil
        if run.options.agent == nil, let other = turn(besides: run.agent) { give(&next, to: other) }
        return next
    }

    /// Gives a run whose agent was open, or has changed, to `agent`.
    func give(_ run: inout Run, to agent: Agent) {
        run.agent = agent.name
        run.provider = agent.provider.word
        run.model = model(run.options, agent)
    }

    /// The agent of a new run, and whether another may take it when it starts.
    ///
    /// A parallel order spreads its runs over the agents that have room, where no rotation says otherwise.
    private func agent(for options: RunOptions, _ mode: RunMode) -> (agent: Agent, isOpen: Bool) {
        if let name = options.agent, let agent = catalog.agents.first(where: { $0.name == name }) {
            return (agent, false)
        }
        if let agent = turn(besides: nil) { return (agent, false) }
        guard mode == .parallel else { return (catalog.first, false) }
        let usable = catalog.usable
        return (usable.first ?? catalog.first, usable.count > 1)
    }

    /// The options with which a run of an order asks the gates: where several agents may take it, one that can be started
    /// is enough.
    func admitting(_ options: RunOptions, _ mode: RunMode) -> RunOptions {
        guard options.agent == nil, mode == .parallel || configuration.defaults.rotationStrategy != .none else {
            return options
        }
        var options = options
        options.agent = catalog.usable.first?.name
        return options
    }

    /// The agent whose turn it is; `nil` where they do not take turns.
    private func turn(besides other: String?) -> Agent? {
        let rotating = AgentRotation(strategy: configuration.defaults.rotationStrategy, agents: catalog.usable)
        guard rotating.strategy != .none else { return nil }
        let random = Surroundings.number()
        return rotation.advance { last in
            rotating.next(after: last, besides: other, random: random).map { ($0.agent, $0.place) }
        }
    }

    private func model(_ options: RunOptions, _ agent: Agent) -> String? {
        ModelChoice.asked(
            request: options.model,
            environment: environment,
            configured: configuration.defaults.model,
            provider: agent.provider
        )
    }
}

extension AgentCatalog {
    /// The agents that can be started now.
    var usable: [Agent] { agents.filter { fault(of: $0) == nil } }

    /// The agent of runs that name none.
    var first: Agent {
        agents.first ?? Agent(name: "main", provider: .unsupported(""), command: [], maxConcurrent: 1, weight: 1)
    }
}
