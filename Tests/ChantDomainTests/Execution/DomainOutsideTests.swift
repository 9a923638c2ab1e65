import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("R36: events of what other programs do")
struct DomainOutsideTests {
    private let id = DomainWorld.spec

    private func changes(_ domain: Domain) async throws -> [SpecChange] {
        try await domain.events().compactMap { if case .specChanged(let change) = $0 { change } else { nil } }
    }

    @Test("a run's own writes are never told as somebody else's, those of git's fast-forward among them")
    func ownWrites() async throws {
        let member = "\(id).1"
        let agent = ScriptedAgent.diligent(
            after: .shell("printf -- '---\\nstatus: pending\\n---\\n# Member\\n' > .chant/specs/\(member).md")
        )
        let world = try await DomainWorld(agent: agent)
        try await world.serving { domain in
            let run = try await domain.start(id)
            let settled = try await domain.settled(run.id)
            #expect(settled.outcome == .completed, "\(settled.problem?.detail ?? "")")
            try await eventually("the member is told of") {
                try await changes(domain).contains { $0.specID == member }
            }
            // Behind this edit there is nothing left to be told.
            try world.project.write("---\nstatus: pending\n---\n# Person\n", to: ".chant/specs/last.md")
            try await eventually("the last edit is told") { try await changes(domain).contains { $0.specID == "last" } }
            let all = try await changes(domain)
            #expect(all.filter { $0.by == "outside" }.map(\.specID) == ["last"])
            #expect(all.filter { $0.specID == member }.map(\.change) == [.created])
            #expect(all.filter { $0.specID == id }.map(\.change) == [.status, .status])
        }
    }

    @Test("a git checkout of 500 files is seen within a second, each change told once")
    func checkout() async throws {
        let world = try await DomainWorld()
        let project = world.project
        for number in 0..<500 { try project.add(DemoSpec("s\(number)")) }
        try await project.git("add", "-A")
        try await project.git("commit", "-q", "-m", "Many")
        try await project.git("checkout", "-q", "-b", "other")
        for number in 0..<500 { try project.add(DemoSpec("s\(number)", status: "paused")) }
        try await project.git("commit", "-q", "-a", "-m", "Paused")
        try await project.git("checkout", "-q", "main")
        try await world.serving { domain in
            var query = SpecQuery()
            query.statuses = [.paused]
            try await project.git("checkout", "-q", "other")
            try await eventually("all 500 are listed as paused", within: .seconds(1)) {
                let moment = try await domain.specs.lists.moment()
                return try await domain.specs.lists.page(query, from: .start, limit: 1, at: moment).total == 500
            }
            try await eventually("all are told", within: .seconds(10)) { try await changes(domain).count >= 500 }
            let all = try await changes(domain)
            #expect(all.count == 500 && Set(all.map(\.specID)).count == 500)
            #expect(all.allSatisfy { $0.by == "outside" && $0.from == "pending" && $0.to == "paused" })
        }
    }

    @Test("what changed while no service ran is told to nobody")
    func whileAway() async throws {
        let world = try await DomainWorld()
        try await world.serving { _ in }
        try world.project.add(DemoSpec(id, status: "paused"))
        try await world.serving { domain in
            let moment = try await domain.specs.lists.moment()
            #expect(moment.index[try specID(id)]?.status == .paused)
            try world.project.add(DemoSpec("new"))
            try await eventually("the edit is told") { try await !changes(domain).isEmpty }
            #expect(try await changes(domain).map(\.specID) == ["new"])
        }
    }
}
