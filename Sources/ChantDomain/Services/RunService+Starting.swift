/// The ways to start work; what can be refused now is refused, and the worker asks again (R11).
extension RunService {
    /// Accepts a run of one spec in mode `single` and queues it.
    ///
    /// - Returns: the queued run.
    /// - Throws: `RunError` with the refusal; nothing was written then (R42).
    public func start(_ command: StartRun) async throws(RunError) -> Run {
        try await checkRoom()
        let pass = try await admit(command.spec, command.options)
        let moment = now()
        let order = Order(
            id: OrderID(at: moment),
            project: project.name,
            projectPath: project.path,
            mode: .single,
            options: command.options,
            specs: [command.spec.text],
            createdAt: moment
        )
        let run = try goingOn(drafts.run(of: command.spec, in: order), pass.spec)
        do {
            try journal.accept(run, order: order, queueLimit: queueLimit)
        } catch {
            throw refusal(error)
        }
        settlement.noteWaiting(run)
        dispatcher.changed()
        return run
    }

    /// Starts work on one spec: a run, or an order where a driver's members are worked or others may follow.
    public func work(_ command: StartRun) async throws(RunError) -> StartedWork {
        try await checkRoom()
        let index = try await index()
        if let spec = index[command.spec], SpecGroup.isDriver(spec, in: index), !spec.archived {
            let mode = command.mode.map { $0 == .single ? .chain : $0 } ?? .chain
            let named = StartOrder(specs: [spec.id], options: command.options, mode: mode, order: command.order)
            return .order(try await start(named))
        }
        guard let mode = command.mode, mode != .single else {
            guard command.order == OrderOptions() else { throw .modeNeeded }
            return .run(try await start(command))
        }
        // One spec that cannot run is refused with its own word.
        _ = try await admit(command.spec, command.options)
        let plan = command.order.plan(mode, isNamed: true, follows: mode == .chain)
        return .order(try accept([command.spec.text], skipped: [], plan, mode, command.options))
    }

    /// Starts an order of several specs.
    ///
    /// - Returns: the order; named specs that cannot run are skipped in it, with their reasons.
    /// - Throws: `nothingToDo` where not a single one can, and what refuses all of them alike.
    public func start(_ command: StartOrder) async throws(RunError) -> Order {
        try await checkRoom()
        guard let named = command.specs else { return try await startReady(command) }
        let index = try await index()
        let leaves = named.flatMap { Self.leaves(of: $0, in: index) }
        var seen: Set<SpecID> = []
        let specs = leaves.filter { seen.insert($0).inserted }
        let (skipped, open) = try await sort(specs, command, index)
        guard !open.isEmpty else { throw .nothingToDo(skipped) }
        let plan = command.order.plan(command.mode, isNamed: true, labels: command.labels)
        return try accept(specs.map(\.text), skipped: skipped, plan, command.mode, command.options)
    }

    private func startReady(_ command: StartOrder) async throws(RunError) -> Order {
        let live = try asking { () throws(JournalError) in try journal.liveSpecs(project: project.path) }
        // Mode `single` takes what is ready now; the others look again after each ending.
        let isNamed = command.mode == .single
        let plan = command.order.plan(command.mode, isNamed: isNamed, labels: command.labels)
        var order = newOrder([], skipped: [], plan, command.mode, command.options)
        order.plan?.isNamed = false
        let ready = OrderSituation(order: order, runs: [], index: try await index(), live: live).ready
        guard let first = ready.first else { throw .nothingToDo([]) }
        // What would refuse all of them alike is told at once.
        _ = try await admit(first, command.options)
        return try accept(ready.map(\.text), skipped: [], plan, command.mode, command.options)
    }

    /// The specs that can be executed: a driver stands for its members, in number order, but for those that are done.
    private static func leaves(of id: SpecID, in index: SpecIndex) -> [SpecID] {
        guard let spec = index[id], SpecGroup.isDriver(spec, in: index) else { return [id] }
        return index.members(of: id).filter { member in
            guard let spec = index[member], !SpecGroup.isDriver(spec, in: index), !spec.archived else { return false }
            return spec.status != .completed && spec.status != .cancelled
        }
    }

