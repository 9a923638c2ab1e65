import Foundation

extension SecretValues {
    /// What programs may take for the value of a line: with or without what follows `#`, and what is escaped.
    static func values(of line: Substring) -> [String] {
        guard let text = text(of: line) else { return [] }
        guard let quote = text.first, quote == "\"" || quote == "'" else {
            guard let comment = text.firstRange(of: /\s+#/) else { return [String(text)] }
            return [String(text[..<comment.lowerBound]), String(text)]
        }
        guard let inside = inside(text, quote) else { return [String(text)] }
        let rest = text[inside.endIndex...].dropFirst().trimmingCharacters(in: .whitespaces)
        var values = rest.isEmpty ? [String(inside)] : [String(text)]
        if rest.hasPrefix("#") { values.append(String(inside)) }
        if quote == "\"", inside.contains("\\") { values.append(unescaped(inside)) }
        return values
    }

    /// What stands between quotation marks at the beginning.
    private static func inside(_ text: Substring, _ quote: Character) -> Substring? {
        var index = text.index(after: text.startIndex)
        while index < text.endIndex, text[index] != quote {
            let isEscape = quote == "\"" && text[index] == "\\"
            _ = text.formIndex(&index, offsetBy: isEscape ? 2 : 1, limitedBy: text.endIndex)
        }
        return index < text.endIndex ? text[text.index(after: text.startIndex)..<index] : nil
    }

    private static func unescaped(_ text: Substring) -> String {
        let letters: [Character: Character] = ["n": "\n", "r": "\r", "t": "\t", "\"": "\"", "\\": "\\", "$": "$"]
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                result += letters[character].map { String($0) } ?? "\\\(character)"
            } else if character != "\\" {
                result.append(character)
            }
            isEscaped = !isEscaped && character == "\\"
        }
        return result
    }

    private static func text(of line: Substring) -> Substring? {
        var rest = line.trimmingCharacters(in: .whitespaces)[...]
        guard !rest.isEmpty, !rest.hasPrefix("#") else { return nil }
        if rest.hasPrefix("export ") { rest = rest.dropFirst("export ".count) }
        if let equals = rest.firstIndex(of: "="), equals != rest.startIndex,
            rest[..<equals].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }),
            !rest[equals...].allSatisfy({ $0 == "=" }) || rest[equals...].count == 1
        {
            rest = rest[rest.index(after: equals)...]
        }
        let text = rest.trimmingCharacters(in: .whitespaces)[...]
        return text.isEmpty ? nil : text
    }

    /// What is secret in `scheme://user:password@host`, as it is and decoded; without a password, a user's name that is
    /// long enough for a key.
    static func passwords(in value: some StringProtocol) -> Set<String> {
        guard let scheme = value.range(of: "://") else { return [] }
        let authority = value[scheme.upperBound...].prefix { !"/?#".contains($0) }
        guard let at = authority.lastIndex(of: "@") else { return [] }
        let user = authority[..<at]
        let password: String
        if let colon = user.firstIndex(of: ":") {
            password = String(user[user.index(after: colon)...])
        } else {
            password = user.utf8.count >= shortestKey ? String(user) : ""
        }
        return Set([password, password.removingPercentEncoding ?? password].filter { !$0.isEmpty })
    }

    private static let shortestKey = 20

    /// The passwords in a repository's configuration: `git remote -v` shows them to everybody.
    static func passwords(inConfigurationOf repository: Repository) -> Set<String> {
        guard let bytes = try? LogFile(path: "\(repository.commonDir)/config").read(from: 0, limit: longestFile) else {
            return []
        }
        let words = String(decoding: bytes, as: UTF8.self).split { $0.isWhitespace || $0 == "\"" }
        return words.reduce(into: []) { $0.formUnion(passwords(in: $1)) }
    }
}
