@testable import ChantDomain

/// Somebody who decides about one spec: stops it, goes on with it, or says what it is.
struct PersonInControl {
    let people: People
    let trace: Trace

    private enum Verb: CaseIterable {
        case cancel
        case pause
        case resume
        case reset
        case forceReset
        case takeover
        case merge
        case finalize

        /// What the spec is to be after it; `nil` where its run alone says so.
        var status: SpecStatus? {
            switch self {
            case .cancel: .cancelled
            case .reset, .forceReset: .pending
            case .merge, .finalize: .completed
            case .pause, .resume, .takeover: nil
            }
        }
    }

    func act(on drawn: DrawnSpec, _ domain: Domain, _ dice: Dice) async {
        // What is at work is more fun.
        let live = ((try? domain.runs.journal.liveRuns()) ?? []).map(\.specID)
        let verb = dice.one(of: Verb.allCases)
        let name = !live.isEmpty && dice.happens(60) ? dice.one(of: live) : drawn.id
        guard let id = SpecID(name), verb == .resume || !drawn.isDriver else { return }
        if let status = verb.status { people.note(asking: status, of: name) }
        do {
            try await act(verb, id, domain, dice)
            trace.note("\(verb) \(name)")
        } catch {
            trace.note("refused to \(verb) \(name)")
        }
    }

    private func act(_ verb: Verb, _ id: SpecID, _ domain: Domain, _ dice: Dice) async throws {
        switch verb {
        case .cancel: _ = try await domain.control.cancel(id)
        case .pause:
            _ = try await domain.control.pause(id)
            if dice.happens(60) { try await resume(id, domain) }
        case .resume: try await resume(id, domain)
        case .reset: _ = try await domain.control.reset(id)
        case .forceReset: _ = try await domain.control.forceReset(id, by: "somebody")
        case .takeover: _ = try await domain.control.takeover(id)
        case .merge: _ = try await domain.merges.merge(id, rebasing: false, by: "somebody")
        case .finalize: _ = try await domain.merges.finalize(id, commits: nil, by: "somebody")
        }
    }

    private func resume(_ id: SpecID, _ domain: Domain) async throws {
        people.note(accepted: try await domain.runs.resume(ResumeRun(spec: id)).id)
    }
}
