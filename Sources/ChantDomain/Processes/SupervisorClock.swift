import Glibc

/// The supervisor's times, in milliseconds.
///
/// Glibc only.
enum SupervisorClock {
    /// Since the machine's start, sleep included: limits hold for a laptop that was closed meanwhile (R69).
    static var sinceBoot: Int64 { milliseconds(CLOCK_BOOTTIME) }

    /// Since 1970.
    static var now: Int64 { milliseconds(CLOCK_REALTIME) }

    /// RFC 3339 text of milliseconds since 1970, in UTC.
    static func text(_ milliseconds: Int64) -> String {
        var seconds = time_t(milliseconds / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let date = "\(parts.tm_year + 1900)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
        let time = "\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))"
        return "\(date)T\(time).\(padded(Int32(milliseconds % 1000), to: 3))Z"
    }

    private static func milliseconds(_ clock: Int32) -> Int64 {
        var time = timespec()
        clock_gettime(clockid_t(clock), &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    private static func padded(_ number: Int32, to width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
