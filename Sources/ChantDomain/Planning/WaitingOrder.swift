/// Which specs a spec waits for: its own dependencies, those of its drivers, and its elder siblings.
///
/// The rules (2)–(4) of readiness, and the edges along which waiting can go in a circle. All answers come from one snapshot.
struct WaitingOrder {
    let index: SpecIndex

    /// Whether `id` holds nobody back any more: completed, cancelled or archived.
    func isDone(_ id: SpecID) -> Bool {
        if let row = index.row(id) {
            return row.isArchived || row.spec?.status == .completed || row.spec?.status == .cancelled
        }
        return index.unreadable(id)?.path.contains("/archive/") ?? false
    }

    /// Whether there is a file of this id, readable or not.
    func exists(_ id: SpecID) -> Bool { index.row(id) != nil || index.unreadable(id) != nil }

    /// The specs above `id` that exist, the nearest first.
    func drivers(of id: SpecID) -> [SpecID] {
        var drivers: [SpecID] = []
        var above = id.driver
        while let driver = above {
            if exists(driver) { drivers.append(driver) }
            above = driver.driver
        }
        return drivers
    }

    /// The dependencies of the drivers of `id`, each driver's own members left out: a driver that lists its members does not
    /// hold them back.
    func inherited(by id: SpecID) -> [String] {
        drivers(of: id).flatMap { driver in
            (index.row(driver)?.spec?.dependsOn ?? []).filter { SpecID($0)?.isMember(of: driver) != true }
        }
    }

    /// The lower-numbered siblings that `spec` waits for; none where it has a `depends_on` of its own, even an empty one.
    func elderSiblings(of spec: Spec) -> [SpecID] {
        guard spec.dependsOn == nil, let parent = spec.id.driver, let number = spec.id.memberNumber,
            exists(parent) || spec.id.dated != nil
        else { return [] }
        let unreadable = index.unreadable.compactMap { SpecID($0.id) }.filter { index[$0] == nil }
        return (index.members(of: parent) + unreadable).filter { sibling in
            sibling.driver == parent && sibling.memberNumber.map { $0 < number } ?? false
        }
    }

    /// Whether `start` cannot be done before `goal` is, along any way.
    ///
    /// What is done already holds nobody back, so that a way ends there. Each spec is visited once: a circle that does not
    /// contain `goal` ends the search as well.
    func leads(from start: SpecID, to goal: SpecID) -> Bool {
        var visited: Set<SpecID> = []
        var pending = [start]
        while let id = pending.popLast() {
            if id == goal { return true }
            guard !isDone(id), visited.insert(id).inserted else { continue }
            pending += waitsFor(id)
        }
        return false
    }

    /// Everything that `id` waits for directly; a driver also waits for its members, which it is made of.
    func waitsFor(_ id: SpecID) -> [SpecID] {
        guard let spec = index.row(id)?.spec else { return [] }
        let named = (spec.dependsOn ?? []) + inherited(by: id)
        return named.compactMap { SpecID($0) } + elderSiblings(of: spec) + index.members(of: id)
    }
}
