import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Domain: drivers complete on every path that ends a member")
struct DomainDriverTests {
    private static let driver = "2026-01-05-003-drv"
    private static let first = "\(driver).1"
    private static let last = "\(driver).2"

    private func world(lastIs status: String = "pending", firstIs first: String = "completed") async throws
        -> DomainWorld
    {
        let specs = [
            DemoSpec(Self.driver), DemoSpec(Self.first, status: first), DemoSpec(Self.last, status: status),
        ]
        return try await DomainWorld(specs: specs)
    }

    private var cancelling: SpecPatch {
        var patch = SpecPatch()
        patch.header = [HeaderEntry("status", .text("cancelled"))]
        return patch
    }

    private func expectCompleted(_ world: DomainWorld) throws {
        let driver = try world.spec(Self.driver)
        #expect(driver.status == .completed)
        #expect(driver.model == "auto-completed")
        #expect(driver.completedAt != nil)
        #expect(driver.commits.isEmpty)
    }

    private func setStatus(_ status: String, of id: String, in world: DomainWorld) throws {
        let text = try world.project.specText(id)
        let edited = text.replacing(/status: \w+/, with: "status: \(status)")
        try world.project.write(edited, to: ".chant/specs/\(id).md")
    }

    @Test(
        "R11, R42: a driver that was cancelled, or waits for its approval, is not worked by its name; a rejected one may be split"
    )
    func gates() async throws {
        let headers = ["approval: {required: true}", "approval: {required: true, status: rejected}"]
        for (driver, reason) in [
            (DemoSpec(Self.driver, status: "cancelled"), RunReason.notStartable),
            (DemoSpec(Self.driver, header: [headers[0]]), .needsApproval),
            (DemoSpec(Self.driver, header: [headers[1]]), nil),
        ] {
            let world = try await DomainWorld(specs: [driver, DemoSpec(Self.first)])
            try await world.serving { domain in
                let id = try specID(Self.driver)
                #expect(try await domain.allowed(Self.driver).contains("work") == (reason == nil))
                do throws(RunError) {
                    _ = try await domain.runs.work(StartRun(spec: id))
                    #expect(reason == nil)
                } catch {
                    guard case .refused(let refusal) = error else { throw error }
                    #expect(refusal.reason == reason)
                    await #expect(throws: RunError.self, "as one of several too") {
                        try await domain.runs.start(StartOrder(specs: [id], mode: .parallel))
                    }
                }
            }
        }
    }

    @Test("R9: a request that cancels the last open member")
    func patched() async throws {
        let world = try await world()
        try await world.serving { domain in
            let id = try #require(SpecID(Self.last))
            _ = try await domain.specs.patch(id, cancelling, if: RevisionCondition())
        }
        try expectCompleted(world)
    }

    @Test("R9: the deletion of the last open member, but not that of the only one")
    func deleted() async throws {
        let world = try await world()
        try await world.serving { domain in
            let id = try #require(SpecID(Self.last))
            try await domain.specs.delete(id, if: RevisionCondition())
            #expect(try world.spec(Self.driver).status == .completed)
        }
        let lonely = try await DomainWorld(specs: [DemoSpec(Self.driver), DemoSpec(Self.last)])
        try await lonely.serving { domain in
            let id = try #require(SpecID(Self.last))
            try await domain.specs.delete(id, if: RevisionCondition())
        }
        #expect(try lonely.spec(Self.driver).status == .pending)
    }

    @Test("R9: a person's own edit of the last open member", arguments: ["completed", "cancelled"])
    func edited(status: String) async throws {
        let world = try await world(firstIs: "cancelled")
        try await world.serving { domain in
            try setStatus(status, of: Self.last, in: world)
            try await eventually("the driver is completed") { try world.spec(Self.driver).status == .completed }
        }
        try expectCompleted(world)
    }

    @Test("R9: a member that failed leaves its driver open")
    func failed() async throws {
        let world = try await world(firstIs: "failed")
        try await world.serving { domain in
            let id = try #require(SpecID(Self.last))
            _ = try await domain.specs.patch(id, cancelling, if: RevisionCondition())
        }
        #expect(try world.spec(Self.driver).status == .pending)
    }

    @Test("R9, R35: at start only what the service itself had ended completes a driver")
    func afterCrash() async throws {
        let world = try await world(lastIs: "cancelled")
        try await world.serving { _ in }
        #expect(try world.spec(Self.driver).status == .pending, "nobody asked for it")
        let id = try #require(SpecID(Self.last))
        try world.journal { journal in
            let change = SpecChange(specID: id.text, change: .status, from: "pending", to: "cancelled", revision: nil)
            try journal.record([.specChanged(change)], project: "demo")
        }
        try await world.serving { _ in }
        try expectCompleted(world)
    }

    @Test("R9: which outside changes end members")
    func outsideChanges() throws {
        func change(_ id: String, _ to: SpecStatus) throws -> SpecFileChange {
            let spec = { (status: SpecStatus) throws in
                let text = "---\nstatus: \(status.rawValue)\n---\n# \(id)\n"
                return SpecRow(
                    try Spec(
                        id: #require(SpecID(id)),
                        path: ".chant/specs/\(id).md",
                        document: SpecDocument(bytes: Array(text.utf8))
                    )
                )
            }
            return try #require(SpecFileChange(id, from: [spec(.inProgress)], to: [spec(to)]))
        }
        let member = try change(Self.last, .completed)
        #expect(OutsideEdits.endedMembers([member]).map(\.text) == [Self.last])
        #expect(OutsideEdits.endedMembers([try change(Self.last, .failed)]).isEmpty)
        let both = [member, try change(Self.driver, .pending)]
        #expect(OutsideEdits.endedMembers(both).isEmpty, "whoever writes the driver has said what it is")
    }

    @Test("R9: the start of a service that finds the last member cancelled while its run was under way")
    func recovered() async throws {
        let world = try await world(lastIs: "cancelled")
        let run = Fixture.run(spec: Self.last, projectPath: "\(world.project.checkout)/.chant")
        try world.journal { journal in
            try journal.accept(run, order: Fixture.order(of: run))
            try journal.update(run.id, from: [.queued]) { run in
                run.state = .preparing
                run.ask(toStop: .specCancelled)
            }
        }
        let settled = try await world.serving { domain in try domain.runs.run(run.id) }
        #expect(settled.reason == .specCancelled)
        try expectCompleted(world)
    }
}
