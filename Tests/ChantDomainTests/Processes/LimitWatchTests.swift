import Testing

@testable import ChantDomain

@Suite("Limits of an agent")
struct LimitWatchTests {
    /// Plays an agent second by second; the answer is when which limit was broken.
    private func play(
        wall: Int64 = .max / 2,
        idle: Int64 = .max / 2,
        log: Int64 = .max,
        seconds: Int64,
        size: (Int64) -> Int64 = { _ in 0 },
        processorTime: (Int64) -> Int64 = { _ in 0 }
    ) -> (second: Int64, by: EndedBy)? {
        var watch = LimitWatch(wall: wall, idle: idle, logBytes: log, now: 5000)
        for second in 0...seconds {
            let now = 5000 + second * 1000
            let by = watch.broken(at: now, size: size(second)) { processorTime(second) }
            if let by { return (second, by) }
        }
        return nil
    }

    @Test("R69: the wall limit counts from the start, whatever the agent does")
    func wall() throws {
        let broken = try #require(play(wall: 90_000, seconds: 200, size: { $0 }))
        #expect(broken == (90, .wall))
    }

    @Test("R69: the log may hold as many bytes as the limit says, and not one more")
    func log() throws {
        #expect(play(log: 10, seconds: 10, size: { $0 }) == nil)
        #expect(try #require(play(log: 10, seconds: 20, size: { $0 })) == (11, .log))
    }

    @Test("R69: idle is silence without work")
    func idle() throws { #expect(try #require(play(idle: 120_000, seconds: 500)) == (120, .idle)) }

    @Test("R69: an agent that writes now and then is not idle")
    func writes() { #expect(play(idle: 120_000, seconds: 2000, size: { $0 / 100 }) == nil) }

    @Test("R69: a silent agent that uses a second of processor time per minute is not idle")
    func works() { #expect(play(idle: 120_000, seconds: 3000, processorTime: { $0 * 1_000_000 / 55 }) == nil) }

    @Test("R69: less than a second of processor time per minute is idle")
    func dozes() throws {
        let broken = try #require(play(idle: 120_000, seconds: 3000, processorTime: { $0 * 1_000_000 / 80 }))
        #expect(broken == (120, .idle))
    }

    @Test("R69: idle counts from the last sign of work")
    func stopsWorking() throws {
        let broken = try #require(
            play(idle: 120_000, seconds: 3000, processorTime: { min($0, 600) * 1_000_000 })
        )
        #expect(broken.by == .idle)
        // Work is judged over a minute, so its end shows up to a minute late.
        #expect((720...785).contains(broken.second))
    }

    @Test("R69: processor time that nobody inherited does not hide work that follows")
    func timeFalls() {
        // Every 100 s a busy child ends and takes its time with it.
        #expect(play(idle: 120_000, seconds: 3000, processorTime: { $0 % 100 * 1_000_000 }) == nil)
    }

    @Test(
        "R69: looks each second, and more often where a limit is shorter",
        arguments: [
            (Int64(7_200_000), Int64(1_800_000), Int64(1000)), (5000, 60_000, 500), (60_000, 200, 20), (20, 20, 10),
        ]
    )
    func interval(wall: Int64, idle: Int64, interval: Int64) {
        #expect(LimitWatch(wall: wall, idle: idle, logBytes: 1, now: 0).interval == interval)
    }
}
