import Testing

@testable import ChantDomain

@Suite("What a spec waits for")
struct WaitingTreeTests {
    private func items(_ id: String, _ lines: [String]) throws -> [String] {
        let index = try IndexFixture.index(lines)
        return WaitingTree(try IndexFixture.spec(id, in: index), index).items.map { item in
            "\(item.id) \(item.isDirect ? "direct" : "for \(item.neededBy)") \(item.why?.rawValue ?? "done")"
        }
    }

    @Test("R10: directly and by others, each once, and not behind what is done")
    func transitive() throws {
        let lines = [
            "a pending depends_on: [b, c, gone]", "b failed depends_on: [d]", "c completed depends_on: [e]",
            "d pending depends_on: [c]", "e pending",
        ]
        #expect(try items("a", lines) == ["b direct status", "c direct done", "gone direct missing", "d for b status"])
        #expect(try items("e", lines) == [])
    }

    @Test("R10: a circle is told and ends")
    func circle() throws {
        let lines = ["a pending depends_on: [b]", "b pending depends_on: [c]", "c pending depends_on: [b, a]"]
        #expect(try items("a", lines) == ["b direct cycle", "c for b cycle"])
    }

    @Test("R10: elder siblings and the driver's dependencies hold a member back")
    func member() throws {
        let lines = [
            "d pending depends_on: [x]", "d.1 pending", "d.2 pending", "d.3 pending depends_on: []", "x pending",
        ]
        #expect(try items("d.2", lines) == ["x direct driver", "d.1 direct sibling"])
        #expect(try items("d.3", lines) == ["x direct driver"])
        #expect(try items("d", lines) == ["x direct status"])
    }

    @Test("what cannot be read or lies in the archive is named as it is")
    func odd() throws {
        let lines = ["a pending depends_on: [b, c, d]", "b unreadable", "c! failed", "d cancelled"]
        #expect(try items("a", lines) == ["b direct status", "c direct done", "d direct done"])
    }
}
