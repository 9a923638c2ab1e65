/// A change of a run that somebody asks for, checked before it is written.
struct RunChange {
    let from: Run
    let to: Run

    /// What `update` allows: forwards in the state, nothing about identity or ending.
    func checkUpdate() throws(JournalError) {
        try checkIdentity()
        guard to.state != .settled || from.state == .settled else { throw refusal("only settling makes it settled") }
        guard to.state == from.state || from.state.canBecome(to.state) else {
            throw refusal("\(from.state.rawValue) cannot become \(to.state.rawValue)")
        }
        guard to.outcome == from.outcome, to.reason == from.reason, to.problem == from.problem,
            to.nextRun == from.nextRun
        else {
            throw refusal("only settling gives it an outcome")
        }
    }

    /// What `settle` asks for: an outcome, a reason where there must be one, and a fitting next run.
    func checkSettlement(next: Run?) throws(JournalError) {
        try checkIdentity()
        guard from.state.canBecome(.settled) else { throw refusal("it cannot be settled") }
        guard let outcome = to.outcome else { throw refusal("a settled run has an outcome") }
        guard (outcome == .completed) == (to.reason == nil) else {
            throw refusal("every outcome but completed has a reason")
        }
        guard let next else { return }
        guard next.state == .queued, next.orderID == to.orderID, next.specID == to.specID,
            next.projectPath == to.projectPath, next.id != to.id
        else { throw refusal("the run that follows is a queued one of the same order and spec") }
    }

    private func checkIdentity() throws(JournalError) {
        guard to.id == from.id, to.specID == from.specID, to.orderID == from.orderID,
            to.projectPath == from.projectPath, to.project == from.project, to.queuedAt == from.queuedAt
        else { throw refusal("what identifies it stays as it is") }
    }

    private func refusal(_ detail: String) -> JournalError { .illegalChange(from, detail: detail) }
}
