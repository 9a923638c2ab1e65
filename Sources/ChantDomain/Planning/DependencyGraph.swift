/// Who depends on whom, by `depends_on` alone: what a person writes, and can write in a circle (R10).
struct DependencyGraph: Sendable {
    /// The dependencies of each active spec that has any, in their order; ids that do not exist included.
    private(set) var edges: [SpecID: [SpecID]] = [:]

    /// The graph of all active specs.
    init(_ index: SpecIndex) {
        for spec in index.active {
            let ids = (spec.dependsOn ?? []).compactMap { SpecID($0) }
            if !ids.isEmpty { edges[spec.id] = ids }
        }
    }

    /// The circle that `id` would close with these dependencies: from `id` back to `id`; `nil` where there is none.
    ///
    /// Asked before `depends_on` is written; what `id` depends on now does not count.
    func circle(closedBy id: SpecID, dependingOn dependencies: [SpecID]) -> [SpecID]? {
        var changed = self
        changed.edges[id] = dependencies
        return changed.circle(through: id)
    }

    /// A shortest circle through `id`; `nil` where there is none.
    func circle(through id: SpecID) -> [SpecID]? {
        var cameFrom: [SpecID: SpecID] = [:]
        var pending = [id]
        var next = 0
        while next < pending.count {
            let current = pending[next]
            next += 1
            for dependency in edges[current] ?? [] {
                if dependency == id { return way(to: current, from: id, cameFrom) + [id] }
                if cameFrom[dependency] == nil {
                    cameFrom[dependency] = current
                    pending.append(dependency)
                }
            }
        }
        return nil
    }

    private func way(to end: SpecID, from start: SpecID, _ cameFrom: [SpecID: SpecID]) -> [SpecID] {
        var way = [end]
        while let last = way.last, last != start, let before = cameFrom[last] { way.append(before) }
        return way.reversed()
    }
}
