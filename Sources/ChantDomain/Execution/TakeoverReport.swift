import Foundation

/// What a person who takes a spec over should know of the run that was stopped for it.
///
/// Read from the run's own log, masked like all that leaves the service (R34). It answers the request, and stands in the
/// spec's body afterwards.
public struct TakeoverReport: Sendable, Equatable {
    /// The heading below which it stands in the spec.
    static let heading = "Takeover Analysis"
    /// How many lines of the log's end it shows.
    static let tailLines = 50
    /// How many it looks through.
    private static let linesRead = 2000

    /// The run that was stopped.
    public let run: RunID
    /// What its log says, in a few sentences.
    public let analysis: String
    /// The end of its log.
    public let logTail: [String]
    /// What to do next.
    public let suggestion: String
    /// Where its work lies; `nil` where no worktree was made, or it is gone.
    public let worktreePath: String?

    /// Reads what there is; a log that cannot be read has no lines.
    init(of run: Run, in folder: RunFolder, masking redactor: SecretRedactor) {
        let lines = Self.lines(of: run, folder, redactor)
        let findings = LogFindings(lines)
        self.run = run.id
        analysis = findings.sentences(of: run, hasMore: lines.count >= Self.linesRead)
        logTail = Array(lines.suffix(Self.tailLines))
        let exists = run.worktree.map { FileManager.default.fileExists(atPath: $0) } ?? false
        worktreePath = exists ? run.worktree : nil
        suggestion = findings.suggestion(hasWorktree: exists)
    }

    private static func lines(of run: Run, _ folder: RunFolder, _ redactor: SecretRedactor) -> [String] {
        do throws(LogError) {
            let reader = LogReader(folder, .text, Provider(run.provider).dialect, agentStarted: false)
            return try reader.masking(by: redactor).lastLines(linesRead)
        } catch {
            return []
        }
    }

    /// The section's text.
    var section: String {
        let place =
            worktreePath.map { "`\($0)`" }
            ?? "There is no worktree any more, or none was made; what was committed is on the spec's branch."
        let tail = logTail.isEmpty ? "The log is empty." : PreviousRun.fenced(logTail)
        return [
            analysis, "### Recent Log Activity", tail, "### Worktree Location", place, "### Recommendation", suggestion,
        ].joined(separator: "\n\n")
    }
}

/// What the lines of a log tell at a glance.
private struct LogFindings {
    private static let errorWords = ["error", "failed", "panic", "exception", "fatal"]
    private static let endWords = ["done", "completed", "finished", "all tests pass"]

    let count: Int
    /// The first three lines that speak of an error.
    let errors: [String]
    /// How often each tool was named, as decoded logs name them.
    let tools: [(name: String, count: Int)]
    let speaksOfItsEnd: Bool

    init(_ lines: [String]) {
        func has(_ line: String, _ words: [String]) -> Bool {
            let line = line.lowercased()
            return words.contains { line.contains($0) }
        }
        count = lines.count
        errors = lines.lazy.filter { has($0, Self.errorWords) }.prefix(3).map { String($0.prefix(200)) }
        speaksOfItsEnd = lines.suffix(10).contains { has($0, Self.endWords) }
        var named: [String: Int] = [:]
        for line in lines where line.hasPrefix("[") {
            let name = line.dropFirst().prefix { $0 != "]" }
            guard line.dropFirst(name.count + 1).first == "]", name.first?.isUppercase == true else { continue }
            named[String(name), default: 0] += 1
        }
        tools = named.map { ($0.key, $0.value) }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    func sentences(of run: Run, hasMore: Bool) -> String {
        var parts = ["Run \(run.id) of agent \(run.agent) was stopped so that a person can take the work over."]
        switch count {
        case 0: parts.append("It had written nothing.")
        case 1: parts.append("It had written one line.")
        default: parts.append("It had written \(hasMore ? "more than " : "")\(count) lines.")
        }
        if !tools.isEmpty {
            parts.append("It used " + tools.prefix(5).map { "\($0.name) (\($0.count))" }.joined(separator: ", ") + ".")
        }
        if !errors.isEmpty {
            let shown = PreviousRun.fenced(errors)
            parts.append("Its log speaks of errors, first:\n\n\(shown)")
        }
        if speaksOfItsEnd { parts.append("Its last lines sound as if it had come to an end.") }
        return parts.joined(separator: errors.isEmpty ? " " : "\n\n")
    }

    func suggestion(hasWorktree: Bool) -> String {
        if count == 0 || !hasWorktree { return "Nothing shows what was done: start the spec again, or resume it." }
        if speaksOfItsEnd {
            return "Look at the branch: if the work is done, commit what is left and merge it; else resume the spec."
        }
        if !errors.isEmpty {
            return "Look at the errors above first; then mend them in the worktree and commit, or say in the spec how "
                + "to go on, and resume it."
        }
        return "Go on in the worktree and commit there, or say in the spec how to go on, and resume it."
    }
}

/// A report on its way into the three versions of a spec that are merged when its work is finished (R57).
///
/// In all three it is the same, so that it stands in nobody's way there.
struct TakeoverNote: Sendable {
    let run: RunID
    let text: String

    /// A report's section; the one that a document has of this run already, where a crash came after it was written.
    init(_ report: TakeoverReport, knownIn document: SpecDocument?) {
        run = report.run
        text = document.flatMap { Self.section(of: report.run, in: $0) } ?? report.section
    }

    /// The document with the section at its end; as it is where it has it, or cannot take one.
    func added(to document: SpecDocument) -> SpecDocument {
        guard Self.section(of: run, in: document) == nil else { return document }
        return (try? document.appendingSection(TakeoverReport.heading, text: text)) ?? document
    }

    private static func section(of run: RunID, in document: SpecDocument) -> String? {
        document.sections.filter { $0.heading == TakeoverReport.heading }.map(document.text)
            .first { $0.contains(run.text) }.map { String($0.drop { $0.isNewline }) }
    }
}
