/// In which form a log is read.
public enum LogView: String, Sendable, CaseIterable {
    /// What a person reads: valid UTF-8 without control characters.
    case text
    /// The bytes that the agent wrote.
    case raw
    /// What a structured agent did: one JSON object a line.
    case events
}

/// A place in a log: the id of a server-sent event, with which a reader comes back (R31).
///
/// Written `<run>:<view>:<offset>`, and `<run>:<view>:<offset>:end` for the id of the event that ends a stream. The
/// log of all runs of a spec has `all` in the place of the run.
public struct LogPosition: Sendable, Hashable, CustomStringConvertible {
    /// Whose log it is.
    public enum Source: Sendable, Hashable {
        case run(RunID)
        case all
    }

    /// Whose log it is.
    public var source: Source
    /// The view that the offset counts in.
    public var view: LogView
    /// The bytes that the reader has.
    public var offset: Int
    /// Whether the reader also knows that nothing follows.
    public var isEnd: Bool

    /// A place in a log.
    public init(_ source: Source, _ view: LogView, offset: Int, isEnd: Bool = false) {
        self.source = source
        self.view = view
        self.offset = offset
        self.isEnd = isEnd
    }

    /// Parses an event's id; `nil` where none of ours looks like that.
    public init?(_ text: String) {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)
        isEnd = parts.count == 4 && parts[3] == "end"
        if isEnd { parts.removeLast() }
        guard parts.count == 3, let view = LogView(rawValue: String(parts[1])), let offset = Self.offset(parts[2])
        else {
            return nil
        }
        if parts[0] == "all" {
            source = .all
        } else if let run = RunID(String(parts[0])) {
            source = .run(run)
        } else {
            return nil
        }
        self.view = view
        self.offset = offset
    }

    /// The run, where it is the log of one.
    public var run: RunID? {
        switch source {
        case .run(let run): run
        case .all: nil
        }
    }

    /// The event's id.
    public var description: String {
        "\(run?.text ?? "all"):\(view.rawValue):\(offset)\(isEnd ? ":end" : "")"
    }

    /// Digits alone, as they are written here: no sign, no leading zero.
    private static func offset(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text == "0" || text.first != "0" else { return nil }
        return Int(text)
    }
}
