/// Why a project is not served: a sentence for a person, and what kind of trouble it is.
public struct DomainStartError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is; the exit code follows from it.
    public enum Kind: Sendable {
        /// The project, or its repository, cannot be used.
        case projectUnusable
        /// The project or the state folder is held by another service.
        case heldByOther
        /// The state folder's disk has no room for what must be written first.
        case diskFull
        /// The configuration, the state folder or the journal cannot be used.
        case configuration
    }

    /// The kind.
    public let kind: Kind
    /// What is wrong and what to do.
    public let sentence: String

    /// The journal could not be used.
    init(_ error: JournalError) {
        self =
            error.isDiskFull
            ? DomainStartError(.diskFull, "\(error) Make room in the state folder's file system, and start again.")
            : DomainStartError(.configuration, "\(error)")
    }

    init(_ kind: Kind, _ sentence: String) {
        self.kind = kind
        self.sentence = sentence
    }

    /// The sentence.
    public var description: String { sentence }
}
