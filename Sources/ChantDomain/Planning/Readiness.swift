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
        if let reason = ineligibility(
            of: spec,
            in: index,
            askedByName: askedByName,
            hasLiveRun: hasLiveRun,
            skip: skip
        ) {
            return .notEligible(reason)
        }
        let blockers = skip.contains(.dependencies) ? [] : blockers(of: spec, in: index)
        return blockers.isEmpty ? .ready : .blocked(blockers)
    }

    private static func ineligibility(
        of spec: Spec,
        in index: SpecIndex,
        askedByName: Bool,
        hasLiveRun: Bool,
        skip: Set<SkippedGate>
    ) -> Ineligibility? {
        if SpecGroup.isDriver(spec, in: index) { return .driver }
        if hasLiveRun { return .running }
        if spec.archived { return .archived }
        guard isStartable(spec.status, askedByName) else { return .status(spec.status) }
        if !skip.contains(.approval), let approval = spec.approval, approval.isOpen {
            return approval.isRejected ? .approvalRejected(by: approval.by) : .approvalOpen
        }
        return nil
    }

    /// What holds `spec` back, whatever its status and approval are: `blocked_by` (R10).
    ///
    /// Its own dependencies in their order, then those of its drivers, then its siblings; nobody is named twice. What is done
    /// itself is held back by nobody.
    public static func blockers(of spec: Spec, in index: SpecIndex) -> [Blocker] {
        let order = WaitingOrder(index: index)
        return obstacles(of: spec, order).map { obstacle in
            obstacle.named { order.leads(from: $0, to: spec.id) }
        }
    }

    /// The same, for many specs of one snapshot: what was found out about circles is kept.
    static func blockers(of spec: Spec, in index: SpecIndex, _ circles: inout WaitingCircles) -> [Blocker] {
        var found = circles
        defer { circles = found }
        return obstacles(of: spec, WaitingOrder(index: index)).map { obstacle in
            obstacle.named { found.joins($0, spec.id) }
        }
    }

    /// Whether `spec` would be started by an automatic selection, or by name; without a reason, and so without looking for
    /// circles.
    static func isReady(
        _ spec: Spec,
        in index: SpecIndex,
        askedByName: Bool = false,
        hasLiveRun: Bool,
        skip: Set<SkippedGate> = []
    ) -> Bool {
        ineligibility(of: spec, in: index, askedByName: askedByName, hasLiveRun: hasLiveRun, skip: skip) == nil
            && (skip.contains(.dependencies) || obstacles(of: spec, WaitingOrder(index: index)).isEmpty)
    }

    /// What stands in the way, before anybody has asked whether it waits in a circle.
    private struct Obstacle {
        let blocker: Blocker
        /// The one to ask about, where that could be.
        var mayCircle: SpecID?

        func named(_ isCircle: (SpecID) -> Bool) -> Blocker {
            mayCircle.map(isCircle) ?? false ? Blocker(blocker.id, .cycle) : blocker
        }
    }

    private static func obstacles(of spec: Spec, _ order: WaitingOrder) -> [Obstacle] {
        if spec.archived || spec.status == .completed || spec.status == .cancelled { return [] }
        var obstacles = (spec.dependsOn ?? []).compactMap { obstacle($0, order) }
        for name in order.inherited(by: spec.id) where !isDone(name, order) {
            obstacles.append(Obstacle(blocker: Blocker(name, .driver), mayCircle: SpecID(name)))
        }
        // Whether the driver waits for somebody cannot be known: its file has to be mended first.
        for driver in order.drivers(of: spec.id) where order.index.row(driver) == nil {
            obstacles.append(Obstacle(blocker: Blocker(driver.text, .driver)))
        }
        for sibling in order.elderSiblings(of: spec) where !order.isDone(sibling) {
            obstacles.append(Obstacle(blocker: Blocker(sibling.text, .sibling)))
        }
        guard obstacles.count > 1 else { return obstacles }
        var named: Set<String> = []
        return obstacles.filter { named.insert($0.blocker.id).inserted }
    }

    private static func isStartable(_ status: SpecStatus, _ askedByName: Bool) -> Bool {
        switch status {
        case .pending: true
        case .failed, .needsAttention, .paused: askedByName
        case .inProgress, .completed, .cancelled: false
        }
    }

    private static func obstacle(_ name: String, _ order: WaitingOrder) -> Obstacle? {
        guard let id = SpecID(name), order.exists(id) else { return Obstacle(blocker: Blocker(name, .missing)) }
        return order.isDone(id) ? nil : Obstacle(blocker: Blocker(name, .status), mayCircle: id)
    }

    private static func isDone(_ name: String, _ order: WaitingOrder) -> Bool {
        SpecID(name).map(order.isDone) ?? false
    }
}
