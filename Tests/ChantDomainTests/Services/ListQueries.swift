import Foundation

@testable import ChantDomain

/// Queries with what they find in the filled project.
enum ListQueries {
    static func query(_ change: (inout SpecQuery) -> Void) -> SpecQuery {
        var query = SpecQuery()
        change(&query)
        return query
    }

    static let filters: [(SpecQuery, String)] = [
        (SpecQuery(), "aaa bbb ccc ddd broken? other"),
        (query { $0.statuses = [.completed] }, "aaa"),
        (query { $0.statuses = [.failed, .cancelled] }, "bbb eee"),
        (query { $0.kinds = [.task] }, "bbb"),
        (query { $0.labels = ["x", "z"] }, "aaa other"),
        (query { $0.ready = true }, "other"),
        (query { $0.ready = false }, "aaa bbb ccc ddd"),
        (query { $0.approval = .pending }, "ddd"),
        (query { $0.approval = .approved }, ""),
        (query { $0.text = "needle" }, "bbb ccc"),
        (query { $0.text = "é." }, "ccc"),
        (query { $0.text = "01-03" }, "ccc"),
        (query { $0.text = "status" }, ""),
        (query { $0.createdAfter = LocalDay(year: 2026, month: 1, day: 3) }, "ccc ddd"),
        (query { $0.updatedAfter = Date(timeIntervalSince1970: 1_000_001) }, "aaa bbb ccc"),
        (query { $0.archived = true }, "old"),
        (
            query {
                $0.archived = true
                $0.statuses = [.cancelled, .completed]
            }, "old off"
        ),
        (
            query {
                $0.archived = true
                $0.text = "needle"
            }, "old"
        ),
        (
            query {
                $0.labels = ["y"]
                $0.statuses = [.completed]
            }, "aaa"
        ),
        (query { $0.order = SpecOrder(.id, isDescending: true) }, "other broken? ddd ccc bbb aaa"),
        (query { $0.order = SpecOrder(.completedAt) }, "other aaa bbb ccc ddd broken?"),
        (query { $0.order = SpecOrder(.completedAt, isDescending: true) }, "aaa other bbb ccc ddd broken?"),
        (
            query {
                $0.order = SpecOrder(.updatedAt)
                $0.labels = ["x", "z"]
            }, "other aaa"
        ),
        (
            query {
                $0.order = SpecOrder(.updatedAt, isDescending: true)
                $0.labels = ["x", "z"]
            }, "aaa other"
        ),
    ]

    static let orders = SpecOrder.Key.allCases.flatMap { [SpecOrder($0), SpecOrder($0, isDescending: true)] }
}
