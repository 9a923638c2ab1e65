import ChantTesting
import Testing

@testable import ChantDomain

@Suite("Domain: disk and memory")
struct DomainFloorTests {
    /// A machine with as many free MiB everywhere as `free` says.
    private static func machine(_ what: Shortage.What, _ free: Figure) -> @Sendable () -> Resources {
        {
            let space = DiskSpace(free: free.value << 20, total: 1 << 30)
            return Resources(
                worktrees: what == .disk ? space : nil,
                state: what == .state ? space : nil,
                memory: what == .memory ? free.value << 20 : nil
            )
        }
    }

    @Test(
        "R72: without room a run waits and says for what; with room it goes on",
        arguments: [(Shortage.What.disk, WaitingFor.disk), (.memory, .memory)]
    )
    func waits(what: Shortage.What, reason: WaitingFor) async throws {
        let world = try await DomainWorld(
            server: ["floors: { disk: 500MiB, disk_percent: 0, memory: 500MiB, every: 20ms }"]
        )
        let free = Figure(499)
        try await world.serving(measure: Self.machine(what, free)) { domain in
            let run = try await domain.start(DomainWorld.spec)
            #expect(await domain.runs.waiting(for: run) == [reason])
            let status = try await domain.status.status()
            #expect(status.storage.shortages.map(\.what) == [what])
            #expect(status.busyWorkers == 0 && status.queueLength == 1)
            // Nor does anything else that wakes the dispatcher start it.
            let second = try await domain.runs.cancel(run.id)
            #expect(second.outcome == .cancelled)
            let third = try await domain.start(DomainWorld.spec)
            #expect(try domain.runs.run(third.id).state == .queued)
            free.value = 500
            #expect(try await domain.settled(third.id).outcome == .completed)
            #expect(try await domain.status.status().storage.shortages.isEmpty)
        }
    }

    @Test("R72: when the state folder's disk is nearly full, new runs are refused, and what runs is settled")
    func refuses() async throws {
        let other = "2026-01-05-002-bbb"
        let world = try await DomainWorld(
            agent: .held,
            specs: [DemoSpec(DomainWorld.spec), DemoSpec(other)],
            server: ["floors: { state: 100MiB, ballast: 1MiB, every: 20ms }"]
        )
        let free = Figure(200)
        try await world.serving(measure: Self.machine(.state, free)) { domain in
            try await eventually("the ballast") { world.project.exists("\(world.project.state)/ballast") }
            let run = try await domain.start(DomainWorld.spec)
            try await domain.reached(run.id, "running") { $0.state == .running }
            free.value = 50
            try await eventually("the ballast is given up") {
                !world.project.exists("\(world.project.state)/ballast")
            }
            await #expect {
                _ = try await domain.start(other)
            } throws: { error in
                guard case RunError.diskFloor(let sentence) = error else { return false }
                return sentence.contains("50 MiB free") && sentence.contains("server.floors.state")
            }
            #expect(try world.spec(other).status == .pending)
            try world.project.release("go")
            #expect(try await domain.settled(run.id).outcome == .completed)
            free.value = 200
            try await eventually("the ballast is back") { world.project.exists("\(world.project.state)/ballast") }
            #expect(try await domain.settled(try await domain.start(other).id).outcome == .completed)
        }
    }
}
