import Foundation
import Testing

@testable import ChantDomain

@Suite("R37: spec ids")
struct SpecIDTests {
    @Test(
        "R37: what can be an id",
        arguments: [
            ("2026-01-24-001-abc", true), ("001-tech-debt", true), ("ä b", true), (".hidden", true), ("a", true),
            ("", false), (".", false), ("..", false), ("a/b", false), ("a\u{0}b", false), ("a\nb", false),
            ("a\u{85}b", false), (String(repeating: "x", count: 200), true),
            (String(repeating: "x", count: 201), false),
            (String(repeating: "ä", count: 101), false),
        ]
    )
    func parses(text: String, isValid: Bool) { #expect((SpecID(text) != nil) == isValid) }

    @Test("R37: two spellings of one accent are two ids")
    func comparesBytes() throws {
        let composed = try specID("caf\u{E9}")
        let decomposed = try specID("cafe\u{301}")
        #expect(composed != decomposed)
        #expect((composed < decomposed) != (decomposed < composed))
    }

    @Test("R37: the parts of the dated form")
    func parts() throws {
        let parts = try #require(try specID("2026-02-07-00r-xby.3.12").dated)
        #expect(parts.project == nil && parts.day == "2026-02-07" && parts.counter == 27 && parts.suffix == "xby")
        #expect(parts.members == [3, 12])
        let prefixed = try #require(try specID("web_app-x-2026-02-07-1000-abc").dated)
        #expect(prefixed.project == "web_app-x" && prefixed.counter == 46_656)
    }

    @Test(
        "R37: what is not dated",
        arguments: [
            "001-tech-debt", "2026-01-24-01-abc", "2026-01-24-001-abcd", "2026-01-24-001-ABC", "2026-1-24-001-abc",
            "2026-01-24-001-abc.x", "2026-01-24-001-abc.", "x2026-01-24-001-abc",
        ]
    )
    func undated(text: String) throws { #expect(try specID(text).dated == nil) }

    @Test(
        "R37: driver, root and number come from dots",
        arguments: [
            ("2026-01-24-001-abc", nil, "2026-01-24-001-abc", nil), ("d.3", "d", "d", 3), ("d.3.2", "d.3", "d", 2),
            ("notes.draft", "notes", "notes", nil), (".x", nil, ".x", nil), ("d.007", "d", "d", 7),
        ] as [(String, String?, String, Int?)]
    )
    func dots(text: String, driver: String?, root: String, number: Int?) throws {
        let id = try specID(text)
        #expect(id.driver?.text == driver)
        #expect(id.root.text == root)
        #expect(id.memberNumber == number)
    }

    @Test("R37: members are all descendants, and nothing with the same beginning")
    func membership() throws {
        let driver = try specID("d")
        #expect(try specID("d.1").isMember(of: driver))
        #expect(try specID("d.1.2").isMember(of: driver))
        #expect(try !specID("d").isMember(of: driver))
        #expect(try !specID("d.").isMember(of: driver))
        #expect(try !specID("dd.1").isMember(of: driver))
    }

    @Test("§2.3: the order of lists")
    func order() throws {
        let sorted = [
            "001-tech-debt", "2026-01-24-00z-aaa", "2026-01-24-010-aaa", "2026-01-24-010-bbb", "2026-01-24-010-bbb.1",
            "2026-01-24-010-bbb.2", "2026-01-24-010-bbb.2.1", "2026-01-24-010-bbb.10", "2026-01-24-zzz-aaa",
            "2026-01-24-1000-aaa", "2026-01-25-001-aaa", "zoo", "zoo.2", "zoo.10", "zoo.x",
        ]
        var numbers = SeededNumbers(seed: 1)
        for _ in 0..<50 {
            let ids = try sorted.shuffled(using: &numbers).map { try specID($0) }
            #expect(ids.sorted().map(\.text) == sorted)
        }
    }

    @Test("§2.3: the order is total over all kinds of ids")
    func orderIsTotal() throws {
        let texts = [
            "a", "a.1", "a.01", "a.b", "2026-01-24", "2026-01-24-001-abc", "2026-01-24-1000-abc", "2026-01-24-5",
            "p-2026-01-24-001-abc", "2026-01-24-001-abc.1", "2026-01-24-001-abc.01", "2026-01-24-001-abc.x", "10", "9",
        ]
        let ids = try texts.map { try specID($0) }
        for one in ids {
            for two in ids {
                #expect((one < two) != (two < one) || one == two)
                for three in ids where one < two && two < three { #expect(one < three, "\(one) \(two) \(three)") }
            }
        }
    }

    @Test(
        "R37: ids in refs and paths",
        arguments: [
            ("2026-01-24-001-abc.1", "2026-01-24-001-abc.1"), ("-x", "%2Dx"), (".x", "%2Ex"), ("a..b", "a.%2Eb"),
            ("a.lock", "a%2Elock"), ("a.lock.x", "a.lock.x"), ("a b", "a%20b"), ("ä", "%C3%A4"), ("a%20b", "a%2520b"),
            ("a.", "a%2E"), ("a~^:?*[\\@{", "a%7E%5E%3A%3F%2A%5B%5C%40%7B"), ("...", "%2E%2E%2E"),
        ]
    )
    func refComponents(text: String, component: String) throws {
        #expect(try specID(text).refComponent == component)
        #expect(SpecID(refComponent: component)?.text == text)
    }

    @Test("R37: what no id makes is no ref component", arguments: ["%", "%4", "%41", "%2dx", "a b", "a..b", "%FF"])
    func foreignComponents(text: String) { #expect(SpecID(refComponent: text) == nil) }

    @Test("§2.1: a new id counts on from the day's highest, archived ones included")
    func fresh() throws {
        let day = LocalDay(year: 2026, month: 1, day: 24)
        let taken = try ["2026-01-24-00z-aaa", "2026-01-24-00b-aaa.4", "2026-01-25-0zz-aaa", "other"].map {
            try specID($0)
        }
        var numbers = SeededNumbers(seed: 7)
        let id = SpecID.fresh(on: day, taken: taken, random: &numbers)
        #expect(id.text.hasPrefix("2026-01-24-010-"))
        #expect(id.dated?.suffix.utf8.count == 3)
        #expect(SpecID.fresh(on: day, taken: [], random: &numbers).text.hasPrefix("2026-01-24-001-"))
        let full = [try specID("2026-01-24-zzz-aaa")]
        #expect(SpecID.fresh(on: day, taken: full, random: &numbers).dated?.counter == 46_656)
    }

    @Test("§2.1: the day is the local one")
    func localDay() throws {
        let zone = try #require(TimeZone(identifier: "Pacific/Auckland"))
        let date = Date(timeIntervalSince1970: 1_769_200_000)  // 2026-01-23T20:26:40Z
        #expect(LocalDay(of: date, in: zone).text == "2026-01-24")
        #expect(LocalDay(of: date, in: .gmt).text == "2026-01-23")
    }

    @Test("R37: an id survives JSON, and what is none is refused")
    func json() throws {
        let id = try specID("ä.1")
        #expect(try JSONDecoder().decode([SpecID].self, from: JSONEncoder().encode([id])) == [id])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([SpecID].self, from: Data("[\"a/b\"]".utf8)) }
    }
}
