import Testing

@testable import ChantDomain

@Suite("Durations, sizes, identities, nearest names")
struct QuantityTests {
    @Test(
        "durations",
        arguments: [
            ("200ms", .milliseconds(200)), ("90s", .seconds(90)), ("30m", .seconds(1800)), ("2h", .seconds(7200)),
            ("0s", .zero), ("", nil), ("s", nil), ("5", nil), ("5 m", nil), ("-5m", nil), ("1.5h", nil), ("5M", nil),
            ("99999999999999999999s", nil), ("٣s", nil),
        ] as [(String, Duration?)]
    )
    func durations(text: String, duration: Duration?) {
        #expect(Quantity.duration(text) == duration)
    }

    @Test("durations are written as they are read", arguments: ["200ms", "90s", "30m", "2h", "0s", "90061s"])
    func writtenDurations(text: String) throws {
        #expect(Quantity.text(try #require(Quantity.duration(text))) == text)
    }

    @Test(
        "sizes",
        arguments: [
            ("4096", 4096), ("1B", 1), ("512KiB", 524_288), ("256MiB", 268_435_456), ("2GiB", 2_147_483_648),
            ("1TiB", 1_099_511_627_776), ("1MB", nil), ("1kib", nil), ("", nil), ("MiB", nil), ("999999999TiB", nil),
        ] as [(String, Int?)]
    )
    func sizes(text: String, size: Int?) {
        #expect(Quantity.size(text) == size)
    }

    @Test(
        "R62: identities",
        arguments: [
            ("Chant Agent <a@b.c>", "Chant Agent", "a@b.c"), ("  X<y>", "X", "y"), ("<a@b>", nil, nil),
            ("Name", nil, nil), ("Name <>", nil, nil), ("Name <a b>", nil, nil), ("A\nB <a@b>", nil, nil),
            ("A <b> <c>", nil, nil),
        ] as [(String, String?, String?)]
    )
    func identities(text: String, name: String?, email: String?) {
        let identity = Identity(text)
        #expect(identity?.name == name)
        #expect(identity?.email == email)
    }

    @Test(
        "the nearest name",
        arguments: [
            ("--prot-file", "--port-file"), ("workres", "workers"), ("LISTEN", "listen"), ("ab", nil),
            ("completely", nil),
            ("", nil),
        ] as [(String, String?)]
    )
    func nearest(name: String, expected: String?) {
        #expect(NearestName.of(name, among: ["--port-file", "workers", "listen", "log_format"]) == expected)
    }
}
