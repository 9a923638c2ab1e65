import Testing

@testable import ChantDomain

@Suite("Gates")
struct GatesTests {
    private static let spec = "2026-01-05-001-aaa"

    /// A subject that passes every gate, but for what the test changes.
    private struct Scene {
        var header = "status: pending"
        var others: [String] = []
        var options = RunOptions()
        var isGone = false
        var isArchived = false
        var isLive = false
        var lockOwner: Int32?
        var agents = [AgentEntry(name: "main", provider: "command", command: ["sh"])]
        var targetExists = true
        var isEmpty = false
        var body = "# A spec\n"
        var watcher: Int32?

        func subject() throws -> GateSubject {
            let id = try specID(GatesTests.spec)
            let text = "---\n\(header)\n---\n\(body)"
            let file = reading(id, SpecDocument(bytes: Array(text.utf8)))
            let index = try IndexFixture.index(others)
            let own = try? file.spec()
            return GateSubject(
                id: id,
                file: isGone ? nil : file,
                index: SpecIndex(specs: index.all + (own.map { [$0] } ?? []), unreadable: index.unreadable),
                options: options,
                liveRun: isLive ? (Fixture.run(), 42) : nil,
                lockOwner: lockOwner,
                catalog: AgentFixtures.catalog(agents),
                prompts: PromptLibrary(chantFolder: "/no/such/.chant"),
                configuredPrompt: "standard",
                target: "main",
                targetExists: targetExists,
                repositoryIsEmpty: isEmpty,
                watcher: watcher
            )
        }

        private func reading(_ id: SpecID, _ document: SpecDocument) -> SpecFile {
            let path = ".chant/\(isArchived ? "archive" : "specs")/\(id).md"
            let reading: Result<Spec, UnreadableFailure>
            do {
                reading = .success(try Spec(id: id, path: path, document: document, archived: isArchived))
            } catch {
                let file = UnreadableSpec(id: id.text, path: path, revision: "", detail: "broken", line: 2)
                reading = .failure(UnreadableFailure(file: file))
            }
            return SpecFile(id: id, path: path, document: document, reading: reading)
        }

        /// The word of the first gate that refuses; `nil` where all let it pass.
        func refusal() throws -> RunReason? {
            let subject = try subject()
            do throws(GateRefusal) {
                _ = try Gates.pass(subject)
                return nil
            } catch {
                return error.reason
            }
        }
    }

    @Test("R10: a spec that nothing stands against passes with its agent and prompt")
    func passes() throws {
        let pass = try Gates.pass(try Scene().subject())
        #expect(pass.spec.id.text == Self.spec)
        #expect(pass.agent.name == "main")
        #expect(pass.prompt.name == "standard")
    }

    @Test("R11: which statuses may start when asked by name", arguments: SpecStatus.allCases)
    func statuses(status: SpecStatus) throws {
        let startable: Set<SpecStatus> = [.pending, .paused, .failed, .needsAttention]
        let refusal = try Scene(header: "status: \(status.rawValue)").refusal()
        #expect(refusal == (startable.contains(status) ? nil : .notStartable))
    }

    @Test("each refusal of the outcome table has its word")
    func refusals() throws {
        let rejected = "status: pending\napproval: { required: true, status: rejected, by: eve }"
        let table: [(Scene, RunReason)] = [
            (Scene(isGone: true), .specGone),
            (Scene(header: "status: [unclosed"), .specUnreadable),
            (Scene(body: "no title"), .lintFailed),
            (Scene(watcher: 7), .chantWatchRunning),
            (Scene(isLive: true), .lockedByOther),
            (Scene(lockOwner: 7), .lockedByOther),
            (Scene(header: "type: driver\nstatus: pending"), .notStartable),
            (Scene(others: ["\(Self.spec).1 pending"]), .notStartable),
            (Scene(isArchived: true), .notStartable),
            (Scene(header: "status: pending\napproval: { required: true, status: pending }"), .needsApproval),
            (Scene(header: rejected), .approvalRejected),
            (Scene(header: "status: pending\ndepends_on: [gone]"), .notReady),
            (Scene(header: "status: pending\nprompt: nowhere"), .promptMissing),
            (Scene(options: RunOptions(agent: "nobody")), .agentMissing),
            (Scene(agents: [AgentEntry(name: "a", provider: "command", command: ["/no/such"])]), .agentMissing),
            (Scene(agents: [AgentEntry(name: "a", provider: "ollama")]), .providerUnsupported),
            (Scene(targetExists: false), .targetMissing),
            (Scene(targetExists: false, isEmpty: true), .repositoryEmpty),
        ]
        for (scene, reason) in table {
            #expect(try scene.refusal() == reason)
        }
    }

    @Test("I10: where several gates refuse, the first of the list does")
    func order() throws {
        var scene = Scene(header: "status: [unclosed", isLive: true, targetExists: false, isEmpty: true)
        scene.lockOwner = 7
        scene.agents = [AgentEntry(name: "a", provider: "ollama")]
        #expect(try scene.refusal() == .specUnreadable)
        let approval = "approval: { required: true, status: pending }"
        let more = "depends_on: [gone]\nprompt: nowhere\n\(approval)"
        scene.header = "status: completed\n\(more)"
        scene.body = "no title"
        scene.watcher = 8
        #expect(try scene.refusal() == .lintFailed)
        scene.body = "# T"
        #expect(try scene.refusal() == .lockedByOther)
        scene.isLive = false
        scene.lockOwner = nil
        #expect(try scene.refusal() == .chantWatchRunning)
        scene.watcher = nil
        #expect(try scene.refusal() == .notStartable)
        scene.header = "status: pending\n\(more)"
        #expect(try scene.refusal() == .needsApproval)
        scene.options.skip = [.approval]
        #expect(try scene.refusal() == .notReady)
        scene.options.skip = [.approval, .dependencies]
        #expect(try scene.refusal() == .promptMissing)
        scene.options.prompt = "standard"
        #expect(try scene.refusal() == .providerUnsupported)
        scene.agents = [AgentEntry(name: "a", provider: "command", command: ["sh"])]
        #expect(try scene.refusal() == .repositoryEmpty)
        scene.isEmpty = false
        #expect(try scene.refusal() == .targetMissing)
        scene.targetExists = true
        #expect(try scene.refusal() == nil)
    }

    @Test("R10: a refusal names every blocker with its reason")
    func blockers() throws {
        let scene = Scene(
            header: "status: pending\ndepends_on: [gone, 2026-01-04-001-bbb]",
            others: ["2026-01-04-001-bbb failed"]
        )
        let subject = try scene.subject()
        let error = #expect(throws: GateRefusal.self) { try Gates.pass(subject) }
        #expect(
            error?.evidence["blockers"]
                == .list([
                    .record(["id": .text("gone"), "why": .text("missing")]),
                    .record(["id": .text("2026-01-04-001-bbb"), "why": .text("status")]),
                ])
        )
    }
}
