import Foundation
import Testing

@testable import ChantDomain

@Suite("What runs took, summed")
struct UsageSumsTests {
    private static let id = "2026-01-01-001-abc"
    private static let one = RunUsage(inputTokens: 10, outputTokens: 2, costUSD: 0.5)

    private static func settle(_ run: Run, _ usage: RunUsage?, in project: ListedProject) throws {
        try project.journal.journal.settle(run.id) { run in
            run.outcome = .failed
            run.reason = .noCommits
            run.usage = usage
        }
    }

    private static func listed(_ project: ListedProject) async throws -> RunUsage? {
        let moment = try await project.lists.moment()
        let page = try await project.lists.page(SpecQuery(), from: .start, limit: 9, at: moment)
        guard case .readable(let view) = page.items.first else { return nil }
        return view.usage
    }

    @Test("a spec in a list has the sums of its settled runs, at once")
    func lists() async throws {
        let project = try ListedProject()
        try project.write(Self.id, "status: pending")
        #expect(try await Self.listed(project) == RunUsage())
        let first = try project.accept(Self.id)
        #expect(try await Self.listed(project) == RunUsage())
        try Self.settle(first, Self.one, in: project)
        #expect(try await Self.listed(project) == Self.one)
        // Accepted and settled between two looks.
        try Self.settle(try project.accept(Self.id), Self.one, in: project)
        #expect(try await Self.listed(project) == RunUsage(inputTokens: 20, outputTokens: 4, costUSD: 1))
        try Self.settle(try project.accept(Self.id), nil, in: project)
        #expect(try await Self.listed(project)?.inputTokens == 20)
    }

    @Test("a sum of amounts is the one that people would write")
    func amounts() throws {
        let project = try ListedProject()
        try project.write(Self.id, "status: pending")
        for amount in [0.1, 0.2] {
            try Self.settle(try project.accept(Self.id), RunUsage(costUSD: amount), in: project)
        }
        let sums = try project.journal.journal.usage(project: project.folder.chant)
        #expect(sums[Self.id]?.costUSD == 0.3)
    }

    @Test("a day has the sums of the runs that ended on it; what no run tells is unknown, not zero")
    func days() async throws {
        let project = try ListedProject()
        try project.write(Self.id, "status: pending")
        let path = project.folder.chant
        #expect(try project.journal.journal.usageByDay(project: path, limit: 31).isEmpty)
        try Self.settle(try project.accept(Self.id), nil, in: project)
        #expect(try project.journal.journal.usageByDay(project: path, limit: 31).isEmpty)
        try Self.settle(try project.accept(Self.id), RunUsage(costUSD: 0.25), in: project)
        try Self.settle(try project.accept(Self.id), RunUsage(costUSD: 0.5), in: project)
        let days = try project.journal.journal.usageByDay(project: path, limit: 31)
        // Midnight may lie between the two.
        #expect(days.reduce(0) { $0 + $1.runs } == 2)
        #expect(days.reduce(0) { $0 + ($1.usage.costUSD ?? 0) } == 0.75)
        #expect(days.allSatisfy { $0.usage.inputTokens == nil && $0.day.count == 10 })
        #expect(try project.journal.journal.usageByDay(project: "/other", limit: 31).isEmpty)
    }
}
