extension SpecService {
    /// What can be asked for now, where nothing but the spec's own state can refuse it: the table of statuses, a live run, and
    /// for `work` and `resume` its readiness (R10).
    ///
    /// - Parameters:
    ///   - spec: the spec.
    ///   - index: all of them.
    ///   - isLive: whether a run of it is live.
    ///   - isStale: whether it says `in_progress` and nobody works on it (R43).
    /// - Returns: the words of the routes.
    static func allowed(_ spec: Spec, _ index: SpecIndex, isLive: Bool, isStale: Bool) -> [String] {
        func can(_ event: SpecEvent) -> Bool { (try? spec.status.applying(event)) != nil }
        let canWork =
            Readiness.isReady(spec, in: index, askedByName: true, hasLiveRun: isLive)
            || SpecGroup.isDriver(spec, in: index) && !spec.archived
                && GateRefusal(ofDriver: spec, skip: []) == nil && hasWork(spec.id, index)
        // Somebody else's lock: only who holds it may change the status.
        let isForeign = spec.status == .inProgress && !isLive && !isStale
        let canFinish = !isLive && !SpecGroup.isDriver(spec, in: index) && !spec.archived
        let approval = isLive ? [] : spec.approvalWords
        let actions: [(String, Bool)] = [
            ("work", canWork),
            ("edit", true),
            ("delete", !isLive && !isForeign),
            ("approve", approval.contains("approve")),
            ("reject", approval.contains("reject")),
            ("cancel", can(.cancel) && !isForeign && !spec.archived),
            ("reset", !isLive && !spec.archived && (can(.reset) || isStale && can(.resetStale))),
            ("pause", isLive && can(.pause)),
            ("resume", canWork && can(.resume)),
            ("takeover", isLive && can(.takeover)),
            ("merge", canFinish && can(.merge) && !(spec.approval?.isOpen ?? false)),
            ("finalize", canFinish && (can(.finalize) || isStale && can(.finalizeStale))),
        ]
        return actions.filter(\.1).map(\.0)
    }

    /// Whether a member of a driver could be worked now.
    private static func hasWork(_ driver: SpecID, _ index: SpecIndex) -> Bool {
        index.members(of: driver).contains { member in
            index[member].map { Readiness.isReady($0, in: index, askedByName: true, hasLiveRun: false) } ?? false
        }
    }
}
