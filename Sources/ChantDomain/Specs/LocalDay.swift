public import Foundation

/// A day of the calendar where the service runs; new ids carry it, and partial ids may leave it out.
public struct LocalDay: Hashable, Sendable {
    /// `YYYY-MM-DD`.
    public let text: String

    /// The day of `date` in `zone`.
    public init(of date: Date, in zone: TimeZone = .current) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.year, .month, .day], from: date)
        self.init(year: parts.year ?? 1, month: parts.month ?? 1, day: parts.day ?? 1)
    }

    /// The day with these numbers.
    public init(year: Int, month: Int, day: Int) {
        text = [(year, 4), (month, 2), (day, 2)].map { number, width in
            let digits = String(max(0, number))
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }.joined(separator: "-")
    }
}
