import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Busy checkouts")
struct BusyCheckoutTests {
    /// States in which a checkout must be left alone.
    enum Busy: String, CaseIterable {
        case merge, cherryPick, revert, rebase, bisect, otherRebase, otherBisect, twice, indexLock

        func begin(_ repository: TemporaryRepository) async throws {
            try await repository.git("checkout", "--quiet", "-b", "side", "main")
            let side = try await repository.commit(["b": "side\n"], "Side")
            try await repository.git("checkout", "--quiet", "main")
            let other = "\(repository.folder)/other"
            switch self {
            case .merge: _ = try? await repository.git("merge", "--no-commit", "--no-ff", "side")
            case .cherryPick, .revert, .rebase, .otherRebase:
                try await repository.commit(["b": "main\n"], "Main")
                switch self {
                case .cherryPick: _ = try? await repository.git("cherry-pick", side)
                case .revert: _ = try? await repository.git("revert", "--no-edit", side)
                case .rebase: _ = try? await repository.git("rebase", "side")
                default:
                    try await repository.git("checkout", "--quiet", "-b", "mine")
                    try await repository.git("worktree", "add", "--quiet", other, "main")
                    _ = try? await repository.git("rebase", "side", in: other)
                }
            case .bisect: try await repository.git("bisect", "start")
            case .otherBisect:
                try await repository.git("checkout", "--quiet", "-b", "mine")
                try await repository.git("worktree", "add", "--quiet", other, "main")
                try await repository.git("bisect", "start", in: other)
                try await repository.git("checkout", "--quiet", "--detach", in: other)
            case .twice: try await repository.git("worktree", "add", "--quiet", "--force", other, "main")
            case .indexLock: try repository.write("", to: ".git/index.lock")
            }
        }
    }

    @Test("R23: a checkout amid something is busy, with a sentence, and is left alone", arguments: Busy.allCases)
    func busy(state: Busy) async throws {
        let world = try await FinishingWorld()
        try await state.begin(world.repository)
        let (plan, old) = try await world.plan()
        let files = world.snapshot()
        let result = try await world.move(plan, from: old)
        guard case .busy(let sentence) = result else {
            Issue.record("\(result)")
            return
        }
        #expect(sentence.contains("/"))
        #expect(world.snapshot() == files)
        #expect(try await world.client.tip(of: world.main) == old)
    }
}
