import Foundation

/// Everything that lists of specs show, at one moment.
///
/// Its number grows with every difference: a file's, the journal's, a box that an agent ticks, a lock that is given up.
public struct SpecListMoment: Sendable {
    /// Equal numbers, equal lists.
    public let generation: Int
    let index: SpecIndex
    let latest: LatestRuns
    /// Of live runs: the boxes in the worktree's copy.
    let criteria: [SpecID: CriteriaCount]
    /// What says `in_progress` without an owner (R43).
    let stale: Set<SpecID>
    /// What the settled runs of each spec took, by its id.
    let usage: [String: RunUsage]

    /// The live run of a spec, else its latest.
    func run(of id: SpecID) -> RunBrief? { latest.bySpec[id.text] }
}

/// The last moment, and what is needed to see whether the next one differs.
struct SpecListState {
    private var generation = 0
    private var index = SpecIndex.empty
    private var latest = LatestRuns()
    private var inProgress: [SpecID] = []
    private var copies: [SpecID: (stamp: FileStamp, criteria: CriteriaCount)] = [:]
    private var criteria: [SpecID: CriteriaCount] = [:]
    private var stale: Set<SpecID> = []
    private var usage: [String: RunUsage] = [:]

    /// Looks again; costs what has changed, a look at each live run's copy, and one at the locks.
    mutating func moment(
        _ newest: SpecIndex,
        _ journal: Journal,
        _ project: ProjectIdentity,
        copyPath: (SpecID) -> String
    ) -> SpecListMoment {
        var differs = generation == 0
        if newest.generation > index.generation {
            index = newest
            inProgress = index.rows.compactMap { $0.spec?.status == .inProgress ? $0.spec?.id : nil }
            differs = true
        }
        // A journal that cannot be read is no reason to show no specs: the runs are those of before.
        let before = latest
        if (try? journal.catchUp(&latest, project: project.path)) ?? false {
            differs = true
            let hasEnded = before.live.keys.contains { latest.live[$0] == nil } || latest.newest > before.newest
            if hasEnded { usage = (try? journal.usage(project: project.path)) ?? usage }
        }
        let criteria = readCopies(copyPath)
        let stale = findStale(project.path)
        differs = differs || criteria != self.criteria || stale != self.stale
        self.criteria = criteria
        self.stale = stale
        if differs { generation += 1 }
        return SpecListMoment(
            generation: generation,
            index: index,
            latest: latest,
            criteria: criteria,
            stale: stale,
            usage: usage
        )
    }

    /// The boxes that live agents have ticked so far.
    private mutating func readCopies(_ copyPath: (SpecID) -> String) -> [SpecID: CriteriaCount] {
        guard !latest.live.isEmpty || !copies.isEmpty else { return [:] }
        let files = LocalFileSystem()
        var found: [SpecID: (stamp: FileStamp, criteria: CriteriaCount)] = [:]
        for run in latest.live.values {
            guard let worktree = run.worktree, let id = SpecID(run.specID) else { continue }
            let path = worktree + "/" + copyPath(id)
            guard let stamp = try? files.stamp(path) else { continue }
            if let old = copies[id], old.stamp == stamp {
                found[id] = old
            } else if let bytes = try? files.read(path) {
                let criteria = SpecDocument(bytes: bytes).criteria
                found[id] = (stamp, CriteriaCount(total: criteria.total, checked: criteria.checked))
            }
        }
        copies = found
        return found.mapValues(\.criteria)
    }

    /// A lock is asked for its owner only where one lies there.
    private func findStale(_ chantFolder: String) -> Set<SpecID> {
        let unowned = inProgress.filter { !(latest.bySpec[$0.text]?.isLive ?? false) }
        guard !unowned.isEmpty else { return [] }
        let locks = Set(((try? LocalFileSystem().list(chantFolder + "/.locks")) ?? []).map { ByteText($0.name) })
        return Set(
            unowned.filter { id in
                let mayBeHeld = locks.contains(ByteText(id.text + ".lock")) || id.text == "server"
                return !mayBeHeld || SpecLock.owner(of: id, chantFolder: chantFolder) == nil
            }
        )
    }
}
