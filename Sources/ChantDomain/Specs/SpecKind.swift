/// What a spec is for: its `type` in the file.
public enum SpecKind: String, CaseIterable, Sendable, Codable {
    case code
    case task
    case driver
    case documentation
    case research
    case group
    case conflict

    /// Reads the file's word; `docs` is an old word for `documentation` (R4).
    public init?(word: String) {
        guard let kind = word == "docs" ? .documentation : SpecKind(rawValue: word) else { return nil }
        self = kind
    }

    /// Whether specs of this type are never executed themselves, members or not (R9).
    public var isDriver: Bool { self == .driver || self == .group }
}
