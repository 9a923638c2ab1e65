import Testing

@testable import ChantDomain

@Suite("Drivers, members, circles")
struct SpecGroupTests {
    /// One case: a member ends, and these drivers are complete, `*` meaning that all was cancelled.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let specs: [String]
        var member = "D.2"
        var status = SpecStatus.completed
        let completed: [String]

        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "the last member", specs: ["D pending", "D.1 completed", "D.2 in_progress"], completed: ["D"]),
        Case(name: "not the last one", specs: ["D pending", "D.1 pending", "D.2 in_progress"], completed: []),
        Case(name: "a failed one left", specs: ["D pending", "D.1 failed", "D.2 in_progress"], completed: []),
        Case(
            name: "one needs attention",
            specs: ["D pending", "D.1 needs_attention", "D.2 in_progress"],
            completed: []
        ),
        Case(name: "cancelled ones count", specs: ["D pending", "D.1 cancelled", "D.2 in_progress"], completed: ["D"]),
        Case(name: "archived ones count", specs: ["D pending", "D.1! pending", "D.2 in_progress"], completed: ["D"]),
        Case(name: "unreadable ones do not", specs: ["D pending", "D.1 unreadable", "D.2 in_progress"], completed: []),
        Case(
            name: "all cancelled",
            specs: ["D pending", "D.1 cancelled", "D.2 pending"],
            status: .cancelled,
            completed: ["D*"]
        ),
        Case(
            name: "the last one cancelled",
            specs: ["D pending", "D.1 completed", "D.2 pending"],
            status: .cancelled,
            completed: ["D"]
        ),
        Case(name: "it failed", specs: ["D pending", "D.2 in_progress"], status: .failed, completed: []),
        Case(name: "from needs_attention", specs: ["D needs_attention", "D.2 in_progress"], completed: ["D"]),
        Case(name: "from failed", specs: ["D failed", "D.2 in_progress"], completed: ["D"]),
        Case(name: "never from cancelled", specs: ["D cancelled", "D.2 in_progress"], completed: []),
        Case(name: "complete already", specs: ["D completed", "D.2 in_progress"], completed: []),
        Case(name: "no driver", specs: ["D.2 in_progress"], completed: []),
        Case(name: "no member", specs: ["D in_progress"], member: "D", completed: []),
        Case(
            name: "up the tree",
            specs: ["D pending", "D.1 completed", "D.2 pending", "D.2.1 in_progress"],
            member: "D.2.1",
            completed: ["D.2", "D"]
        ),
        Case(
            name: "up the tree until one is open",
            specs: ["D pending", "D.1 pending", "D.2 pending", "D.2.1 in_progress"],
            member: "D.2.1",
            completed: ["D.2"]
        ),
        Case(
            name: "past a cancelled driver",
            specs: ["D pending", "D.2 cancelled", "D.2.1 in_progress"],
            member: "D.2.1",
            completed: ["D"]
        ),
        Case(
            name: "all cancelled up the tree, inner drivers not counted",
            specs: ["D pending", "D.1 cancelled", "D.2 pending", "D.2.1 pending"],
            member: "D.2.1",
            status: .cancelled,
            completed: ["D.2*", "D*"]
        ),
        Case(
            name: "a level without a file",
            specs: ["D pending", "D.2.1 in_progress"],
            member: "D.2.1",
            completed: ["D"]
        ),
    ]

    @Test("R9: what a member's end means for its drivers", arguments: cases)
    func completions(example: Case) throws {
        let index = try IndexFixture.index(example.specs)
        let member = try #require(SpecID(example.member))
        let completions = SpecGroup.completions(after: member, becomes: example.status, in: index)
        #expect(completions.map { $0.driver.text + ($0.allCancelled ? "*" : "") } == example.completed)
    }

    @Test("R9: a driver is what has members, or is of type driver or group")
    func drivers() throws {
        let index = try IndexFixture.index([
            "A pending", "A.1 pending", "B pending type: driver", "C pending type: group", "E pending type: task",
        ])
        let drivers = index.all.filter { SpecGroup.isDriver($0, in: index) }.map(\.id.text)
        #expect(drivers == ["A", "B", "C"])
    }

    @Test("R10: circles of depends_on are found, and refused before they are written")
    func circles() throws {
        let index = try IndexFixture.index([
            "A pending depends_on: [B]", "B pending depends_on: [C, X]", "C pending depends_on: [A]",
            "E pending depends_on: [A]", "F pending depends_on: [F]", "G pending",
        ])
        let graph = DependencyGraph(index)
        func id(_ text: String) throws -> SpecID { try #require(SpecID(text)) }
        #expect(try graph.circle(through: id("A"))?.map(\.text) == ["A", "B", "C", "A"])
        #expect(try graph.circle(through: id("F"))?.map(\.text) == ["F", "F"])
        #expect(try graph.circle(through: id("E")) == nil)
        #expect(try graph.circle(closedBy: id("A"), dependingOn: [id("G")]) == nil)
        #expect(try graph.circle(closedBy: id("G"), dependingOn: [id("E")]) == nil)
        #expect(try graph.circle(closedBy: id("G"), dependingOn: [id("G")])?.map(\.text) == ["G", "G"])
        #expect(try graph.circle(closedBy: id("X"), dependingOn: [id("A")])?.map(\.text) == ["X", "A", "B", "X"])
    }
}
