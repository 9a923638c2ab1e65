import ChantDomain
import Foundation

/// Where the next page of a list begins, as clients carry it: opaque, and good for one list with one query.
struct Cursor: Sendable, Equatable {
    /// What tells one list and query from every other.
    struct List: Sendable, Equatable {
        let digest: String

        /// The list of this name with this query: equal texts, equal lists.
        init(_ name: String, _ query: String) {
            digest = Digest(of: Array("\(name)\u{0}\(query)".utf8)).short16
        }
    }

    private static let version = "1"
    private static let longest = 8192

    let list: List
    /// The place, in words of the list's own.
    let place: [String]

    init(_ list: List, _ place: [String]) {
        self.list = list
        self.place = place
    }

    /// As it stands in a query: base 64 with `-` and `_`.
    var text: String {
        let plain = ([Self.version, list.digest] + place).joined(separator: "\u{0}")
        let coded = Data(plain.utf8).base64EncodedString()
        return String(coded.replacing("+", with: "-").replacing("/", with: "_").prefix { $0 != "=" })
    }

    /// The place that a request's `cursor` means in `list`; `nil` where it has none.
    ///
    /// - Throws: 400 `bad-cursor` for what no list has given, or another one.
    static func place(in query: QueryItems, of list: List) throws(Problem) -> [String]? {
        guard let text = try query.single("cursor") else { return nil }
        guard let parts = parts(text), parts.count > 2, parts[0] == version else {
            throw unknown
        }
        guard parts[1] == list.digest else { throw bad("The cursor belongs to another list, or to another query.") }
        return Array(parts[2...])
    }

    /// The place in a list by ids: behind the one that a request's `cursor` names.
    static func id<ID>(in query: QueryItems, of list: List, _ read: (String) -> ID?) throws(Problem) -> ID? {
        guard let words = try place(in: query, of: list) else { return nil }
        guard words.count == 1, let id = read(words[0]) else { throw unknown }
        return id
    }

    /// 400 `bad-cursor` for what no list has given.
    static var unknown: Problem { bad("The cursor is none that this service has given.") }

    /// 400 `bad-cursor`.
    static func bad(_ detail: String) -> Problem {
        Problem(.badCursor, detail: "\(detail) Ask for the first page again, without a cursor.")
    }

    private static func parts(_ text: String) -> [String]? {
        guard text.utf8.count <= longest else { return nil }
        let coded = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - coded.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: coded + padding), let plain = String(validating: data, as: UTF8.self)
        else { return nil }
        return plain.split(separator: "\u{0}", omittingEmptySubsequences: false).map(String.init)
    }
}
