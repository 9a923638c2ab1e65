/// The ways to start work; what can be refused now is refused, and the worker asks again (R11).
extension RunService {
    /// Accepts a run of one spec in mode `single` and queues it.
    ///
    /// - Returns: the queued run.
    /// - Throws: `RunError` with the refusal; nothing was written then (R42).
    public func start(_ command: StartRun) async throws(RunError) -> Run {
        try await checkRoom()
        let pass = try await admit(command.spec, command.options, command.mode ?? .single)
        let order = newOrder([command.spec.text], nil, .single, command.options)
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
            if let refusal = GateRefusal(ofDriver: spec, skip: command.options.skip) { throw .refused(refusal) }
            let mode = command.mode.map { $0 == .single ? .chain : $0 } ?? .chain
            let named = StartOrder(specs: [spec.id], options: command.options, mode: mode, order: command.order)
            return .order(try await start(named))
        }
        guard let mode = command.mode, mode != .single else {
            guard command.order == OrderOptions() else { throw .modeNeeded }
            return .run(try await start(command))
        }
        // One spec that cannot run is refused with its own word.
        _ = try await admit(command.spec, command.options, command.mode ?? .single)
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
        var command = command
        // On drivers `single` means `chain`.
        if command.mode == .single, named.allSatisfy({ Self.isDriver($0, in: index) }) { command.mode = .chain }
        var skipped: [SkippedSpec] = []
        let leaves = named.flatMap { Self.leaves(of: $0, command.options, in: index, &skipped) }
        var seen: Set<SpecID> = []
        let specs = leaves.filter { seen.insert($0).inserted }
        let sorted = try await sort(specs, command, index)
        skipped += sorted.skipped
        guard !sorted.open.isEmpty else { throw .nothingToDo(skipped) }
        let plan = command.order.plan(command.mode, isNamed: true, labels: command.labels)
        return try accept(specs.map(\.text), skipped: skipped, plan, command.mode, command.options)
    }

    private func startReady(_ command: StartOrder) async throws(RunError) -> Order {
        let live = try asking { () throws(JournalError) in try journal.liveSpecs(project: project.path) }
        // Mode `single` takes what is ready now; the others look again after each ending.
        var plan = command.order.plan(command.mode, isNamed: false, labels: command.labels)
        let order = newOrder([], plan, command.mode, command.options)
        let ready = OrderSituation(order: order, runs: [], index: try await index(), live: live).ready()
        guard let first = ready.first else { throw .nothingReady(labels: command.labels) }
        if command.mode == .single { plan.isFixed = true }
        // What would refuse all of them alike is told at once; one that is not fit to run ends as refused.
        _ = try await refusal(of: first, command.options, command.mode)
        return try accept(ready.map(\.text), skipped: [], plan, command.mode, command.options)
    }

    private static func isDriver(_ id: SpecID, in index: SpecIndex) -> Bool {
        index[id].map { SpecGroup.isDriver($0, in: index) && !$0.archived } ?? false
    }

    /// The specs that can be executed: a driver stands for its members, in number order, but for those that are done.
    ///
    /// Nobody vanishes without a word: a driver with nothing left and a member that cannot be read are skipped.
    private static func leaves(
        of id: SpecID,
        _ options: RunOptions,
        in index: SpecIndex,
        _ skipped: inout [SkippedSpec]
    ) -> [SpecID] {
        guard let driver = index[id], isDriver(id, in: index) else { return [id] }
        if let refusal = GateRefusal(ofDriver: driver, skip: options.skip) {
            skipped.append(SkippedSpec(id, refusal))
            return []
        }
        let broken = index.unreadable.compactMap { SpecID($0.id) }.filter { index[$0] == nil && $0.isMember(of: id) }
        skipped += broken.map { member in
            let detail = "The file of member \(member) cannot be read."
            return SkippedSpec(specID: member.text, reason: RunReason.specUnreadable.rawValue, detail: detail)
        }
        let open = index.members(of: id).filter { member in
            guard let spec = index[member], !SpecGroup.isDriver(spec, in: index), !spec.archived else { return false }
            return spec.status != .completed && spec.status != .cancelled
        }
        if open.isEmpty {
            let detail = "Driver \(id) has no member left to work."
            skipped.append(SkippedSpec(specID: id.text, reason: RunReason.notStartable.rawValue, detail: detail))
        }
        return open
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
        let seen: Gatekeeper.RepositoryState
        do { seen = try await gatekeeper.repository() } catch { throw RunError(error) }
        for spec in specs {
            if let refusal = try await refusal(of: spec, options, command.mode, seen) {
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
        _ mode: RunMode,
        _ seen: Gatekeeper.RepositoryState? = nil
    ) async throws(RunError) -> GateRefusal? {
        do throws(RunError) {
            _ = try await admit(spec, options, mode, seen)
            return nil
        } catch {
            guard case .refused(let refusal) = error, !refusal.isAboutAll(options) else { throw error }
            return refusal
        }
    }
}
