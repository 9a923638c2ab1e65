import ChantTesting

@testable import ChantDomain

extension Domain {
    /// What the service says can be asked of a spec now.
    func allowed(_ spec: String) async throws -> [String] {
        guard case .readable(let view) = try await specs.get(try specID(spec)) else { return [] }
        return view.allowed
    }

    /// Whether an action is accepted; it is done then.
    func accepts(_ action: String, _ spec: String) async throws -> Bool {
        let id = try specID(spec)
        do {
            switch action {
            case "work": _ = try await runs.start(StartRun(spec: id))
            case "resume": _ = try await runs.resume(ResumeRun(spec: id))
            case "cancel": _ = try await control.cancel(id)
            case "reset": _ = try await control.reset(id)
            case "pause": _ = try await control.pause(id)
            case "takeover": _ = try await control.takeover(id)
            case "force": _ = try await control.forceReset(id, by: "test")
            case "delete": try await specs.delete(id, if: RevisionCondition())
            default: _ = try await specs.patch(id, SpecPatch(), if: RevisionCondition())
            }
            return true
        } catch is RunError {
            return false
        } catch is SpecControlError {
            return false
        } catch is SpecEditError {
            return false
        }
    }

    /// Waits until an agent runs.
    func atWork(_ run: RunID) async throws { try await reached(run, "running") { $0.state == .running } }

    /// Waits until a run's log has a line with this in it.
    func saying(_ text: String, _ run: RunID, _ world: DomainWorld) async throws {
        let file = RunFolder(stateFolder: world.project.state, run: run).outFile
        try await eventually("it says \(text)", within: .seconds(60)) {
            ((try? world.project.text(atPath: file)) ?? "").contains(text)
        }
    }
}

extension DomainWorld {
    /// Works the spec until its agent says that it hangs, then pauses it.
    func paused(_ options: RunOptions = RunOptions()) async throws -> Run {
        try await serving { domain in
            let run = try await domain.start(Self.spec, options)
            try await domain.saying("hanging", run.id, self)
            _ = try await domain.control.pause(try specID(Self.spec))
            return try await domain.settled(run.id)
        }
    }

    /// Resumes the spec to the end of its run.
    func resumed(_ options: RunOptions = RunOptions()) async throws -> Run {
        try await serving { domain in
            try await domain.settled(
                try await domain.runs.resume(ResumeRun(spec: try specID(Self.spec), options: options)).id
            )
        }
    }

    /// Works the spec until its agent runs, and leaves it as a service does that is killed.
    func left() async throws -> Run {
        let domain = try await open()
        defer { domain.close() }
        try await domain.recover()
        async let running: Void = domain.run()
        let run = try await domain.start(Self.spec)
        try await domain.saying("waiting", run.id, self)
        try await domain.atWork(run.id)
        await domain.stop(.detach)
        await running
        return try domain.runs.run(run.id)
    }
}
