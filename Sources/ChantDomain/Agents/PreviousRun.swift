/// What an agent is told about the run of its spec before this one: `{{previous}}` (R68).
struct PreviousRun: Sendable, Equatable {
    /// How it ended.
    var outcome: RunOutcome
    /// Why, in one word.
    var reason: RunReason?
    /// Why, in a sentence.
    var detail: String?
    /// The texts of the boxes that it left open.
    var openCriteria: [String] = []
    /// The last lines of its log, as view `text` shows them.
    var logEnd: [String] = []

    /// How many lines of the log's end there are at most.
    static let logLines = 50
    /// How long each may be: some agents print a whole file as one line.
    private static let longestLine = 500

    /// The section that stands for the placeholder.
    var text: String {
        let why = reason.map { " (\($0.rawValue))" } ?? ""
        var parts = ["## The Previous Attempt", "The last run of this spec ended as \(outcome.rawValue)\(why)."]
        if let detail { parts.append(detail) }
        if !openCriteria.isEmpty {
            parts.append(
                "It left these criteria open:\n\n" + openCriteria.map { "- [ ] \($0)" }.joined(separator: "\n")
            )
        }
        let lines = logEnd.suffix(Self.logLines)
        if !lines.isEmpty { parts.append("The end of its log:\n\n" + Self.fenced(Array(lines))) }
        return parts.joined(separator: "\n\n")
    }

    /// Lines of a log as a block of code: whatever was printed, the block ends where it should.
    static func fenced(_ lines: [String]) -> String {
        let lines = lines.map(shortened)
        let fence = String(repeating: "`", count: max(3, lines.map(longestTicks).max().map { $0 + 1 } ?? 3))
        return "\(fence)text\n\(lines.joined(separator: "\n"))\n\(fence)"
    }

    private static func shortened(_ line: String) -> String {
        line.count > longestLine ? line.prefix(longestLine) + "…" : line
    }

    private static func longestTicks(_ line: String) -> Int {
        var longest = 0
        var present = 0
        for byte in line.utf8 {
            present = byte == UInt8(ascii: "`") ? present + 1 : 0
            longest = max(longest, present)
        }
        return longest
    }
}
