/// What a supervisor is told on its command line.
///
/// Its environment is the agent's, and says nothing to it. Standard library only: supervisors use it.
struct SupervisorOrder: Equatable, Sendable {
    var runFolder: String
    var run: String
    var workingFolder: String
    /// The limits in milliseconds (R69).
    var wall: Int64
    var idle: Int64
    var stopGrace: Int64
    /// What both output files may hold together.
    var logBytes: Int64
    /// Whether standard error has a file of its own.
    var separateErrors: Bool
    var program: String
    var arguments: [String]

    /// The words after `supervise`.
    var commandLine: [String] {
        [
            "--run-folder", runFolder, "--run", run, "--folder", workingFolder, "--wall", String(wall),
            "--idle", String(idle), "--stop-grace", String(stopGrace), "--log-bytes", String(logBytes),
            "--errors", separateErrors ? "separate" : "merged", "--", program,
        ] + arguments
    }
}

extension SupervisorOrder {
    /// Reads what `commandLine` wrote; `nil` where a word is missing or means nothing.
    init?(commandLine words: [String]) {
        guard let end = words.firstIndex(of: "--"), end.isMultiple(of: 2), end + 1 < words.count else { return nil }
        var values: [String: String] = [:]
        for index in stride(from: 0, to: end, by: 2) { values[words[index]] = words[index + 1] }
        func number(_ name: String) -> Int64? { values[name].flatMap { Int64($0) }.flatMap { $0 < 0 ? nil : $0 } }
        guard
            let runFolder = values["--run-folder"], let run = values["--run"], let folder = values["--folder"],
            let wall = number("--wall"), let idle = number("--idle"), let grace = number("--stop-grace"),
            let logBytes = number("--log-bytes"), let errors = values["--errors"]
        else { return nil }
        self.init(
            runFolder: runFolder,
            run: run,
            workingFolder: folder,
            wall: wall,
            idle: idle,
            stopGrace: grace,
            logBytes: logBytes,
            separateErrors: errors == "separate",
            program: words[end + 1],
            arguments: Array(words[(end + 2)...])
        )
    }
}
