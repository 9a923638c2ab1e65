import Foundation
import Testing

@testable import ChantDomain

@Suite("Lists of specs")
struct SpecListsTests {
    private let project: ListedProject

    init() throws {
        project = try ListedProject()
    }

    private func fill() throws {
        try project.write("2026-01-01-001-aaa", "status: completed\nlabels: [x, y]\ncompleted_at: 2026-02-01T00:00:00Z")
        try project.write("2026-01-02-001-bbb", "status: failed\ntype: task\nlabels: [y]", body: "# Needle\n")
        try project.write("2026-01-03-001-ccc", "depends_on: [2026-01-02-001-bbb]", body: "# T\n\nA NEEDLE of É.\n")
        try project.write("2026-01-04-001-ddd", "approval: { required: true, status: pending }")
        try project.write("2026-01-05-001-eee", "status: cancelled")
        try project.write("other", "labels: [z]\ncompleted_at: 2026-01-15")
        try project.write("broken", "status: odd")
        try project.write("2025-01-01-001-old", "status: completed", body: "# Needle\n", archived: true)
        try project.write("2025-01-01-002-off", "status: cancelled", archived: true)
        for (place, name) in ["2026-01-04-001-ddd", "other", "2026-01-01-001-aaa"].enumerated() {
            try project.date(name, 1_000_000 + place)
        }
    }

    @Test("filters narrow each other, and orders have the id as tie-break", arguments: ListQueries.filters.indices)
    func narrows(number: Int) async throws {
        try fill()
        let (query, expected) = ListQueries.filters[number]
        let ids = try await project.ids(query).map { $0.split(separator: "-").last.map(String.init) ?? "" }
        #expect(ids.joined(separator: " ") == expected)
        #expect(try await project.page(query, from: .start, limit: 1).total == ids.count)
    }

