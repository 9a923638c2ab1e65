import ChantTesting
import Testing

@testable import ChantDomain

@Suite("Domain: approvals")
struct DomainApprovalTests {
    private let id = DomainWorld.spec
    private static let open = DemoSpec(DomainWorld.spec, header: ["approval: {required: true, status: pending}"])

    private func world(
        _ action: String = "manual",
        agent: ScriptedAgent = .diligent,
        server: [String] = [],
        agentWork: Bool = false,
        spec: DemoSpec = open
    ) async throws -> DomainWorld {
        try await DomainWorld(
            agent: agent,
            specs: [spec],
            server: server,
            configuration: [
                "approval:", "  rejection_action: \(action)", "  require_approval_for_agent_work: \(agentWork)",
            ]
        )
    }

    @Test("R11: what was approved starts; a word is an event, and no status changes by it")
    func approve() async throws {
        let world = try await world()
        let spec = try specID(id)
        try await world.serving { domain in
            await #expect(throws: RunError.self) { try await domain.start(id) }
            let view = try await domain.specs.decide(.approve(by: "ana"), on: spec)
            #expect(view.spec.approval?.status == .approved && view.spec.approval?.by == "ana")
            #expect(view.spec.status == .pending && view.allowed == ["work", "edit", "delete", "reject", "cancel"])
            await #expect(throws: SpecEditError.self) { try await domain.specs.decide(.approve(by: "bob"), on: spec) }
            let changes = try await domain.events().compactMap { event -> String? in
                guard case .specChanged(let change) = event else { return nil }
                return change.by
            }
            #expect(changes == ["ana"], "an event says whose word it was")
            #expect(try await domain.settled(domain.start(id).id).outcome == .completed)
        }
        #expect(try await world.project.git("log", "--format=%s", "main").contains("approve") == false)
    }

