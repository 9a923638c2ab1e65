/// A name and an address for git commits (R62).
public struct Identity: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The name, without what git strips from names.
    public let name: String
    /// The address, without the angle brackets.
    public let email: String

    /// An identity from its parts.
    public init(name: String, email: String) {
        self.name = name
        self.email = email
    }

    /// Reads `Name <address>`; `nil` where git would not take it as it is.
    public init?(_ text: String) {
        guard let open = text.firstIndex(of: "<"), text.last == ">" else { return nil }
        let name = text[..<open].trimmingSuffix(while: { $0 == " " }).drop(while: { $0 == " " })
        let email = text[text.index(after: open)...].dropLast()
        let forbidden: Set<Character> = ["<", ">", "\n", "\r", "\0", "\r\n"]
        guard !name.isEmpty, !email.isEmpty, !email.contains(" "),
            !name.contains(where: forbidden.contains), !email.contains(where: forbidden.contains)
        else { return nil }
        self.init(name: String(name), email: String(email))
    }

    /// `Name <address>`.
    public var description: String { "\(name) <\(email)>" }
}

extension Substring {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
        var rest = self
        while let last = rest.last, predicate(last) { rest = rest.dropLast() }
        return rest
    }
}
