import Foundation

/// Seconds since the boot, which nobody sets back, and the moment on both clocks of R46.
struct BootClock: Sendable {
    /// Seconds since the boot, sleep included.
    let uptime: @Sendable () -> Double
    /// The present boot.
    let bootID: String

    /// The machine's; in a simulation that of its surroundings.
    init() {
        if let simulated = Surroundings.simulated {
            uptime = { simulated.uptime / .seconds(1) }
            bootID = "simulated"
        } else {
            uptime = { Double(SupervisorClock.sinceBoot) / 1000 }
            bootID = ProcessIdentity.own?.bootID ?? ""
        }
    }

    /// The moment after `wait`.
    func moment(after wait: Duration, now: Date) -> NotBefore {
        let seconds = wait / .seconds(1)
        return NotBefore(at: now.addingTimeInterval(seconds), uptime: uptime() + seconds, bootID: bootID)
    }

    /// How many seconds it is until `moment`.
    func remaining(until moment: NotBefore, now: Date) -> Double {
        moment.remaining(now: now, uptime: uptime(), bootID: bootID)
    }
}
