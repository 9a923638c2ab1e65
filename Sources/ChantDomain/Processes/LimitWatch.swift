/// Decides whether an agent has gone over a limit (R69); looks at nothing itself.
///
/// Standard library only. Idle is no growth of the output **and** less than 1 s of processor time per minute in the whole
/// tree. A limit below one minute is judged over its own length, with as much less time; never less than two ticks of the
/// kernel's clock, which is all that it counts by.
struct LimitWatch {
    private let started: Int64
    private let wall: Int64
    private let idle: Int64
    private let logBytes: Int64
    /// Over how long processor time is judged, and how much of it, in microseconds, is work.
    private let window: Int64
    private let busy: Int64

    private var size: Int64 = 0
    private var quietSince: Int64
    /// Processor time used while the output did not grow, at moments within the last window; the oldest first.
    private var samples: [(at: Int64, used: Int64)] = []
    private var lastTotal: Int64 = 0

    /// Times in milliseconds; `now` is the agent's start.
    init(wall: Int64, idle: Int64, logBytes: Int64, now: Int64) {
        started = now
        quietSince = now
        self.wall = wall
        self.idle = idle
        self.logBytes = logBytes
        window = min(60_000, max(1, idle))
        busy = max(20_000, window * 1_000_000 / 60_000)
    }

    /// How often it wants to look, in milliseconds: each second, more often where a limit is shorter.
    var interval: Int64 { max(10, min(1000, wall / 10, idle / 10)) }

    /// The limit that is broken at `now`, if any.
    ///
    /// - Parameters:
    ///   - now: this moment.
    ///   - size: of the output.
    ///   - processorTime: asked for only where it matters: the whole tree's so far, in microseconds. It may fall when
    ///     a process ends whose time nobody inherits.
    /// - Returns: the limit; `nil` while all are kept.
    mutating func broken(at now: Int64, size: Int64, processorTime: () -> Int64) -> EndedBy? {
        if size > logBytes { return .log }
        if now - started >= wall { return .wall }
        if size != self.size {
            self.size = size
            rest(at: now)
        } else if samples.isEmpty || now - (samples.last?.at ?? now) >= window / 12 || now - quietSince >= idle {
            sample(at: now, total: processorTime())
        }
        return now - quietSince >= idle ? .idle : nil
    }

    /// The agent showed that it works: all counting begins anew.
    private mutating func rest(at now: Int64) {
        quietSince = now
        samples = []
    }

    private mutating func sample(at now: Int64, total: Int64) {
        let used = samples.last.map { $0.used + max(0, total - lastTotal) } ?? 0
        lastTotal = total
        samples.append((now, used))
        // The last sample before the window stays: time is counted from there.
        while samples.count > 2, samples[1].at <= now - window { samples.removeFirst() }
        if used - samples[0].used >= busy {
            rest(at: now)
            samples = [(now, 0)]
        }
    }
}
