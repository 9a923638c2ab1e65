import Foundation
import Testing

@testable import ChantServer

@Suite("Contract: docs/api.md")
struct DocumentationTests {
    /// A request that the page shows.
    private struct Shown {
        let method: String
        let path: [String]
        let query: QueryItems
        let line: Substring
    }

    private let shown: [Shown]

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/api.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        shown = try text.split(separator: "\n").filter { $0.hasPrefix("curl ") }.map { line in
            let address = try #require(line.firstMatch(of: /\$api([^"' ]*)/), "\(line)")
            let parts = address.1.split(separator: "?", maxSplits: 1)
            return Shown(
                method: Self.method(line),
                path: parts[0].dropFirst().split(separator: "/").map(String.init),
                query: try #require(QueryItems(parsing: parts.count > 1 ? parts[1] : ""), "\(line)"),
                line: line
            )
        }
    }

    /// curl's way to say it: `-X`, or `-T` for a file that is put.
    private static func method(_ line: Substring) -> String {
        if let named = line.firstMatch(of: /-X ([A-Z]+)/) { return String(named.1) }
        return line.contains(" -T ") ? "PUT" : "GET"
    }

    private func row(_ request: Shown) -> Routes.Row? {
        Routes.rows.first { $0.method == request.method && RoutePattern($0.template)?.match(request.path) != nil }
    }

    @Test("every request that the page shows is one that the service answers")
    func shownIsThere() {
        #expect(shown.count >= Routes.rows.count)
        for request in shown {
            let known = row(request)?.query
            #expect(known != nil, "\(request.line)")
            #expect(Set(request.query.names).isSubset(of: known ?? []), "\(request.line)")
        }
    }

    @Test("every route of the service is shown")
    func thereIsShown() {
        let names = Set(shown.compactMap { row($0)?.name })
        #expect(Set(Routes.rows.map(\.name)).subtracting(names).isEmpty)
    }
}
