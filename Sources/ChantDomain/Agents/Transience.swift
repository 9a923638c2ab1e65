import Foundation

/// Whether an agent failed for a reason that passes, so that the same run may succeed later (R50); pure.
///
/// The status with which a model's interface refused counts first; where an agent's output has none, the end of its text.
struct Transience: Sendable, Equatable {
    /// The texts of the rules.
    static let texts = ["rate limit", "overloaded", "too many requests", "429", "529"]
    /// How many lines of a run's end are looked at.
    static let lines = 50
    /// No other program's word keeps a run waiting longer.
    private static let longestWait: Double = 24 * 3600

    /// The texts that are looked for.
    var patterns: [String]

    /// Looks for the configured texts, or for those of the rules.
    init(_ keys: RetryKeys) { patterns = keys.patterns.isEmpty ? Self.texts : keys.patterns }

    /// A failure that passes.
    struct Cause: Sendable, Equatable {
        /// The text that was found, or the status.
        var word: String
        /// How long the other side asks to wait.
        var retryAfter: Duration?
    }

    /// Why the failure passes; `nil` where it does not.
    ///
    /// - Parameters:
    ///   - status: what the agent's structured output says that the model's interface answered at last.
    ///   - end: the last lines of the run's text.
    /// - Returns: the cause, with what a `retry-after` in the text asks for.
    func cause(status: Int?, end: [String]) -> Cause? {
        if let status, status >= 400 {
            guard ModelRefusal.isTransient(status) else { return nil }
            return Cause(word: "\(status)", retryAfter: Self.retryAfter(end))
        }
        let lines = end.suffix(Self.lines).map { $0.lowercased() }
        let found = patterns.first { pattern in lines.contains { Self.holds($0, pattern.lowercased()) } }
        return found.map { Cause(word: $0, retryAfter: Self.retryAfter(end)) }
    }

    /// A number is no part of a longer one: a run of 14290 tests is not refused with 429.
    private static func holds(_ line: String, _ pattern: String) -> Bool {
        guard pattern.allSatisfy(\.isNumber) else { return line.contains(pattern) }
        return line.ranges(of: pattern).contains { range in
            let before = range.lowerBound > line.startIndex ? line[line.index(before: range.lowerBound)] : " "
            let after = range.upperBound < line.endIndex ? line[range.upperBound] : " "
            return !before.isNumber && !after.isNumber
        }
    }

    /// The last `retry-after` in the text: seconds, or a number with a unit.
    private static func retryAfter(_ end: [String]) -> Duration? {
        for line in end.suffix(lines).reversed() {
            let line = line.lowercased()
            guard let range = line.firstRange(of: #/retry[-_ ]after["']?\s*[:=]?\s*["']?/#) else { continue }
            let rest = line[range.upperBound...]
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            guard let number = Double(digits), number.isFinite else { continue }
            let unit = rest[digits.endIndex...].drop { $0 == " " }
            let seconds =
                unit.hasPrefix("ms") || unit.hasPrefix("milli")
                ? number / 1000
                : unit.hasPrefix("min") ? number * 60 : number
            return .seconds(min(seconds, longestWait))
        }
        return nil
    }
}
