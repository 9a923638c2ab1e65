import ChantTesting

@testable import ChantDomain

/// What a merge that does not complete may not change.
struct Snapshot: Equatable {
    let refs: String
    let status: String
    let spec: String
    let worktrees: String

    init(_ world: DomainWorld) async throws {
        refs = try await world.project.git("for-each-ref", "refs/heads")
        status = try await world.status()
        spec = try world.project.specText(DomainWorld.spec)
        worktrees = try await world.project.git("worktree", "list")
    }
}

extension [ScriptedAgent.Step] {
    var agent: ScriptedAgent { ScriptedAgent(self) }
}

extension Domain {
    func merge(rebasing: Bool = false, by person: String? = nil) async throws -> MergeReport {
        guard let id = SpecID(DomainWorld.spec) else { throw IndexFixture.Fault.noID("") }
        return try await merges.merge(id, rebasing: rebasing, by: person)
    }

    func attempt() async -> Result<MergeReport, any Error> {
        do { return .success(try await merge()) } catch { return .failure(error) }
    }

    /// In one word why nothing was merged.
    func refusal() async -> String {
        switch await attempt() {
        case .success: return "merged"
        case .failure(MergeError.refused(let refusal)): return refusal.reason.rawValue
        case .failure(MergeError.spec(.illegalTransition)): return "illegal-transition"
        case .failure(MergeError.nothingKept): return "nothing-kept"
        case .failure(let error): return "\(error)"
        }
    }
}
