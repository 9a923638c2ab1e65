/// What the room of specs refuses, with its evidence.
public enum SpecError: Error, Sendable, Equatable {
    /// No active or archived spec has this id.
    case notFound(String)
    /// A partial id that several specs match; the candidates in list order.
    case ambiguous(String, [SpecID])
    /// The file cannot be read as a spec, and is not written either (R3).
    case unreadable(UnreadableSpec)
    /// The id is taken.
    case exists(SpecID)
    /// Other programs kept changing the file while it was to be edited (R1).
    case changedMeanwhile(SpecID)
    /// What was asked to be written is no valid spec.
    case invalid([Complaint])
    /// The spec's status does not allow it.
    case illegalTransition(InvalidTransition)
    /// Nobody asks for this word on the spec's approval now; what may be said instead.
    case illegalApproval(String, SpecID, SpecStatus, allowed: [String])
    /// An edit that this header's form does not allow.
    case header(HeaderProblem)
    /// The journal could not note the write beforehand, so nothing was written (R1).
    case intentRefused(String)
    /// Nobody can say what works on the spec; the sentence says why.
    case runsUnknown(String)
    /// The disk said no.
    case file(FileError)
}

/// What is wrong with one field of a request or of a file.
public struct Complaint: Hashable, Sendable {
    /// A JSON pointer, or empty for the whole.
    public let pointer: String
    /// What is wrong, in a sentence.
    public let detail: String

    /// A complaint about the field at `pointer`.
    public init(_ pointer: String, _ detail: String) {
        self.pointer = pointer
        self.detail = detail
    }
}

/// Why bytes cannot be read as a spec.
public struct HeaderProblem: Error, Hashable, Sendable {
    /// What is wrong, in a sentence.
    public let detail: String
    /// The line in the file, counted from 1, where it is known.
    public let line: Int?

    /// A problem at a line of the file.
    public init(_ detail: String, line: Int? = nil) {
        self.detail = detail
        self.line = line
    }
}

/// A file among the specs that cannot be read as one; it is listed all the same (R3).
public struct UnreadableSpec: Hashable, Sendable {
    /// The file's name without `.md`, whether it can be an id or not.
    public let id: String
    /// The file's path below the project's folder.
    public let path: String
    /// The first 16 digits of the bytes' digest; empty where the bytes could not be read.
    public let revision: String
    /// What is wrong, in a sentence.
    public let detail: String
    /// The line, counted from 1, where it is known.
    public let line: Int?

    /// Whether the file lies in the archive.
    var isArchived: Bool { path.split(separator: "/").dropFirst().first == "archive" }
}
