import Testing

@testable import ChantServer

@Suite("The gate of the start")
struct StartGateTests {
    @Test("Who comes before recovery is over waits; who comes later does not")
    func waiting() async throws {
        let gate = StartGate()
        let through = Counter()
        #expect(!gate.isReady)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    await gate.wait()
                    through.add(1)
                }
            }
            // Some wait already, others come in the very moment of the opening.
            await Task.yield()
            #expect(through.value == 0)
            gate.becomeReady()
            try await group.waitForAll()
        }
        #expect(through.value == 20)
        #expect(gate.isReady)
        await gate.wait()
    }

    @Test("A stop lets the waiting go, and nothing is ready any more")
    func stopping() async throws {
        let gate = StartGate()
        async let waited: Void = gate.wait()
        gate.beginStopping()
        await waited
        #expect(!gate.isReady)
    }
}
