/// What happened to the files of one id, as the index saw it.
public struct SpecFileChange: Sendable, Equatable {
    /// What happened.
    public enum Kind: Sendable, Equatable {
        case created
        case edited
        case removed
        /// Another status, whatever else changed with it.
        case status(from: SpecStatus, to: SpecStatus)
    }

    /// The files' name without `.md`.
    public let id: String
    /// What happened.
    public let kind: Kind
    /// The spec's status now, if it can be read.
    public let status: SpecStatus?
    /// The revision now; `nil` where the file is gone or its bytes cannot be read.
    public let revision: String?
    /// Whether the service did it itself, by a way around the store (git's own fast-forward).
    public internal(set) var isOwn = false

    /// The difference between the rows of an id before and now; `nil` where only times differ.
    init?(_ id: String, from old: [SpecRow], to new: [SpecRow]) {
        let before = old.first?.spec?.status
        let now = new.first?.spec?.status
        if old.isEmpty && new.isEmpty { return nil }
        if old.isEmpty {
            kind = .created
        } else if new.isEmpty {
            kind = .removed
        } else if let before, let now, before != now {
            kind = .status(from: before, to: now)
        } else {
            let isSame = old.count == new.count && zip(old, new).allSatisfy { $0.hasSameContent(as: $1) }
            if isSame { return nil }
            kind = .edited
        }
        self.id = id
        status = now
        revision = new.first?.revision
    }
}

extension SpecRow {
    /// The revision of the bytes; `nil` where they cannot be read.
    var revision: String? {
        spec?.revision ?? unreadable.flatMap { $0.revision.isEmpty ? nil : $0.revision }
    }

    fileprivate func hasSameContent(as other: SpecRow) -> Bool {
        path.hasSameBytes(as: other.path) && revision == other.revision && unreadable == other.unreadable
    }
}
