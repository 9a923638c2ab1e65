import Foundation
import Synchronization

@testable import ChantDomain

/// What must hold when all is quiet, whatever had happened (I1–I10 of ARCHITECTURE.md and the outcome table).
struct Aftermath {
    let simulation: Simulation
    let domain: Domain
    private let runs: [Run]
    private var trace: Trace { simulation.trace }

    init(_ simulation: Simulation, _ domain: Domain) {
        self.simulation = simulation
        self.domain = domain
        let journal = domain.runs.journal
        // Ids of two lives of the service within one millisecond come in any order; events come in theirs.
        var places: [RunID: Int64] = [:]
        for event in (try? journal.events(after: 0, limit: 100_000)) ?? [] {
            if case .runQueued(let facts) = event.event { places[facts.runID] = event.sequence }
        }
        runs = ((try? journal.runs(RunQuery(limit: 10_000)).items) ?? [])
            .sorted { (places[$0.id] ?? 0) < (places[$1.id] ?? 0) }
    }

    func check() {
        simulation.reasons.withLock { $0 = runs.compactMap(\.reason) }
        checkRuns()
        OrdersAftermath(simulation, domain, runs).check()
        checkCompletions()
        checkSpecs()
        checkDrivers()
        checkRepository()
        JournalStory(domain, simulation, runs).check()
        for agent in simulation.agents.living { trace.violation("an agent of \(agent.spec) still lives") }
    }

    /// I6: every accepted run reached exactly one outcome, and what was interrupted is followed by another.
    private func checkRuns() {
        let known = Set(runs.map(\.id))
        for run in simulation.people.accepted where !known.contains(run) {
            trace.violation("I6: an accepted run is not in the journal")
        }
        for agent in simulation.agents.all where !known.contains(agent.launch.runID) {
            trace.violation("an agent of \(agent.spec) worked for a run that nobody knows")
        }
        for run in runs {
            let name = "run \(run.attempt) of \(run.specID)"
            if run.state != .settled || run.outcome == nil { trace.violation("I6: \(name) has no outcome") }
            if run.outcome == .interrupted, run.nextRun == nil { trace.violation("R45: nothing follows \(name)") }
            if let next = run.nextRun, !known.contains(next) { trace.violation("I6: \(name) names no run") }
            if run.outcome == .paused, let next = runs.first(where: { $0.id == run.nextRun }),
                next.resumedFrom != run.id
            {
                trace.violation("R45: \(name) was paused and is tried again from the start")
            }
            if simulation.people.cancelled.contains(run.id), run.nextRun != nil {
                trace.violation("R45: \(name) was cancelled and goes on")
            }
        }
    }

    /// R58: completed exactly where the finishing commit is on the target once; its second parent's history is `commits`.
    private func checkCompletions() {
        let line = firstParents()
        for run in runs {
            let mark = "Chant-Run: \(run.id)"
            let found = line.filter { $0.commit.message.contains(mark) }
            let isMerged = run.mergeCommit != nil && simulation.people.asked[run.specID]?.contains(.completed) == true
            if run.outcome == .completed || isMerged {
                let expected = run.mergeCommit == nil ? 0 : 1
                if found.count != expected || found.first.map({ $0.id != run.mergeCommit }) ?? false {
                    trace.violation("R58: completed \(run.specID) is on the target \(found.count) times")
                }
                if let found = found.first { check(found.id, found.commit, of: run) }
            } else if !found.isEmpty {
                trace.violation("R58: \(run.specID) ended as \(run.outcome?.rawValue ?? "?") and is on the target")
            }
        }
    }

    private func firstParents() -> [(id: String, commit: GitObjects.Commit)] {
        simulation.git.state.withLock { state in
            var line: [(String, GitObjects.Commit)] = []
            var next = state.refs["refs/heads/main"]
            while let id = next, let commit = state.objects.commits[id] {
                line.append((id, commit))
                next = commit.parents.first
            }
            return line
        }
    }

    private func check(_ id: String, _ commit: GitObjects.Commit, of run: Run) {
        let (history, changed) = simulation.git.state.withLock { state -> ([String], [String]) in
            guard commit.parents.count == 2 else { return ([], []) }
            let history = state.objects.history(of: commit.parents[1], without: [commit.parents[0]])
            let base = state.objects.mergeBase(commit.parents[0], commit.parents[1]) ?? commit.parents[0]
            let old = state.objects.tree(of: base) ?? [:]
            let branch = state.objects.tree(of: commit.parents[1]) ?? [:]
            let merged = state.objects.tree(of: id) ?? [:]
            let target = state.objects.tree(of: commit.parents[0]) ?? [:]
            let lost = [branch, target].flatMap { side in
                SimulatedGit.differences(old, side).filter { !$0.hasPrefix(".chant/") && merged[$0] != side[$0] }
            }
            return (history, lost)
        }
        if !changed.isEmpty { trace.violation("the finishing commit of \(run.specID) lacks \(changed)") }
        // Of work that a person merges, the run may have ended before its commits were collected.
        if run.outcome == .completed, Set(history) != Set(run.commits) {
            trace.violation("R51: the commits of \(run.specID) are not what its branch brought")
        }
        guard let spec = simulation.project.spec(run.specID), lastRun(of: run.specID)?.id == run.id else { return }
        let short = Set(history.map { String($0.prefix(7)) })
        if spec.status == .completed, Set(spec.commits) != short {
            trace.violation("R51: \(run.specID) says commits \(spec.commits), its branch brought \(short.sorted())")
        }
    }

