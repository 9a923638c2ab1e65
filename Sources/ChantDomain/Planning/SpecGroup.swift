/// A driver and its members (R9).
public enum SpecGroup {
    /// A driver that is done because its members are.
    public struct Completion: Sendable, Equatable {
        /// The driver to complete.
        public let driver: SpecID
        /// Whether every member was cancelled: warning `all-members-cancelled`.
        public let allCancelled: Bool
    }

    /// Whether `spec` is never executed itself: it has members, or is of type `driver` or `group`.
    public static func isDriver(_ spec: Spec, in index: SpecIndex) -> Bool {
        spec.kind.isDriver || !index.members(of: spec.id).isEmpty
    }

    /// The drivers that are completed by `member` reaching `status`, from the innermost outwards.
    ///
    /// A driver completes when every member is completed or cancelled (or lies in the archive), from any status but
    /// `cancelled`; then the driver above it is looked at with this one completed. A member whose file cannot be read is not
    /// done.
    ///
    /// - Parameters:
    ///   - member: the spec that ended.
    ///   - status: its status from now on, whatever `index` says.
    ///   - index: all specs at this moment.
    /// - Returns: what to complete; empty where nothing is.
    public static func completions(
        after member: SpecID,
        becomes status: SpecStatus,
        in index: SpecIndex
    ) -> [Completion] {
        guard status == .completed || status == .cancelled else { return [] }
        var statuses = [member: status]
        var completions: [Completion] = []
        var below = member
        while let id = index.driver(of: below), let driver = index[id] {
            below = id
            if driver.archived || driver.status == .cancelled || driver.status == .completed { continue }
            guard let allCancelled = ending(of: driver, statuses, index) else { break }
            completions.append(Completion(driver: id, allCancelled: allCancelled))
            statuses[id] = .completed
        }
        return completions
    }

    /// Whether all members of `driver` were cancelled; `nil` where one is not done.
    ///
    /// Members that are drivers themselves must be done as well, but only what could be executed counts as work.
    private static func ending(of driver: Spec, _ statuses: [SpecID: SpecStatus], _ index: SpecIndex) -> Bool? {
        let unreadable = index.unreadable.contains { file in
            SpecID(file.id).map { index[$0] == nil && $0.isMember(of: driver.id) } ?? false
        }
        if unreadable { return nil }
        var allCancelled = true
        for id in index.members(of: driver.id) {
            guard let spec = index[id] else { return nil }
            let status = statuses[id] ?? spec.status
            guard status == .completed || status == .cancelled || spec.archived else { return nil }
            if status != .cancelled, !isDriver(spec, in: index) { allCancelled = false }
        }
        return allCancelled
    }
}
