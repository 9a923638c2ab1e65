/// A run whose gates were passed inside the worker.
struct ValidatedRun: Sendable {
    let run: Run
    let pass: GatePass

    fileprivate init(run: Run, pass: GatePass) {
        self.run = run
        self.pass = pass
    }
}

extension SpecExecutor {
    /// Stage 1: asks every gate again, at the moment of the start (R11); what no longer holds refuses the run (R42).
    func validate(_ run: Run, _ context: RunContext) async throws(StageFailure) -> ValidatedRun {
        try context.control.checkpoint()
        do throws(AdmissionError) {
            var options = run.options
            // Whose turn it was; an agent that the configuration has no more is chosen anew.
            if rooms.catalog.agents.contains(where: { $0.name == run.agent }) { options.agent = run.agent }
            let pass = try await rooms.gatekeeper.admit(context.spec, options: options, besides: run.id)
            return ValidatedRun(run: run, pass: pass)
        } catch {
            throw error.stageFailure
        }
    }
}
