import Foundation
import Glibc

/// Times as the contract has them: RFC 3339, UTC, `Z`.
enum Timestamp {
    static func text(_ date: Date, milliseconds: Bool = true) -> String {
        let total = (date.timeIntervalSince1970 * 1000).rounded()
        let seconds = (total / 1000).rounded(.down)
        var moment = time_t(seconds)
        var parts = tm()
        gmtime_r(&moment, &parts)
        let day =
            padded(Int(parts.tm_year) + 1900, 4) + "-" + padded(Int(parts.tm_mon) + 1, 2) + "-"
            + padded(Int(parts.tm_mday), 2)
        let clock =
            padded(Int(parts.tm_hour), 2) + ":" + padded(Int(parts.tm_min), 2) + ":"
            + padded(Int(parts.tm_sec), 2)
        guard milliseconds else { return day + "T" + clock + "Z" }
        return day + "T" + clock + "." + padded(Int(total - seconds * 1000), 3) + "Z"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
