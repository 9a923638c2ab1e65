/// The last steps of starting work: the gates, and the journal.
extension RunService {
    func checkRoom() async throws(RunError) {
        guard await !dispatcher.refusesWork else { throw .stopping }
        if let shortage = floors.refusal { throw .diskFloor(shortage.sentence) }
    }

    func index() async throws(RunError) -> SpecIndex {
        do { return try await store.index() } catch { throw .spec(error) }
    }

    func admit(
        _ spec: SpecID,
        _ options: RunOptions,
        _ mode: RunMode,
        _ seen: Gatekeeper.RepositoryState? = nil
    ) async throws(RunError) -> GatePass {
        do {
            return try await gatekeeper.admit(spec, options: drafts.admitting(options, mode), besides: nil, seen)
        } catch {
            throw RunError(error)
        }
    }

    /// An order that begins now; one run of one spec has no plan.
    func newOrder(
        _ specs: [String],
        skipped: [SkippedSpec] = [],
        _ plan: OrderPlan?,
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

    func accept(
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
        settlement.note(order)
        dispatcher.changed()
        return order
    }

    func refusal(_ error: JournalError) -> RunError {
        switch error {
        case .alreadyRunning(let live): .refused(.alreadyRunning(live, pid: journal.agentPID(of: live.id)))
        case .queueFull(let limit): .queueFull(limit: limit)
        default: error.isDiskFull ? .diskFloor(error.description) : .journal(error)
        }
    }
}

extension GateRefusal {
    /// Whether it would refuse every spec of an order, and so the order as a whole.
    func isAboutAll(_ options: RunOptions) -> Bool {
        switch self {
        case .chantWatchRunning: true
        case .promptMissing: options.prompt != nil
        case .unknownAgent, .agentMissing, .providerUnsupported, .agentRefusesRoot, .targetMissing, .repositoryEmpty:
            true
        default: false
        }
    }
}

extension RunError {
    /// Why a run is not admitted.
    init(_ error: AdmissionError) {
        switch error {
        case .refused(let refusal): self = .refused(refusal)
        case .spec(let error): self = .spec(error)
        case .git(let error): self = .git(error)
        case .journal(let error): self = .journal(error)
        }
    }
}
