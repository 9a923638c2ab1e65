import Testing

@testable import ChantDomain

@Suite("Readiness")
struct ReadinessTests {
    /// One case: the specs, of which `S` (or the name given) is asked about, and what holds it back.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let specs: [String]
        var asked = "S"
        let blockers: [Blocker]

        var testDescription: String { name }
    }

    private static func readiness(
        of name: String = "S",
        _ lines: [String],
        byName: Bool = false,
        live: Bool = false,
        skip: Set<SkippedGate> = []
    ) throws -> Readiness {
        let index = try IndexFixture.index(lines)
        let spec = try IndexFixture.spec(name, in: index)
        return Readiness.of(spec, in: index, askedByName: byName, hasLiveRun: live, skip: skip)
    }

    static let cases = [
        Case(name: "no dependencies", specs: ["S pending"], blockers: []),
        Case(name: "an empty list", specs: ["S pending depends_on: []"], blockers: []),
        Case(name: "a dependency as one word", specs: ["S pending depends_on: A", "A completed"], blockers: []),
        Case(
            name: "done dependencies: completed, cancelled, archived",
            specs: ["S pending depends_on: [A, B, C]", "A completed", "B cancelled", "C! pending"],
            blockers: []
        ),
        Case(
            name: "every other status blocks",
            specs: [
                "S pending depends_on: [A, B, C, D, E]", "A pending", "B in_progress", "C failed", "D needs_attention",
                "E paused",
            ],
            blockers: ["A", "B", "C", "D", "E"].map { Blocker($0, .status) }
        ),
        Case(
            name: "missing, of another repository, no id at all",
            specs: ["S pending depends_on: [A, \"repo:B\", \"a/b\"]"],
            blockers: [Blocker("A", .missing), Blocker("repo:B", .missing), Blocker("a/b", .missing)]
        ),
        Case(
            name: "an unreadable dependency is there, but not done",
            specs: ["S pending depends_on: [A]", "A unreadable"],
            blockers: [Blocker("A", .status)]
        ),
        Case(name: "itself", specs: ["S pending depends_on: [S]"], blockers: [Blocker("S", .cycle)]),
        Case(
            name: "a circle of three",
            specs: ["S pending depends_on: [A]", "A pending depends_on: [B]", "B pending depends_on: [S]"],
            blockers: [Blocker("A", .cycle)]
        ),
        Case(
            name: "a circle that does not contain it",
            specs: ["S pending depends_on: [A]", "A pending depends_on: [B]", "B pending depends_on: [A]"],
            blockers: [Blocker("A", .status)]
        ),
        Case(
            name: "a circle that is open, because one of it is done",
            specs: ["S pending depends_on: [A]", "A pending depends_on: [B]", "B completed depends_on: [S]"],
            blockers: [Blocker("A", .status)]
        ),
        Case(
            name: "twice the same",
            specs: ["S pending depends_on: [A, A]", "A pending"],
            blockers: [Blocker("A", .status)]
        ),
        Case(
            name: "siblings in number order",
            specs: ["D pending", "D.1 completed", "D.2 cancelled", "D.3 failed", "D.10 pending", "D.11 pending"],
            asked: "D.10",
            blockers: [Blocker("D.3", .sibling)]
        ),
        Case(
            name: "a key of its own, even empty, lets siblings pass",
            specs: ["D pending", "D.1 pending", "D.2 pending depends_on: []"],
            asked: "D.2",
            blockers: []
        ),
        Case(
            name: "a gap in the numbers, an archived and an unreadable sibling",
            specs: ["D pending", "D.1! pending", "D.4 unreadable", "D.5 pending"],
            asked: "D.5",
            blockers: [Blocker("D.4", .sibling)]
        ),
        Case(
            name: "members of a dated id are members though the driver's file is gone",
            specs: ["2026-01-24-001-abc.1 pending", "2026-01-24-001-abc.2 pending"],
            asked: "2026-01-24-001-abc.2",
            blockers: [Blocker("2026-01-24-001-abc.1", .sibling)]
        ),
        Case(
            name: "names with dots and without a driver are no members",
            specs: ["v1.1 pending", "v1.2 pending"],
            asked: "v1.2",
            blockers: []
        ),
        Case(
            name: "the driver's dependencies, its own members left out",
            specs: ["D pending depends_on: [A, D.1, B, M]", "A pending", "B completed", "D.1 pending"],
            asked: "D.1",
            blockers: [Blocker("A", .driver), Blocker("M", .driver)]
        ),
        Case(
            name: "the dependencies of the driver's driver",
            specs: ["D pending depends_on: [A]", "A pending", "D.1 pending", "D.1.1 pending depends_on: []"],
            asked: "D.1.1",
            blockers: [Blocker("A", .driver)]
        ),
        Case(
            name: "an unreadable driver hides what it waits for",
            specs: ["D unreadable", "D.1 pending"],
            asked: "D.1",
            blockers: [Blocker("D", .driver)]
        ),
        Case(
            name: "a member that depends on its own driver",
            specs: ["D pending", "D.1 pending depends_on: [D]"],
            asked: "D.1",
            blockers: [Blocker("D", .cycle)]
        ),
        Case(
            name: "a circle through a driver's members",
            specs: ["S pending depends_on: [D]", "D pending", "D.1 pending depends_on: [S]"],
            blockers: [Blocker("D", .cycle)]
        ),
        Case(
            name: "a driver that waits for what waits for its member",
            specs: ["D pending depends_on: [A]", "A pending depends_on: [D.1]", "D.1 pending"],
            asked: "D.1",
            blockers: [Blocker("A", .cycle)]
        ),
        Case(
            name: "own first, then the driver's, then siblings; nobody twice",
            specs: ["D pending depends_on: [B, A]", "A pending", "B pending", "D.1 pending", "D.2 pending"],
            asked: "D.2",
            blockers: [Blocker("B", .driver), Blocker("A", .driver), Blocker("D.1", .sibling)]
        ),
        Case(name: "what is done waits for nobody", specs: ["S completed depends_on: [A]"], blockers: []),
    ]

    @Test("R10: every blocker is named with its reason", arguments: cases)
    func blockers(example: Case) throws {
        let index = try IndexFixture.index(example.specs)
        let spec = try IndexFixture.spec(example.asked, in: index)
        #expect(Readiness.blockers(of: spec, in: index) == example.blockers)
        guard spec.status == .pending else { return }
        let readiness = Readiness.of(spec, in: index, askedByName: false, hasLiveRun: false)
        #expect(readiness == (example.blockers.isEmpty ? .ready : .blocked(example.blockers)))
    }

    @Test(
        "R12: which statuses can start, by themselves and by name",
        arguments: [
            ("pending", true, true), ("blocked", true, true), ("failed", false, true), ("needs_attention", false, true),
            ("paused", false, true), ("in_progress", false, false), ("completed", false, false),
            ("cancelled", false, false),
        ]
    )
    func statuses(word: String, byItself: Bool, byName: Bool) throws {
        let specs = ["S \(word)"]
        #expect(try (Self.readiness(specs) == .ready) == byItself)
        #expect(try (Self.readiness(specs, byName: true) == .ready) == byName)
        guard !byName, let status = SpecStatus(rawValue: word) else { return }
        #expect(try Self.readiness(specs, byName: true) == .notEligible(.status(status)))
    }

    @Test("R10: the gates before dependencies, in their order")
    func gates() throws {
        let open = "approval: {required: true}"
        let no = "approval: {required: true, status: rejected, by: Ann}"
        let yes = "approval: {required: true, status: approved}"
        #expect(try Self.readiness(["S pending \(open)"]) == .notEligible(.approvalOpen))
        #expect(try Self.readiness(["S pending \(no)"]) == .notEligible(.approvalRejected(by: "Ann")))
        #expect(try Self.readiness(["S pending \(yes)"]) == .ready)
        #expect(try Self.readiness(["S pending approval: {required: false, status: rejected}"]) == .ready)
        #expect(try Self.readiness(["S pending \(open); depends_on: [A]"]) == .notEligible(.approvalOpen))
        #expect(try Self.readiness(["S pending \(open)"], live: true) == .notEligible(.running))
        #expect(try Self.readiness(["S in_progress"], live: true) == .notEligible(.running))
        #expect(try Self.readiness(["S! pending"], byName: true) == .notEligible(.archived))
        #expect(try Self.readiness(["S pending", "S.1 completed"]) == .notEligible(.driver))
        #expect(try Self.readiness(["S pending type: group"]) == .notEligible(.driver))
        #expect(try Self.readiness(["S pending type: driver"], byName: true) == .notEligible(.driver))
    }

    @Test("R11: skip leaves out dependencies, siblings and the driver's, or the approval, and nothing else")
    func skip() throws {
        let specs = [
            "D pending depends_on: [A]", "A pending", "D.1 pending", "D.2 pending approval: {required: true}",
            "D.3 failed depends_on: [D.1]",
        ]
        #expect(try Self.readiness(of: "D.2", specs, skip: [.dependencies]) == .notEligible(.approvalOpen))
        let blockers = [Blocker("A", .driver), Blocker("D.1", .sibling)]
        #expect(try Self.readiness(of: "D.2", specs, skip: [.approval]) == .blocked(blockers))
        #expect(try Self.readiness(of: "D.2", specs, skip: [.approval, .dependencies]) == .ready)
        let everything = Set(SkippedGate.allCases)
        #expect(try Self.readiness(of: "D.3", specs, skip: everything) == .notEligible(.status(.failed)))
        #expect(try Self.readiness(of: "D.3", specs, byName: true, skip: everything) == .ready)
        #expect(try Self.readiness(of: "D.3", specs, live: true, skip: everything) == .notEligible(.running))
    }

    @Test("R10: a circle of thousands ends, and is one")
    func longCircle() throws {
        let count = 3000
        let lines = (0..<count).map { "S\($0) pending depends_on: [S\(($0 + 1) % count)]" }
        #expect(try Self.readiness(of: "S0", lines) == .blocked([Blocker("S1", .cycle)]))
    }
}