    @Test("while a run is live a word is refused, and after it the same word is taken")
    func live() async throws {
        let spec = DemoSpec(DomainWorld.spec, header: ["approval: {required: true, status: approved}"])
        let world = try await world(agent: .held, spec: spec)
        let id = try specID(id)
        try await world.serving { domain in
            let run = try await domain.start(self.id)
            let error = await #expect(throws: SpecEditError.self) {
                try await domain.specs.decide(.reject(by: "ana", because: "No."), on: id)
            }
            guard case .alreadyRunning(let live, _)? = error else { throw IndexFixture.Fault.noID("\(error as Any)") }
            #expect(live.id == run.id)
            _ = try await domain.runs.cancel(run.id)
            _ = try await domain.settled(run.id)
            let view = try await domain.specs.decide(.reject(by: "ana", because: "No."), on: id)
            #expect(view.spec.approval?.isRejected == true)
        }
    }

    @Test("§5.4, R40: each rejection action is one commit of all that it writes", arguments: RejectionAction.allCases)
    func reject(action: RejectionAction) async throws {
        let world = try await world(action.rawValue, server: ["commit_specs: true"])
        let spec = try specID(id)
        let before = try await world.project.git("rev-parse", "main")
        try await world.serving { domain in
            let view = try await domain.specs.decide(.reject(by: "ana", because: "Too broad."), on: spec)
            #expect(view.spec.approval?.isRejected == true && view.spec.status == .pending)
            let index = try await domain.specs.store.index()
            switch action {
            case .manual: #expect(index.active.count == 1)
            case .dependency:
                let other = try #require(index.active.first { $0.id != spec })
                #expect(view.spec.dependsOn == [other.id.text] && other.criteria.total == 2)
                #expect(view.blockedBy == [Blocker(other.id.text, .status)])
            case .group:
                #expect(view.spec.kind == .driver && view.members.map(\.text) == ["\(id).1"])
                #expect(view.spec.listedMembers == ["\(id).1"] && view.spec.criteria.total == 0)
            }
        }
        #expect(try await world.project.git("rev-list", "--count", "\(before)..main") == "1")
        #expect(try await world.project.git("log", "-1", "--format=%s", "main") == "chant: reject \(id)")
        #expect(try await world.status() == "")
    }

    @Test("R40: a rejection that cannot be committed makes nothing", arguments: [RejectionAction.dependency, .group])
    func notCommitted(action: RejectionAction) async throws {
        let world = try await world(action.rawValue, server: ["commit_specs: true"])
        try world.project.write(try world.project.specText(id) + "more\n", to: ".chant/specs/\(id).md")
        try await world.project.git("add", "-A")
        let before = try world.project.specText(id)
        let spec = try specID(id)
        try await world.serving { domain in
            await #expect(throws: SpecEditError.self) {
                try await domain.specs.decide(.reject(by: "ana", because: "No."), on: spec)
            }
            let index = try await domain.specs.store.index()
            #expect(index.active.count == 1)
        }
        #expect(try world.project.specText(id) == before)
    }

    private static let signed = ScriptedAgent([
        .append("x", to: "x.txt"), .tick,
        .commit("Work\n\nCo-Authored-By: Claude <noreply@anthropic.com>"),
    ])

    @Test("§5.4: work with an AI's name in it waits for an approval that the service asks for")
    func agentWork() async throws {
        let world = try await world(agent: Self.signed, agentWork: true, spec: DemoSpec(id))
        let before = try await world.project.git("rev-parse", "main")
        let run = try await world.work()
        #expect(run.outcome == .needsAttention && run.reason == .awaitingApproval, "\(run.problem?.detail ?? "")")
        let spec = try world.spec()
        #expect(spec.status == .needsAttention && spec.approval == Approval(required: true, status: .pending))
        #expect(try await world.project.git("rev-parse", "main") == before)
        #expect(try await world.refs("refs/heads/chant") == ["refs/heads/\(run.branch)"])
        #expect(!world.project.exists(try #require(run.worktree)))
    }

    @Test("§5.4: other work does not, nor where the request leaves approvals out")
    func otherWork() async throws {
        let plain = try await world(agentWork: true, spec: DemoSpec(id))
        #expect(try await plain.work().outcome == .completed)
        let skipping = try await world(agent: Self.signed, agentWork: true, spec: DemoSpec(id))
        #expect(try await skipping.work(id, RunOptions(skip: [.approval])).outcome == .completed)
        let off = try await world(agent: Self.signed, spec: DemoSpec(id))
        #expect(try await off.work().outcome == .completed)
    }

    @Test("an approval that a person asks for during the run gates its merge, before `merge: manual` does")
    func askedMeanwhile() async throws {
        let world = try await world(agent: .held, server: ["merge: manual"], spec: DemoSpec(id))
        let run = try await world.work { domain, run in
            try await domain.reached(run.id, "running") { $0.state == .running }
            let text = try world.project.specText(id)
            let asking = text.replacing("type: code\n", with: "type: code\napproval: {required: true}\n")
            try world.project.write(asking, to: ".chant/specs/\(id).md")
            try world.project.release("go")
        }
        #expect(run.reason == .awaitingApproval, "\(run.problem?.detail ?? "")")
        #expect(try world.spec().approval == Approval(required: true))
    }

    @Test(
        "R59, R57: work that waited for its approval is merged once it has one, though the agent ticked the last line"
    )
    func approvedAndMerged() async throws {
        let world = try await world(agent: Self.signed, agentWork: true, spec: DemoSpec(id))
        _ = try await world.work()
        try await world.serving { domain in
            _ = try await domain.specs.decide(.approve(by: "ana", because: "Fine."), on: try specID(id))
            let report = try await domain.merge(by: "ana")
            #expect(report.outcome == .completed, "\(report.problem?.detail ?? "")")
        }
        let text = try world.project.specText(id)
        #expect(try world.spec().status == .completed)
        #expect(text.contains("- [x]") && !text.contains("- [ ]"))
        #expect(text.contains("\n\n## Approval Discussion\n\n**ana** - "))
        #expect(try await world.status() == "")
    }
}
