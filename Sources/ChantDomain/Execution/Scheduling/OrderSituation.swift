/// An order and the specs around it, read at one moment.
struct OrderSituation: Sendable {
    let order: Order
    /// The specs that the order has started.
    let runs: [StartedSpec]
    let index: SpecIndex
    /// Specs that have a live run, of this order or another.
    let live: Set<String>

    /// Of one order no more runs wait in the queue than this, so that a large one does not keep others out of it.
    static let queuedAtMost = 32

    /// What the order's strategy sees; only so many ready specs as it could start are looked for.
    func view(for strategy: any SchedulingStrategy) -> OrderView {
        let plan = order.planned
        var view = OrderView(
            onFailure: plan.onFailure,
            maxSpecs: plan.maxSpecs,
            maxConcurrent: plan.maxConcurrent,
            queuePlaces: max(0, Self.queuedAtMost - runs.count(where: \.isWaiting)),
            isStopping: order.isStopping == true
        )
        for run in runs {
            guard let spec = SpecID(run.specID) else { continue }
            if let outcome = run.outcome { view.outcomes[spec] = outcome } else { view.inFlight.insert(spec) }
        }
        // Whether any is left decides why an order ends that has nothing in flight.
        view.ready = ready(atMost: max(strategy.places(in: view), view.inFlight.isEmpty ? 1 : 0))
        return view
    }

    /// Specs that the order could start now: the named ones in their order, else the oldest first (R12, R15).
    func ready(atMost limit: Int = .max) -> [SpecID] {
        guard limit > 0 else { return [] }
        let plan = order.planned
        let isChosen = plan.isNamed || plan.isFixed == true
        var ready: [SpecID] = []
        for id in isChosen ? open : [] where ready.count < limit {
            if isReady(id, byName: plan.isNamed) { ready.append(id) }
        }
        guard !isChosen || plan.follow, ready.count < limit else { return ready }
        let taken = Set(runs.map(\.specID) + (order.skipped ?? []).map(\.specID)).union(ready.map(\.text))
        let done = isChosen ? completed : []
        for row in index.rows where ready.count < limit {
            guard let spec = row.spec, !row.isArchived, spec.status == .pending, !taken.contains(row.id),
                plan.labels.isEmpty || !plan.labels.allSatisfy({ !spec.labels.contains($0) }),
                !isChosen || waits(spec.id, for: done), isReady(spec.id, byName: false)
            else { continue }
            ready.append(spec.id)
        }
        return ready
    }

    /// Named specs that the order has neither started nor skipped.
    var open: [SpecID] {
        let taken = Set(runs.map(\.specID) + (order.skipped ?? []).map(\.specID))
        return order.specs.filter { !taken.contains($0) }.compactMap { SpecID($0) }
    }

    private func isReady(_ id: SpecID, byName: Bool) -> Bool {
        guard let spec = index[id] else { return false }
        return Readiness.isReady(
            spec,
            in: index,
            askedByName: byName,
            hasLiveRun: live.contains(id.text),
            skip: order.options.skip
        )
    }

    /// What the order has completed, with the drivers that were completed by it.
    private var completed: Set<SpecID> {
        let specs = runs.filter { $0.outcome == .completed }.compactMap { SpecID($0.specID) }
        var done = Set(specs)
        for spec in specs {
            var above = index.driver(of: spec)
            while let driver = above {
                if index[driver]?.status == .completed { done.insert(driver) }
                above = index.driver(of: driver)
            }
        }
        return done
    }

    private func waits(_ id: SpecID, for done: Set<SpecID>) -> Bool {
        WaitingOrder(index: index).waitsFor(id).contains(where: done.contains)
    }
}

extension OrderSituation {
    /// Why a named spec is not started any more, in the gates' words.
    func skipped(_ id: SpecID) -> SkippedSpec {
        guard let spec = index[id] else {
            let detail = "Spec \(id) has no file that can be read."
            return SkippedSpec(specID: id.text, reason: RunReason.specGone.rawValue, detail: detail)
        }
        let readiness = Readiness.of(
            spec,
            in: index,
            askedByName: true,
            hasLiveRun: live.contains(id.text),
            skip: order.options.skip
        )
        return SkippedSpec(spec.id, readiness)
            ?? SkippedSpec(
                specID: id.text,
                reason: SkippedSpec.orderEnded,
                detail: "The order ended before it came to spec \(id)."
            )
    }
}

extension SkippedSpec {
    /// The word for specs that could have been started.
    static let orderEnded = "order-ended"
    /// The word for specs that another order works on.
    private static let workedOn = "already-running"

    /// Why a spec that is not ready is left out; `nil` for one that is.
    init?(_ id: SpecID, _ readiness: Readiness) {
        switch readiness {
        case .ready: return nil
        case .blocked(let blockers):
            let refusal = GateRefusal.notReady(id, blockers)
            self.init(specID: id.text, reason: refusal.reason.rawValue, detail: refusal.sentence)
        case .notEligible(let why): self.init(id, why)
        }
    }

    private init(_ id: SpecID, _ why: Readiness.Ineligibility) {
        switch why {
        case .running: self = .alreadyRunning(id)
        case .driver: self.init(id, .driver(id))
        case .archived:
            self.init(specID: id.text, reason: RunReason.notStartable.rawValue, detail: "Spec \(id) is archived.")
        case .status(let status):
            self.init(id, .notStartable(id, status: status, allowed: status.allowed.map(\.rawValue)))
        case .approvalOpen: self.init(id, .needsApproval(id))
        case .approvalRejected(let name): self.init(id, .approvalRejected(id, by: name))
        }
    }

    /// Another order works on it.
    static func alreadyRunning(_ id: SpecID) -> SkippedSpec {
        SkippedSpec(specID: id.text, reason: workedOn, detail: "Another order works on spec \(id).")
    }

    /// What a gate says.
    init(_ id: SpecID, _ refusal: GateRefusal) {
        let reason = if case .alreadyRunning = refusal { Self.workedOn } else { refusal.reason.rawValue }
        self.init(specID: id.text, reason: reason, detail: refusal.sentence)
    }
}
