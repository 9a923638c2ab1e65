import ChantTesting
import Testing

@testable import ChantDomain

@Suite("Domain: what changes in the main checkout")
struct DomainCheckoutTests {
    /// Runs git, and holds back the answer of the one that moves the target.
    private final class HoldingRunner: ProcessRunner {
        let moved = AsyncStream<Void>.makeStream()
        let goOn = AsyncStream<Void>.makeStream()

        func run(_ command: Command) async throws(CommandError) -> CommandResult {
            let result = try await SubprocessRunner().run(command)
            guard command.arguments.contains("--ff-only") else { return result }
            moved.continuation.yield()
            for await _ in goOn.stream { break }
            return result
        }
    }

    @Test("R54: a neighbour's merge that is not over yet is none of an agent's doing", arguments: [false, true])
    func neighbour(byWord: Bool) async throws {
        let world = try await DomainWorld(server: byWord ? ["merge: manual"] : [])
        if byWord { #expect(try await world.work().reason == .awaitingMerge) }
        let git = HoldingRunner()
        try await world.serving(
            adjusting: { $0.runner = git },
            { domain in try await expect(domain, world, git, byWord) }
        )
    }

    private func expect(_ domain: Domain, _ world: DomainWorld, _ git: HoldingRunner, _ byWord: Bool) async throws {
        let rooms = domain.merges.rooms
        let before = await CheckoutFingerprint(rooms)
        let ended = Task { () async throws -> RunOutcome? in
            if byWord { return try await domain.merge().outcome }
            return try await domain.settled(try await domain.start(DomainWorld.spec).id).outcome
        }
        for await _ in git.moved.stream { break }
        let amid = await CheckoutFingerprint(rooms)
        #expect(await amid.changed(since: before, rooms) == [])
        git.goOn.continuation.finish()
        #expect(try await ended.value == .completed)
        try await eventually("nobody is at work", within: .seconds(60)) {
            try await domain.status.status().busyWorkers == 0
        }
        let since = await CheckoutFingerprint(rooms)
        #expect(await since.changed(since: amid, rooms) == [])
        // So this is somebody else's.
        try world.project.write("oops\n", to: "README.md")
        let changed = await CheckoutFingerprint(rooms)
        #expect(await changed.changed(since: since, rooms) == ["README.md"])
    }
}
