import Foundation

extension QueryItems {
    /// A time of RFC 3339; with `allowsDay` also a day alone, which means its beginning where the service runs.
    func moment(_ name: String, allowsDay: Bool = false) throws(Problem) -> Date? {
        guard let text = try single(name) else { return nil }
        let local = Date.ISO8601FormatStyle(timeZone: .current).year().month().day()
        let whole = Date.ISO8601FormatStyle()
        let fine = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let isDay = allowsDay && text.utf8.count == 10
        let found = isDay ? try? local.parse(text) : (try? whole.parse(text)) ?? (try? fine.parse(text))
        guard let found, Self.hasRealDay(text) else {
            let day = allowsDay ? ", or a day, as 2026-08-01" : ""
            throw invalid(name, "must be a time of RFC 3339, as 2026-08-01T12:00:00Z\(day)")
        }
        return found
    }

    /// Whether the month that a time begins with has such a day; Foundation takes 30 February for 2 March.
    private static func hasRealDay(_ text: String) -> Bool {
        let parts = text.utf8.prefix(10).split(separator: UInt8(ascii: "-")).compactMap { Int(String($0) ?? "") }
        guard parts.count == 3 else { return false }
        let date = DateComponents(
            calendar: Calendar(identifier: .gregorian),
            year: parts[0],
            month: parts[1],
            day: parts[2]
        )
        return date.isValidDate
    }
}
