import Foundation
import Logging

/// Refs that keep what nobody merged.
extension Retention {
    /// Another service may share the repository; what it has made in the last day is not for us to judge.
    private static let strangersAge: TimeInterval = 24 * 3600

    /// Drops the oldest that are too many or too old.
    ///
    /// - Returns: how many are left.
    func dropRefs(_ branches: Set<String>, _ live: Set<RunID>) async throws -> Int {
        let refs = try await rooms.git.keptRefs()
        let cutoff = limits.refsAge.map { rooms.now().addingTimeInterval(-($0 / .seconds(1))) } ?? .distantPast
        let holders = try await soleHolders(refs, branches)
        var excess = refs.count - limits.refsCount
        var due: [KeptRef] = []
        for ref in refs {
            guard let run = ref.run, excess > 0 || run.time < cutoff, !holders.contains(ref), !live.contains(run),
                try isSettledLongAgo(run)
            else { continue }
            due.append(ref)
            excess -= 1
        }
        var left = refs.count
        for start in stride(from: 0, to: due.count, by: 100) {
            left -= await drop(Array(due[start..<min(start + 100, due.count)]))
        }
        return left
    }

    /// Of each spec that is not done and has no branch any more, the newest ref: nothing else holds that work.
    private func soleHolders(_ refs: [KeptRef], _ branches: Set<String>) async throws -> Set<KeptRef> {
        let prefix = rooms.configuration.defaults.branchPrefix
        var newest: [String: KeptRef] = [:]
        for ref in refs { if let spec = ref.spec { newest[spec] = ref } }
        guard !newest.isEmpty else { return [] }
        let open = Set(
            try await rooms.store.index().rows.compactMap { row -> String? in
                guard !row.isArchived, let spec = row.spec, spec.status != .completed, spec.status != .cancelled
                else { return nil }
                return spec.id.refComponent
            }
        )
        return Set(newest.filter { open.contains($0.key) && !branches.contains(prefix + $0.key) }.values)
    }

    /// A run that is paused goes on with what it left.
    private func isSettledLongAgo(_ run: RunID) throws(JournalError) -> Bool {
        guard let known = try rooms.journal.run(run) else {
            return rooms.now().timeIntervalSince(run.time) >= Self.strangersAge
        }
        return !known.state.isLive && known.outcome != .paused
    }

    /// Drops refs; one that moved meanwhile makes git refuse them all, and then each is tried alone.
    ///
    /// - Returns: how many went.
    private func drop(_ refs: [KeptRef]) async -> Int {
        do {
            try await rooms.git.drop(refs)
            rooms.logger.info("retention: kept refs dropped", metadata: ["refs": "\(refs.count)"])
            return refs.count
        } catch {
            guard refs.count > 1 else {
                rooms.logger.warning("retention: a ref stays", metadata: ["error": "\(error.sentence)"])
                return 0
            }
            var dropped = 0
            for ref in refs { dropped += await drop([ref]) }
            return dropped
        }
    }
}
