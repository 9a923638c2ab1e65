import Foundation

/// The moment on both clocks of R46.
struct BootClock: Sendable {
    /// Seconds since the boot, sleep included.
    var uptime: @Sendable () -> Double = {
        Surroundings.simulated.map { $0.uptime / .seconds(1) } ?? Double(SupervisorClock.sinceBoot) / 1000
    }
    /// The present boot.
    var bootID: @Sendable () -> String = { ProcessIdentity.own?.bootID ?? "" }

    /// The moment after `wait`.
    func moment(after wait: Duration, now: Date) -> NotBefore {
        let seconds = wait / .seconds(1)
        return NotBefore(at: now.addingTimeInterval(seconds), uptime: uptime() + seconds, bootID: bootID())
    }

    /// How many seconds it is until `moment`.
    func remaining(until moment: NotBefore, now: Date) -> Double {
        moment.remaining(now: now, uptime: uptime(), bootID: bootID())
    }
}
