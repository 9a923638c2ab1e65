import Foundation

/// Time, chance, and where tasks run, as a simulation has them.
protocol SimulatedSurroundings: Sendable {
    /// What the clock says.
    var date: Date { get }
    /// How long the machine has been up.
    var uptime: Duration { get }
    /// Where tasks run that have no parent.
    var executor: any TaskExecutor { get }
    /// Returns when so much time has passed; throws when the task was cancelled.
    func sleep(for duration: Duration) async throws
    /// Lets other tasks go on first.
    func yield() async
    /// The next random number.
    func number() -> UInt64
}

/// What the service has of the machine beside its files and programs: time, chance, threads, the kernel's word on changes.
///
/// A service has the machine's own. The simulation of the tests gives its tasks others, as the fault sweep does with
/// `Effect`: then everything that happens follows from one seed.
enum Surroundings {
    /// What counts instead of the machine; `nil` outside of the simulation.
    @TaskLocal static var simulated: (any SimulatedSurroundings)?

    /// Whether threads and the kernel's word would bring in what no seed decides.
    static var isSimulated: Bool { simulated != nil }

    /// The time of day.
    static var date: Date { simulated?.date ?? Date() }

    /// This moment, for measuring how long something takes or may take.
    static var moment: ContinuousClock.Instant {
        guard let simulated else { return .now }
        return beginning + simulated.uptime
    }

    private static let beginning = ContinuousClock.now

    /// A clock that goes on telling the time of these surroundings on whatever thread it is asked.
    static var clock: @Sendable () -> Date {
        guard let simulated else { return { Date() } }
        return { simulated.date }
    }

    /// Lets time pass; throws when the task was cancelled.
    static func sleep(for duration: Duration) async throws {
        guard let simulated else { return try await Task.sleep(for: duration) }
        try await simulated.sleep(for: duration)
    }

    /// Lets other tasks go on first.
    static func yield() async {
        guard let simulated else { return await Task.yield() }
        await simulated.yield()
    }

    /// A random number.
    static func number() -> UInt64 { simulated?.number() ?? UInt64.random(in: 0...UInt64.max) }

    /// How many things that keep a processor busy are worth doing at once.
    static var processors: Int { isSimulated ? 2 : max(1, ProcessInfo.processInfo.activeProcessorCount) }

    /// −1…1, by which pauses differ.
    static var jitter: Double { Double(number() >> 11) / Double(UInt64(1) << 52) - 1 }
}
