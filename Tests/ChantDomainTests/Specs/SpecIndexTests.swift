import Testing

@testable import ChantDomain

@Suite("The index: members and partial ids")
struct SpecIndexTests {
    private let today = LocalDay(year: 2026, month: 2, day: 7)

    private func spec(_ id: String, archived: Bool = false, status: String = "pending") throws -> Spec {
        let folder = archived ? ".chant/archive/x" : ".chant/specs"
        return try Spec(
            id: specID(id),
            path: "\(folder)/\(id).md",
            document: document("---\nstatus: \(status)\n---\n"),
            archived: archived
        )
    }

    private func index(_ active: [String], archived: [String] = []) throws -> SpecIndex {
        try SpecIndex(specs: active.map { try spec($0) } + archived.map { try spec($0, archived: true) })
    }

    @Test(
        "§2.4: the one resolver",
        arguments: [
            ("2026-02-07-001-abc", "2026-02-07-001-abc"), ("abc", "2026-02-07-001-abc"), ("bc", "2026-02-07-001-abc"),
            ("abc.1", "2026-02-07-001-abc.1"), ("002", "2026-02-07-002-xyz"), ("06-002", "2026-02-06-002-qqq"),
            ("old", "2026-01-01-001-old"), ("2026-01-01-001-old", "2026-01-01-001-old"), ("tech", "001-tech-debt"),
            ("nothing", nil), ("", nil), ("a/b", nil), ("ABC", nil),
        ] as [(String, String?)]
    )
    func resolves(partial: String, id: String?) throws {
        let index = try index(
            [
                "2026-02-07-001-abc", "2026-02-07-001-abc.1", "2026-02-07-002-xyz", "2026-02-06-002-qqq",
                "001-tech-debt",
            ],
            archived: ["2026-01-01-001-old", "2026-01-02-003-abc"]
        )
        #expect(
            index.resolve(partial, today: today) == (try id.map { .found(try specID($0)) } ?? SpecIndex.Resolution.none)
        )
    }

    @Test("§2.4: several hits are named, in list order")
    func ambiguous() throws {
        let index = try index(["2026-02-07-00a-xyz", "2026-02-07-002-xyz", "2026-02-07-002-abc"], archived: ["o.xyz"])
        let both = try ["2026-02-07-002-xyz", "2026-02-07-00a-xyz"].map { try specID($0) }
        #expect(index.resolve("xyz", today: today) == .ambiguous(both))
        let todays = try ["2026-02-07-002-abc", "2026-02-07-002-xyz"].map { try specID($0) }
        #expect(index.resolve("002", today: today) == .ambiguous(todays))
    }

    @Test("§2.4: the exact id of an archived driver is not taken for its active member")
    func exactArchived() throws {
        let index = try index(["2026-02-07-001-abc.1"], archived: ["2026-02-07-001-abc"])
        #expect(index.resolve("2026-02-07-001-abc", today: today) == .found(try specID("2026-02-07-001-abc")))
    }

    @Test("R3: a file that cannot be read is found by its id too")
    func unreadable() throws {
        let file = UnreadableSpec(id: "bad", path: ".chant/specs/bad.md", revision: "", detail: "no", line: 1)
        let index = try SpecIndex(specs: [spec("good")], unreadable: [file])
        #expect(index.resolve("ba", today: today) == .found(try specID("bad")))
        #expect(index.unreadable(try specID("bad")) == file)
        #expect(index.unreadable(try specID("good")) == nil)
    }

    @Test("§2.2: members, in number order, through every level")
    func members() throws {
        let index = try index(["d", "d.2", "d.10", "d.2.1", "e.1", "dd", "f", "f.1.1"], archived: ["d.1"])
        #expect(index.members(of: try specID("d")).map(\.text) == ["d.1", "d.2", "d.2.1", "d.10"])
        #expect(index.directMembers(of: try specID("d")).map(\.text) == ["d.1", "d.2", "d.10"])
        #expect(index.driver(of: try specID("d.2.1"))?.text == "d.2")
        #expect(index.driver(of: try specID("f.1.1"))?.text == "f")
        #expect(index.driver(of: try specID("e.1")) == nil)
        #expect(index.members(of: try specID("dd")).isEmpty)
    }

    private func unread(_ path: String) -> UnreadableSpec {
        let name = path.split(separator: "/").last?.dropLast(3) ?? ""
        return UnreadableSpec(id: String(name), path: path, revision: "", detail: "no", line: 1)
    }

    @Test("R3: the list hides archived and cancelled specs, and shows what cannot be read in its place")
    func pages() throws {
        let file = UnreadableSpec(id: "b", path: ".chant/specs/b.md", revision: "", detail: "no", line: 1)
        let index = try SpecIndex(
            specs: [spec("c"), spec("a"), spec("x", status: "cancelled"), spec("o", archived: true)],
            unreadable: [file, unread(".chant/archive/x/y.md"), unread(".chant/specs/archive/z.md")]
        )
        let rows = index.rows.filter(SpecQuery().fits)
        #expect(rows.map { $0.id + ($0.spec == nil ? "?" : "") } == ["a", "b?", "c", "z?"])
    }

    @Test("A chain of small changes gives the same index as one big one")
    func replacing() throws {
        var numbers = SeededNumbers(seed: 7)
        var index = SpecIndex.empty
        var present: [String: SpecRow] = [:]
        for round in 0..<300 {
            var changed: [ByteText: [SpecRow]] = [:]
            for _ in 0..<Int.random(in: 1...3, using: &numbers) {
                let id = "d\(Int.random(in: 0..<9, using: &numbers))" + (Bool.random(using: &numbers) ? ".1" : "")
                let row: SpecRow? =
                    switch Int.random(in: 0..<4, using: &numbers) {
                    case 0: nil
                    case 1: SpecRow(unread(".chant/specs/\(id).md"))
                    default: SpecRow(try spec(id, archived: round % 5 == 0))
                    }
                present[id] = row
                changed[ByteText(id)] = row.map { [$0] } ?? []
            }
            index = index.replacing(changed)
            let whole = SpecIndex(
                specs: present.values.compactMap(\.spec),
                unreadable: present.values.compactMap(\.unreadable)
            )
            #expect(index.rows.map(\.path) == whole.rows.map(\.path))
            #expect(index.unreadable == whole.unreadable)
            #expect(index.activeIDs == whole.activeIDs && index.archivedIDs == whole.archivedIDs)
            for id in present.keys {
                let id = try specID(id)
                #expect(index.members(of: id) == whole.members(of: id))
                #expect(index[id] == whole[id] && index.unreadable(id) == whole.unreadable(id))
            }
        }
    }

    @Test("An active spec counts where an archived one has the same id")
    func activeWins() throws {
        let index = try SpecIndex(specs: [spec("a", archived: true, status: "completed"), spec("a")])
        #expect(index[try specID("a")]?.archived == false && index.archivedIDs.isEmpty)
    }
}
