extension Recovery {
    /// Gives up the lock that a run's earlier service or its supervisor held.
    ///
    /// Before the run is settled: no later start would look after it (R35).
    func releaseLock(of spec: SpecID) {
        let run = (try? rooms.journal.liveRun(of: spec, project: rooms.project.path)).flatMap(\.self)
        let left = run.flatMap { SupervisedAgent.read(runFolder: rooms.folder(of: $0.id).path) }
        SpecLock.releaseStale(spec, chantFolder: rooms.project.path, heldBy: left?.supervisor)
    }
}
