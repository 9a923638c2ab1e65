import Testing

@testable import ChantDomain

@Suite("Digests")
struct DigestTests {
    @Test(
        "SHA-256 of known texts",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ]
    )
    func known(text: String, hex: String) {
        let digest = Digest(of: Array(text.utf8))
        #expect(digest.hex == hex && digest.short16 == hex.prefix(16))
        #expect(Digest(hex: hex) == digest)
    }

    @Test("What is no digest is refused", arguments: ["", "abc", String(repeating: "G", count: 64)])
    func refused(text: String) { #expect(Digest(hex: text) == nil) }
}
