/// Everything that has to be done before a spec can start, each once, those that it waits for itself first.
///
/// What is done holds nobody back, so that what it had waited for is not looked at. A circle ends where it comes back.
struct WaitingTree {
    private(set) var items: [SpecDependencies.Item] = []

    init(_ spec: Spec, _ index: SpecIndex) {
        let order = WaitingOrder(index: index)
        var circles = WaitingCircles(index: index)
        var seen: Set<String> = [spec.id.text]
        var pending = [spec]
        var next = 0
        while next < pending.count {
            let current = pending[next]
            next += 1
            for need in order.needs(of: current) where seen.insert(need.name).inserted {
                let id = SpecID(need.name).flatMap { order.exists($0) ? $0 : nil }
                let found = id.flatMap { index[$0] }
                var why: BlockReason? = need.why
                if let id {
                    if order.isDone(id) { why = nil } else if circles.joins(id, current.id) { why = .cycle }
                } else {
                    why = need.why == .status ? .missing : need.why
                }
                items.append(
                    SpecDependencies.Item(
                        id: need.name,
                        title: found?.title,
                        status: found?.status,
                        isArchived: found?.archived ?? id.flatMap { index.unreadable($0)?.isArchived } ?? false,
                        isDirect: current.id == spec.id,
                        neededBy: current.id,
                        why: why
                    )
                )
                if let found, why != nil { pending.append(found) }
            }
        }
    }
}

extension WaitingOrder {
    /// What a spec waits for by the rules (2)–(4), done or not, with the rule; its members are no part of it.
    func needs(of spec: Spec) -> [(name: String, why: BlockReason)] {
        (spec.dependsOn ?? []).map { ($0, .status) } + inherited(by: spec.id).map { ($0, .driver) }
            + elderSiblings(of: spec).map { ($0.text, .sibling) }
    }
}