    private func lastRun(of spec: String) -> Run? { runs.last { $0.specID == spec } }

    /// The outcome table: each status is what the ends of the spec's runs ask for.
    private func checkSpecs() {
        for drawn in simulation.world.work {
            guard let spec = simulation.project.spec(drawn.id) else {
                trace.violation("\(drawn.id) has no readable file any more")
                continue
            }
            if spec.status == .inProgress { trace.violation("\(drawn.id) is in_progress and nobody works on it") }
            guard !simulation.people.edited.contains(drawn.id) else { continue }
            var allowed: Set<SpecStatus> = [.pending]
            for run in runs where run.specID == drawn.id {
                switch run.outcome {
                case .completed: allowed = [.completed]
                // R50: what is tried again is released first.
                case .failed: allowed = after(run, run.nextRun == nil ? .failed : .pending, allowed)
                case .needsAttention: allowed = after(run, .needsAttention, allowed)
                case .cancelled where run.reason == .specCancelled: allowed = after(run, .cancelled, allowed)
                case .cancelled, .interrupted: allowed = after(run, .pending, allowed)
                case .paused: allowed = [.paused]
                case .refused, nil: break
                }
            }
            allowed.formUnion(simulation.people.asked[drawn.id] ?? [])
            if !allowed.contains(spec.status) {
                trace.violation(
                    "\(drawn.id) is \(spec.status.rawValue), its runs ask for \(allowed.map(\.rawValue).sorted())"
                )
            }
        }
    }

    /// A run that had no worktree yet may have left the file alone.
    private func after(_ run: Run, _ status: SpecStatus, _ before: Set<SpecStatus>) -> Set<SpecStatus> {
        run.worktree == nil ? before.union([status]) : [status]
    }

    /// R9: a driver is completed exactly where its members are done.
    private func checkDrivers() {
        for driver in simulation.world.specs where driver.isDriver {
            let members = simulation.world.specs.filter { $0.driver == driver.id }
            let family = [driver] + members
            let said = simulation.people.edited.union(simulation.people.asked.keys)
            guard !family.contains(where: { said.contains($0.id) }) else { continue }
            let isDone = members.allSatisfy { simulation.project.spec($0.id)?.status == .completed }
            let status = simulation.project.spec(driver.id)?.status
            if isDone != (status == .completed) {
                trace.violation("R9: driver \(driver.id) is \(status?.rawValue ?? "gone"), its members done: \(isDone)")
            }
        }
    }

    private func checkRepository() {
        let git = simulation.git
        for commit in git.lost() { trace.violation("the agent's commit \(commit.prefix(7)) is lost") }
        let refs = git.state.withLock { $0.refs.keys.filter { $0.hasPrefix("refs/chant/finish/") } }
        if !refs.isEmpty { trace.violation("finishing refs are left: \(refs.count)") }
        let (head, index) = git.state.withLock { state in
            let tip = state.refs["refs/heads/main"] ?? ""
            return (state.objects.tree(of: tip) ?? [:], state.indexes["\(git.gitDir)/index"] ?? [:])
        }
        let staged = SimulatedGit.differences(head, index)
        if !staged.isEmpty { trace.violation("the checkout's index differs from HEAD: \(staged)") }
        for (path, entry) in head where !path.hasPrefix(".chant/specs/") {
            let bytes = DiskFile.read("\(git.checkout)/\(path)")
            let blob = git.state.withLock { $0.objects.blobs[entry.blob] }
            if bytes != blob { trace.violation("the checkout's \(path) is not what the target has") }
        }
        let locks = (try? FileManager.default.contentsOfDirectory(atPath: "\(git.checkout)/.chant/.locks")) ?? []
        let left = locks.filter { $0 != "server.lock" }
        if !left.isEmpty { trace.violation("R35: locks are left: \(left.sorted())") }
        checkWorktrees()
    }

    /// R53: a worktree stays only for a person: that of a run that failed, needs one, or is paused.
    private func checkWorktrees() {
        for (record, folder) in simulation.git.records() {
            let name = record.split(separator: "/").last.map(String.init) ?? ""
            let run = runs.first { $0.id.text == name }
            if access(folder, F_OK) != 0 { trace.violation("a record of a worktree without its folder is left") }
            if let outcome = run?.outcome, [.failed, .needsAttention, .paused].contains(outcome) { continue }
            trace.violation("a worktree of a run that ended as \(run?.outcome?.rawValue ?? "?") is left")
        }
        for run in runs where run.outcome == .paused && lastRun(of: run.specID)?.id == run.id {
            guard let worktree = run.worktree, simulation.project.spec(run.specID)?.status == .paused else { continue }
            if access(worktree, F_OK) != 0 { trace.violation("R45: the worktree of paused \(run.specID) is gone") }
        }
    }
}
