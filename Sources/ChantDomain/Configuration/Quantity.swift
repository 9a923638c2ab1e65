/// The spellings of durations and sizes in a configuration: a whole number and a unit, without a space.
public enum Quantity {
    /// Reads `200ms`, `90s`, `30m` or `2h`; `nil` for everything else.
    public static func duration(_ text: String) -> Duration? {
        guard let (number, unit) = split(text) else { return nil }
        switch unit {
        case "ms": return .milliseconds(number)
        case "s": return .seconds(number)
        case "m": return multiplied(number, by: 60).map { .seconds($0) }
        case "h": return multiplied(number, by: 3600).map { .seconds($0) }
        default: return nil
        }
    }

    /// Reads `4096`, `4096B`, `512KiB`, `256MiB`, `2GiB` or `1TiB` as bytes; `nil` for everything else.
    public static func size(_ text: String) -> Int? {
        guard let (number, unit) = split(text) else { return nil }
        switch unit {
        case "", "B": return number
        case "KiB": return multiplied(number, by: 1 << 10)
        case "MiB": return multiplied(number, by: 1 << 20)
        case "GiB": return multiplied(number, by: 1 << 30)
        case "TiB": return multiplied(number, by: 1 << 40)
        default: return nil
        }
    }

    /// Writes a duration as `duration(_:)` reads it, in the largest unit that leaves a whole number.
    public static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = attoseconds / 1_000_000_000_000_000
        if milliseconds != 0 { return "\(seconds * 1000 + milliseconds)ms" }
        if seconds != 0, seconds % 3600 == 0 { return "\(seconds / 3600)h" }
        if seconds != 0, seconds % 60 == 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }

    /// At most 15 digits: enough for every real limit, and far from any overflow of the arithmetic that follows.
    private static func split(_ text: String) -> (number: Int, unit: Substring)? {
        let digits = text.prefix(while: { $0.isASCII && $0.isNumber })
        guard digits.count <= 15, let number = Int(digits) else { return nil }
        return (number, text[digits.endIndex...])
    }

    private static func multiplied(_ number: Int, by factor: Int) -> Int? {
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }
}
