import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("What two take from one worktree")
struct SharedLeftOverTests {
    @Test("R53: two who store what one worktree holds at the same time do not disturb each other")
    func storedTwice() async throws {
        let world = try await GitWorld(files: ["README.md": "hello\n", ".gitattributes": "*.slow filter=slow\n"])
        let request = try await world.request()
        let worktree = try await world.obtain(request)
        try await world.repository.git("config", "filter.slow.clean", "sleep 0.1; cat")
        try world.repository.write("unsaved", to: "a.slow", in: worktree.path)
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...3 {
                group.addTask {
                    // One of them takes the worktree away; the others may find that it has gone.
                    _ = try? await world.queue.giveBack(worktree, run: request.runID, holding: .remove)
                }
            }
        }
        #expect(try await world.repository.git("show", "refs/chant/left/\(request.runID):a.slow") == "unsaved")
        #expect(!FileManager.default.fileExists(atPath: worktree.path))
    }
}
