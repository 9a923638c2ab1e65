/// Whether a spec can start now: the one definition, which everybody asks (R10).
///
/// Lists, the gate at start, selection by chain and parallel, and the diagnosis: nobody looks at statuses and dependencies
/// by himself.
public enum Readiness: Sendable, Equatable {
    /// It can start.
    case ready
    /// Others have to be done first; each one is named.
    case blocked([Blocker])
    /// It cannot start, whatever others do.
    case notEligible(Ineligibility)

    /// Why a spec cannot start although nothing blocks it.
    public enum Ineligibility: Sendable, Equatable {
        /// It has members, or is of a type that has: its members are run instead (R9).
        case driver
        /// A run of it is live (R17).
        case running
        /// It lies in the archive.
        case archived
        /// Its status is none to start from.
        case status(SpecStatus)
        /// Nobody has approved it yet.
        case approvalOpen
        /// Somebody has said no.
        case approvalRejected(by: String?)
    }

    /// Whether it can start.
    public var isReady: Bool { self == .ready }

    /// Whether `spec` can start.
    ///
    /// - Parameters:
    ///   - spec: the spec, as `index` has it or newer.
    ///   - index: all specs at this moment.
    ///   - askedByName: whether somebody named it, which also lets a failed, paused or needs_attention spec start (R12).
    ///   - hasLiveRun: whether a run of it is live.
    ///   - skip: what the request leaves out (R11): `dependencies` the rules (2)–(4), `approval` the rule (6).
    /// - Returns: the first thing that stands against it, in the order of the gates; all blockers at once.
    public static func of(
        _ spec: Spec,
        in index: SpecIndex,
        askedByName: Bool,
        hasLiveRun: Bool,
        skip: Set<SkippedGate> = []
    ) -> Readiness {
        if SpecGroup.isDriver(spec, in: index) { return .notEligible(.driver) }
        if hasLiveRun { return .notEligible(.running) }
        if spec.archived { return .notEligible(.archived) }
        guard isStartable(spec.status, askedByName) else { return .notEligible(.status(spec.status)) }
        if !skip.contains(.approval), let approval = spec.approval, approval.isOpen {
            return .notEligible(approval.isRejected ? .approvalRejected(by: approval.by) : .approvalOpen)
        }
        let blockers = skip.contains(.dependencies) ? [] : blockers(of: spec, in: index)
        return blockers.isEmpty ? .ready : .blocked(blockers)
    }

    /// What holds `spec` back, whatever its status and approval are: `blocked_by` (R10).
    ///
    /// Its own dependencies in their order, then those of its drivers, then its siblings; nobody is named twice. What is done
    /// itself is held back by nobody.
    public static func blockers(of spec: Spec, in index: SpecIndex) -> [Blocker] {
        let order = WaitingOrder(index: index)
        if spec.archived || spec.status == .completed || spec.status == .cancelled { return [] }
        var blockers = (spec.dependsOn ?? []).compactMap { blocker($0, of: spec, order) }
        for name in order.inherited(by: spec.id) where !isDone(name, order) {
            blockers.append(Blocker(name, circle(name, spec, order) ? .cycle : .driver))
        }
        // Whether the driver waits for somebody cannot be known: its file has to be mended first.
        for driver in order.drivers(of: spec.id) where index[driver] == nil {
            blockers.append(Blocker(driver.text, .driver))
        }
        for sibling in order.elderSiblings(of: spec) where !order.isDone(sibling) {
            blockers.append(Blocker(sibling.text, .sibling))
        }
        var named: Set<String> = []
        return blockers.filter { named.insert($0.id).inserted }
    }

    private static func isStartable(_ status: SpecStatus, _ askedByName: Bool) -> Bool {
        switch status {
        case .pending: true
        case .failed, .needsAttention, .paused: askedByName
        case .inProgress, .completed, .cancelled: false
        }
    }

    private static func blocker(_ name: String, of spec: Spec, _ order: WaitingOrder) -> Blocker? {
        guard let id = SpecID(name), order.exists(id) else { return Blocker(name, .missing) }
        if order.isDone(id) { return nil }
        return Blocker(name, circle(name, spec, order) ? .cycle : .status)
    }

    private static func isDone(_ name: String, _ order: WaitingOrder) -> Bool {
        SpecID(name).map(order.isDone) ?? false
    }

    private static func circle(_ name: String, _ spec: Spec, _ order: WaitingOrder) -> Bool {
        SpecID(name).map { order.leads(from: $0, to: spec.id) } ?? false
    }
}