    /// Named specs that cannot run, and those that can: now, or after others of the same order.
    private func sort(
        _ specs: [SpecID],
        _ command: StartOrder,
        _ index: SpecIndex
    ) async throws(RunError) -> (skipped: [SkippedSpec], open: Set<SpecID>) {
        var skipped: [SkippedSpec] = []
        var open: Set<SpecID> = []
        var waiting: [SpecID: [Blocker]] = [:]
        var options = command.options
        options.skip.insert(.dependencies)
        let branch = try await targetBranch()
        for spec in specs {
            if let refusal = try await refusal(of: spec, options, branch) {
                skipped.append(SkippedSpec(spec, refusal))
                continue
            }
            open.insert(spec)
            guard !command.options.skip.contains(.dependencies), let file = index[spec] else { continue }
            waiting[spec] = Readiness.blockers(of: file, in: index)
        }
        var isSettled = false
        while !isSettled {
            let members = Set(open.flatMap { Self.drivers(of: $0, in: index) })
            let stuck = open.filter { spec in
                (waiting[spec] ?? []).contains { !Self.passes($0, open, members) }
            }
            isSettled = stuck.isEmpty
            open.subtract(stuck)
            skipped += stuck.sorted().map { SkippedSpec($0, .notReady($0, waiting[$0] ?? [])) }
        }
        return (skipped, open)
    }

    /// Whether a blocker is worked by the same order, or is a driver of what is.
    private static func passes(_ blocker: Blocker, _ open: Set<SpecID>, _ drivers: Set<SpecID>) -> Bool {
        guard blocker.why != .cycle, blocker.why != .missing, let id = SpecID(blocker.id) else { return false }
        return open.contains(id) || drivers.contains(id)
    }

    private static func drivers(of spec: SpecID, in index: SpecIndex) -> [SpecID] {
        WaitingOrder(index: index).drivers(of: spec)
    }

    /// - Returns: why this one spec cannot run; `nil` where it can.
    /// - Throws: what refuses every spec alike.
    private func refusal(
        of spec: SpecID,
        _ options: RunOptions,
        _ branch: TargetBranch
    ) async throws(RunError) -> GateRefusal? {
        do throws(RunError) {
            _ = try await admit(spec, options, branch)
            return nil
        } catch {
            guard case .refused(let refusal) = error, !refusal.isAboutAll else { throw error }
            return refusal
        }
    }
}

// MARK: - Accepting

extension RunService {
    private func checkRoom() async throws(RunError) {
        guard await !dispatcher.refusesWork else { throw .stopping }
        if let shortage = floors.refusal { throw .diskFloor(shortage.sentence(floors.limits)) }
    }

    private func index() async throws(RunError) -> SpecIndex {
        do { return try await store.index() } catch { throw .spec(error) }
    }

    private func admit(
        _ spec: SpecID,
        _ options: RunOptions,
        _ branch: TargetBranch? = nil
    ) async throws(RunError) -> GatePass {
        do {
            return try await gatekeeper.admit(spec, options: options, besides: nil, branch: branch)
        } catch {
            throw RunError(error)
        }
    }

    /// Asked once for all specs of an order.
    private func targetBranch() async throws(RunError) -> TargetBranch {
        do { return try await gatekeeper.targetBranch() } catch { throw RunError(error) }
    }

    private func newOrder(
        _ specs: [String],
        skipped: [SkippedSpec],
        _ plan: OrderPlan,
        _ mode: RunMode,
        _ options: RunOptions
    ) -> Order {
        let moment = now()
        var order = Order(
            id: OrderID(at: moment),
            project: project.name,
            projectPath: project.path,
            mode: mode,
            options: options,
            specs: specs,
            createdAt: moment
        )
        order.plan = plan
        order.skipped = skipped.isEmpty ? nil : skipped
        return order
    }

    private func accept(
        _ specs: [String],
        skipped: [SkippedSpec],
        _ plan: OrderPlan,
        _ mode: RunMode,
        _ options: RunOptions
    ) throws(RunError) -> Order {
        let order = newOrder(specs, skipped: skipped, plan, mode, options)
        do {
            try journal.accept(order)
        } catch {
            throw refusal(error)
        }
        dispatcher.changed()
        return order
    }

    private func refusal(_ error: JournalError) -> RunError {
        switch error {
        case .alreadyRunning(let live): .refused(.alreadyRunning(live, pid: gatekeeper.pid(of: live.id)))
        case .queueFull(let limit): .queueFull(limit: limit)
        default: error.isDiskFull ? .diskFloor(error.description) : .journal(error)
        }
    }
}

extension GateRefusal {
    /// Whether it would refuse every spec of an order, and so the order as a whole.
    fileprivate var isAboutAll: Bool {
        switch self {
        case .unknownAgent, .agentMissing, .providerUnsupported, .agentRefusesRoot, .targetMissing, .repositoryEmpty:
            true
        default: false
        }
    }
}

extension RunError {
    fileprivate init(_ error: AdmissionError) {
        self =
            switch error {
            case .refused(let refusal): .refused(refusal)
            case .spec(let error): .spec(error)
            case .git(let error): .git(error)
            case .journal(let error): .journal(error)
            }
    }
}
