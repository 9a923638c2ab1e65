import Foundation

/// Times as text.
enum Timestamps {
    /// UTC with seconds, as frontmatter has it: `2026-02-03T22:23:56Z`.
    static func seconds(_ date: Date) -> String {
        date.formatted(.iso8601)
    }
}
