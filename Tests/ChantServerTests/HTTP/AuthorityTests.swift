import Testing

@testable import ChantServer

@Suite("Host names")
struct AuthorityTests {
    @Test(
        "Names and addresses are read, with and without a port",
        arguments: [
            ("localhost", "localhost", nil), ("LocalHost:80", "localhost", 80), ("a.b.", "a.b", nil), ("a:", "a", nil),
            ("[::1]", "::1", nil), ("[::1]:65535", "::1", 65535), ("127.0.0.1:0", "127.0.0.1", 0),
            ("a_b-c", "a_b-c", nil),
        ] as [(String, String, UInt16?)]
    )
    func reads(text: String, host: String, port: UInt16?) {
        let authority = Authority(text)
        #expect(authority?.host == host)
        #expect(authority?.port == port)
    }

    @Test(
        "Anything else is none",
        arguments: [
            "", ":80", "a:x", "a:65536", "a:-1", "a:+1", "a:1:2", "::1", "[::1", "[a]", "[::1]x", "a b", "a/b", "u@a",
            "a,b",
            "é", "a%20", "[]", "*", "a\u{0}", String(repeating: "a", count: 254),
        ]
    )
    func refuses(text: String) {
        #expect(Authority(text) == nil)
    }

    @Test(
        "Only what can be nothing but this machine is loopback",
        arguments: [
            ("localhost", true), ("a.localhost:1", true), ("localhost.", true), ("127.0.0.1", true),
            ("127.255.255.254", true), ("[::1]:9", true), ("[0:0:0:0:0:0:0:1]", true),
            ("localhost.example.org", false), ("notlocalhost", false), ("127.1", false), ("0177.0.0.1", false),
            ("2130706433", false), ("0.0.0.0", false), ("[::]", false), ("[::ffff:127.0.0.1]", false),
            ("128.0.0.1", false), ("127.0.0.1.nip.io", false), ("10.0.0.1", false),
        ]
    )
    func loopback(text: String, expected: Bool) throws {
        #expect(try #require(Authority(text)).isLoopback == expected)
    }

    @Test("Without a port it is 80")
    func same() throws {
        let (one, other) = (try #require(Authority("A")), try #require(Authority("a:80")))
        #expect(one.isSame(as: other))
        #expect(try !one.isSame(as: #require(Authority("a:81"))))
        #expect(try !one.isSame(as: #require(Authority("b"))))
    }
}
