public import Foundation

/// Where a run's evidence lies: `<state>/runs/<run>/` and each file in it.
///
/// From these files a lost journal is rebuilt, and an agent that outlives the service is found again.
public struct RunFolder: Sendable, Hashable {
    /// The folder's path.
    public let path: String
    /// The run that it belongs to.
    public let run: RunID

    /// The folder of a run below a state folder; makes nothing.
    public init(stateFolder: String, run: RunID) {
        path = "\(stateFolder)/runs/\(run)"
        self.run = run
    }

    /// What the run is: project, spec, branch, worktree.
    public var runFile: String { path + "/run.json" }
    /// The run while it waits; once it is begun, `runFile` counts.
    var waitingFile: String { path + "/waiting.json" }
    /// Identities of the supervisor and its agent.
    public var processFile: String { path + "/process.json" }
    /// The message that the agent gets.
    public var promptFile: String { path + "/prompt.md" }
    /// What the agent wrote to its standard output (R31).
    public var outFile: String { path + "/out.log" }
    /// What it wrote to its standard error, where that is kept apart.
    public var errFile: String { path + "/err.log" }
    /// Decoded text of a structured agent.
    public var textFile: String { path + "/text.log" }
    /// What a structured agent did, as one JSON object a line.
    public var eventsFile: String { path + "/events.log" }
    /// How far the two decoded files are.
    var decodedFile: String { path + "/decoded" }
    /// When the output had which size.
    public var timesFile: String { path + "/times" }
    /// How the agent ended.
    public var exitFile: String { path + "/exit.json" }
    /// Touched while the supervisor lives.
    public var heartbeatFile: String { path + "/heartbeat" }
    /// The spec's bytes as placed in the worktree.
    public var specBeforeFile: String { path + "/spec.before" }
    /// The spec's bytes as the agent left them there.
    public var specAfterFile: String { path + "/spec.after" }
    /// Where this run's text begins in the spec's log of all runs.
    var transcriptFile: String { path + "/transcript" }

    /// How much output there is, and when it last grew; no time where there is none yet.
    public var outputFigures: (bytes: Int, changedAt: Date?) {
        let file = LogFile(path: outFile)
        guard let size = try? file.size(), let changed = file.changedAt else { return (0, nil) }
        return (size, changed)
    }

    /// Adds a line of the service's own to the run's log, such as what git said when a worktree could not be made (R20).
    ///
    /// Only before the agent's start and after its end, so that the agent's lines stay whole. A line that cannot be
    /// written is let go: what it tells is in the run's problem as well.
    func note(_ line: String) {
        endLine()
        try? LogFile(path: outFile).append(Array((line + "\n").utf8)[...], mode: 0o600)
    }

    /// Ends a line that a program has left unfinished, so that what follows is none of it.
    func endLine() {
        let file = LogFile(path: outFile)
        guard let size = try? file.size(), size > 0,
            let last = try? file.read(from: size - 1, limit: 1), last != [Byte.lineFeed]
        else { return }
        try? file.append([Byte.lineFeed], mode: 0o600)
    }
}
