public import Foundation

/// Which log somebody wants, in which form and from where.
public struct LogRequest: Sendable {
    /// Whose log.
    public enum Subject: Sendable, Hashable {
        /// That of one run.
        case run(RunID)
        /// That of the spec's live run, else of its latest, else the file that the original wrote.
        case spec(SpecID)
        /// The file of all runs, `.chant/logs/<id>.log`.
        case allRuns(SpecID)
    }

    /// Where to begin.
    public enum Start: Sendable, Hashable {
        case beginning
        /// So many lines before the end.
        case tail(Int)
        /// A byte of the log.
        case offset(Int)
        /// What was written from this moment on, to a second.
        case since(Date)
        /// Behind what a reader has already.
        case after(LogPosition)
    }

    /// Whose log.
    public var subject: Subject
    /// The form in which it is wanted.
    public var view: LogView
    /// Whether view `text` keeps escape sequences.
    public var keepsEscapes: Bool
    /// Where to begin.
    public var start: Start
    /// Whether reading goes on until the run has ended.
    public var follows: Bool

    /// A request for a log.
    public init(
        _ subject: Subject,
        view: LogView = .text,
        keepsEscapes: Bool = false,
        start: Start = .beginning,
        follows: Bool = true
    ) {
        self.subject = subject
        self.view = view
        self.keepsEscapes = keepsEscapes
        self.start = start
        self.follows = follows
    }
}

/// Why a log is not given.
public enum LogServiceError: Error, Sendable {
    /// The journal knows no such run.
    case runNotFound(RunID)
    /// No run has worked the spec, neither ours nor the original's.
    case neverRun(SpecID)
    /// The reader has all of it, the end included.
    case finished
    /// The file was removed.
    case gone(path: String)
    /// A plain reader asks for bytes that are not there.
    case beyondEnd(offset: Int, size: Int)
    /// A plain reader comes with the position of another log or view.
    case otherLog(LogPosition)
    /// The agent writes plain text, so that there are no events.
    case noEvents
    /// The log has no times.
    case noTimes
    /// The log could not be read.
    case log(LogError)
    /// The journal could not be read.
    case journal(JournalError)
}

/// What a reader of a log's stream gets.
public enum LogEvent: Sendable, Equatable {
    /// Why a position could not be used.
    public enum ResetReason: String, Sendable, CaseIterable {
        /// The log is shorter.
        case beyondEnd = "beyond-end"
        /// It counts in another view.
        case otherView = "other-view"
        /// It is of a run that this log is not about.
        case otherLog = "other-log"
        /// It is of a run whose log is gone.
        case logGone = "log-gone"
    }

    /// A line, or a part of a very long one, and the place after it.
    case line(LogLine, LogPosition)
    /// From here on the log of this run.
    case run(RunID, LogPosition)
    /// The reader's position cannot be used; from the start of what there is.
    case reset(ResetReason, LogPosition)
    /// All was given and the run has ended; of a file that only the original wrote, without a run.
    case end(RunID?, RunOutcome?, RunReason?, LogPosition)
}