    @Test("times count as they are shown: of one millisecond the id decides, and a shown time finds nothing twice")
    func milliseconds() async throws {
        for (id, nanoseconds) in [("a", 521_900_000), ("b", 521_100_000), ("c", 522_000_000)] {
            try project.write(id)
            try project.date(id, 1_800_000_000, nanoseconds: nanoseconds)
        }
        let order = ListQueries.query { $0.order = SpecOrder(.updatedAt) }
        #expect(try await project.ids(order) == ["a", "b", "c"])
        let shown = try Date(
            "2027-01-15T08:00:00.521Z",
            strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true)
        )
        #expect(try await project.ids(ListQueries.query { $0.updatedAfter = shown }) == ["c"])
    }

    @Test("equal queries have one canonical text, different ones do not")
    func canonical() {
        #expect(Set(ListQueries.filters.map(\.0.canonical)).count == Set(ListQueries.filters.map(\.0)).count)
    }

    @Test(
        "a walk has everything once that is there throughout, whatever changes and restarts",
        arguments: ListQueries.orders
    )
    func walks(order: SpecOrder) async throws {
        for seed in UInt64(1)...12 {
            let project = try ListedProject()
            var numbers = SeededNumbers(seed: seed)
            var steady: Set<String> = []
            for number in 0..<30 {
                let id = "s\(number)"
                try project.write(id, "completed_at: 2026-01-\(10 + number % 7)T00:00:00Z")
                try project.date(id, 1_000_000 + Int.random(in: 0..<20, using: &numbers))
                steady.insert(id)
            }
            try project.folder.write("x", to: "specs/deep/s3.md")
            var lists = project.lists
            var seen: [String] = []
            var place: SpecPlace? = .start
            while let from = place {
                let limit = Int.random(in: 1...5, using: &numbers)
                let page = try await project.page(
                    ListQueries.query { $0.order = order },
                    from: from,
                    limit: limit,
                    lists: lists
                )
                #expect(page.ids.count <= limit)
                seen += page.ids
                place = page.next
                for _ in 0..<4 {
                    let id = "s\(Int.random(in: 0..<30, using: &numbers))"
                    switch Int.random(in: 0..<6, using: &numbers) {
                    case 0:
                        steady.remove(id)
                        try? FileManager.default.removeItem(atPath: project.folder.path("specs/\(id).md"))
                    case 1: try project.write("n\(Int.random(in: 0..<99, using: &numbers))", "status: pending")
                    case 2: lists = project.restarted()
                    default:
                        guard steady.contains(id) else { continue }
                        try project.write(id, "completed_at: 2026-0\(Int.random(in: 1...9, using: &numbers))-01")
                        try project.date(id, 1_000_000 + Int.random(in: 0..<30, using: &numbers))
                    }
                }
            }
            #expect(Set(seen).count == seen.count, "seed \(seed): \(seen)")
            #expect(steady.subtracting(seen).isEmpty, "seed \(seed)")
        }
    }

    @Test("a walk of which nothing is kept cannot go on")
    func lostWalk() async throws {
        try fill()
        let query = ListQueries.query { $0.order = SpecOrder(.updatedAt) }
        let page = try await project.page(query, from: .start, limit: 2)
        let next = try #require(page.next)
        try FileManager.default.removeItem(atPath: project.journal.folder.path + "/walks")
        let lists = project.restarted()
        await #expect(throws: SpecListError.self) { try await project.page(query, from: next, limit: 2, lists: lists) }
        #expect(WalkID("../../etc/passwd") == nil && WalkID("0123456789ABCDEF") == nil)
    }

    @Test("the generation grows with everything that lists show, and with nothing else")
    func generations() async throws {
        try project.write("a", "status: in_progress", body: "## Acceptance Criteria\n\n- [ ] one\n")
        func generation() async throws -> Int { try await project.lists.moment().generation }
        let first = try await generation()
        #expect(try await generation() == first)
        try project.journal.journal.record([.serviceStarted(ServiceFacts(version: "1"))], project: "demo")
        #expect(try await generation() == first)
        try project.write("b")
        let second = try await generation()
        #expect(second > first)
        #expect(try await project.lists.moment().stale.map(\.text) == ["a"])
        let run = try project.accept("a")
        let third = try await generation()
        #expect(third > second)
        #expect(try await project.lists.moment().stale.isEmpty)
        let worktree = try ScratchFolder()
        try FileManager.default.createDirectory(
            atPath: worktree.path + "/.chant/specs",
            withIntermediateDirectories: true
        )
        try worktree.write(Array("## Acceptance Criteria\n\n- [x] one\n".utf8), to: ".chant/specs/a.md")
        try project.journal.journal.update(run.id, from: [.queued]) {
            $0.state = .preparing
            $0.worktree = worktree.path
        }
        let fourth = try await generation()
        #expect(fourth > third)
        #expect(try await project.lists.moment().criteria[specID("a")] == CriteriaCount(total: 1, checked: 1))
        try worktree.write(Array("## Acceptance Criteria\n\n- [ ] one\n- [ ] two\n".utf8), to: ".chant/specs/a.md")
        #expect(try await project.lists.moment().criteria[specID("a")] == CriteriaCount(total: 2, checked: 0))
        let fifth = try await generation()
        #expect(fifth > fourth)
        try project.journal.journal.settle(run.id) { $0.outcome = .completed }
        #expect(try await generation() > fifth)
        #expect(try await project.lists.moment().run(of: specID("a"))?.isLive == false)
        #expect(try await project.lists.moment().stale.map(\.text) == ["a"])
    }

    @Test("a page computes its own rows and no others, and a list is selected once for each generation")
    func work() async throws {
        for number in 0..<300 { try project.write("s\(number)", number % 3 == 0 ? "status: failed" : "") }
        let query = ListQueries.query { $0.statuses = [.failed] }
        var place: SpecPlace? = .start
        for _ in 0..<5 {
            place = try await project.page(query, from: try #require(place), limit: 10).next
        }
        #expect(project.lists.work == SpecLists.Work(selections: 1, views: 50))
        try project.write("s0", "status: pending")
        #expect(try await project.page(query, from: .start, limit: 10).total == 99)
        #expect(project.lists.work == SpecLists.Work(selections: 2, views: 60))
    }

    @Test("a search reads a file once, and again only when it has changed")
    func searching() async throws {
        for number in 0..<20 { try project.write("s\(number)", body: "# T\n\nword\(number).\n") }
        let search = SpecSearch(projectFolder: project.folder.root)
        let rows = try await project.store.index().rows
        #expect(await search.rows(with: "WORD1.", in: rows).map(\.id) == ["s1"])
        #expect(await search.readings == 20)
        #expect(await search.rows(with: "WORD1.", in: rows).map(\.id) == ["s1"])
        #expect(await search.readings == 20)
        try project.write("s2", body: "word1.")
        let changed = try await project.store.index().rows
        #expect(await search.rows(with: "WORD1.", in: changed).map(\.id) == ["s1", "s2"])
        #expect(await search.readings == 21)
    }

    @Test("R10: the list says of each spec what the gates say of it, circles included")
    func readiness() async throws {
        var numbers = SeededNumbers(seed: 3)
        for number in 0..<60 {
            let others = (0..<Int.random(in: 0...2, using: &numbers)).map { _ in
                "s\(Int.random(in: 0..<64, using: &numbers))"
            }
            let status = ["pending", "pending", "pending", "completed"].randomElement(using: &numbers) ?? ""
            try project.write("s\(number)", "status: \(status)\ndepends_on: [\(others.joined(separator: ", "))]")
        }
        let index = try await project.store.index()
        let page = try await project.lists.page(
            SpecQuery(),
            from: .start,
            limit: 500,
            at: try await project.lists.moment()
        )
        var reasons: Set<BlockReason> = []
        for item in page.items {
            guard case .readable(let view) = item else { continue }
            let blockers = Readiness.blockers(of: view.spec, in: index)
            #expect(view.blockedBy == blockers, "\(view.spec.id)")
            #expect(
                view.ready == (Readiness.of(view.spec, in: index, askedByName: false, hasLiveRun: false) == .ready)
            )
            reasons.formUnion(blockers.map(\.why))
        }
        #expect(reasons == [.status, .missing, .cycle])
    }

    @Test("a chain of thousands is no deeper than a thread, and costs each spec once")
    func longChain() throws {
        let count = 3000
        let specs = try (0..<count).map { number in
            try readSpec("---\ndepends_on: [s\(number + 1 == count ? 0 : number + 1)]\n---\n", id: "s\(number)")
        }
        let index = SpecIndex(specs: specs)
        var circles = WaitingCircles(index: index)
        for spec in specs {
            #expect(Readiness.blockers(of: spec, in: index, &circles).map(\.why) == [.cycle])
        }
    }
}
