import Foundation

/// Times as text.
enum Timestamps {
    /// UTC with seconds, as frontmatter has it: `2026-02-03T22:23:56Z`.
    static func seconds(_ date: Date) -> String {
        date.formatted(.iso8601)
    }

    /// UTC with milliseconds, as runs carry them: `2026-02-03T22:23:56.120Z`.
    static func milliseconds(_ date: Date) -> String {
        // Rounded as the answers' own times are; the format cuts off.
        let rounded = ((date.timeIntervalSince1970 * 1000).rounded() + 0.25) / 1000
        return Date(timeIntervalSince1970: rounded).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
