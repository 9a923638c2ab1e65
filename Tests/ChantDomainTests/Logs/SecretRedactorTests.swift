import Foundation
import Testing

@testable import ChantDomain

@Suite("R34: the redactor")
struct SecretRedactorTests {
    private static let secret = #"s3c/r "e\t+ü&<x>"#
    private static let plain = "sk-ant-0123456789abcdefXYZ"

    /// A secret as a text may have it.
    struct Form: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        var testDescription: String { name }
    }

    static let forms: [Form] = [
        Form(name: "as it is", text: secret),
        Form(name: "JSON", text: #"s3c/r \"e\\t+ü&<x>"#),
        Form(name: "JSON with slashes escaped", text: #"s3c\/r \"e\\t+ü&<x>"#),
        Form(name: "JSON for pages", text: #"s3c/r \"e\\t+ü\u0026\u003cx\u003e"#),
        Form(name: "JSON in ASCII", text: #"s3c/r \"e\\t+\u00fc&<x>"#),
        Form(name: "JSON in ASCII, capitals", text: #"s3c/r \"e\\t+\u00FC&<x>"#),
        Form(name: "JSON in JSON", text: #"s3c/r \\\"e\\\\t+ü&<x>"#),
        Form(name: "percent-encoded", text: "s3c%2Fr%20%22e%5Ct%2B%C3%BC%26%3Cx%3E"),
        Form(name: "percent-encoded in a path", text: "s3c/r%20%22e%5ct%2b%c3%bc%26%3cx%3e"),
        Form(name: "percent-encoded in a form", text: "s3c%2Fr+%22e%5Ct%2B%C3%BC%26%3Cx%3E"),
        Form(name: "HTML", text: #"s3c/r "e\t+ü&amp;&lt;x&gt;"#),
        Form(name: "HTML in an attribute", text: #"s3c/r &quot;e\t+ü&amp;&lt;x&gt;"#),
        Form(name: "HTML by numbers", text: #"s3c/r &#34;e\t+ü&amp;&lt;x&gt;"#),
        Form(name: "for a shell", text: #"s3c/r\ \"e\\t+ü\&\<x\>"#),
        Form(name: "hex", text: "7333632f722022655c742bc3bc263c783e"),
        Form(name: "hex, capitals", text: "7333632F722022655C742BC3BC263C783E"),
        Form(name: "hex with colons", text: "73:33:63:2f:72:20:22:65:5c:74:2b:c3:bc:26:3c:78:3e"),
        Form(name: "hex with spaces", text: "73 33 63 2F 72 20 22 65 5C 74 2B C3 BC 26 3C 78 3E"),
        Form(name: "coloured", text: "s3c/r\u{1B}[31m \"e\\t+ü\u{1B}[0m&<x>"),
        Form(name: "with controls between", text: "s3c\u{0}/r\u{8} \"e\\t+ü&\u{9B}1m<x>"),
    ]

    @Test("each form of a secret is masked, byte for byte", arguments: forms)
    func form(_ form: Form) {
        let redactor = SecretRedactor([Self.secret])
        let text = "before \(form.text) after\n"
        let masked = redactor.masked(Array(text.utf8))
        #expect(masked.count == text.utf8.count)
        let shown = LogText(keepsEscapes: false).clean(masked[...], isFinal: true).text
        let left = String(decoding: shown, as: UTF8.self)
        #expect(left.hasPrefix("before ***") && left.hasSuffix("*** after\n"), "\(left)")
        #expect(!left.contains("s3c") && !left.contains("x>") && !left.contains("3e"), "\(left)")
        #expect(!left.contains("733") && !left.contains("73:") && !left.contains("3E"), "\(left)")
    }

    @Test("base64 of a secret, wherever it stands in what was encoded", arguments: 0..<6)
    func base64(shift: Int) {
        let text = String("xxxxxx".prefix(shift)) + Self.plain + ":and more"
        let encoded = Data(text.utf8).base64EncodedString()
        let masked = SecretRedactor([Self.plain]).masked("Authorization: Basic \(encoded)")
        // Four characters for three bytes, less the two at the ends that depend on the neighbours.
        #expect(masked.filter { $0 == "*" }.count >= Self.plain.utf8.count * 4 / 3 - 2, "\(masked)")
    }

    @Test("base64 of a short one, as a password has it in an Authorization field", arguments: 0..<3)
    func shortBase64(shift: Int) {
        let text = String("ann:".suffix(shift + 2)) + "pa$$w0rd"
        let masked = SecretRedactor(["pa$$w0rd"]).masked("Basic \(Data(text.utf8).base64EncodedString())")
        #expect(masked.filter { $0 == "*" }.count >= 9, "\(masked)")
    }

    /// How programs end the lines of an encoding: `base64`, `openssl`, `xxd -p`, and each in JSON or indented.
    static let lineEnds = ["\n", "\r\n", "\\n", "\\r\\n", "\\\\n", "\n    ", "\n\t"]

    @Test("base64 and hex that go on over lines, wherever the lines end", arguments: lineEnds)
    func wrapped(lineEnd: String) {
        let redactor = SecretRedactor([Self.plain])
        for shift in 0..<60 {
            let bytes = Data((String(repeating: "x", count: shift) + Self.plain + "and more of it").utf8)
            let hex = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            for (encoded, least) in [(bytes.base64EncodedString(), 4.0 / 3), (hex, 2.0)] {
                let lines = stride(from: 0, to: encoded.count, by: 60).map { encoded.dropFirst($0).prefix(60) }
                let text = "-\n" + lines.joined(separator: lineEnd) + "\n-\n"
                let masked = redactor.masked(text)
                // Of what stands before the end of a line, less than six characters may have been given already.
                let stars = masked.filter { $0 == "*" }.count
                #expect(Double(stars) >= Double(Self.plain.utf8.count) * least - 2 - 5, "\(shift) \(masked)")
                #expect(masked.utf8.count == text.utf8.count)
                #expect(masked.components(separatedBy: lineEnd).count == text.components(separatedBy: lineEnd).count)
            }
        }
    }

    @Test("the beginning of an encoding at the end of a line waits for the next one")
    func unfinishedLines() {
        let redactor = SecretRedactor([Self.plain])
        let encoded = Data(Self.plain.utf8).base64EncodedString()
        #expect(redactor.unfinished(Array("x \(encoded.prefix(7))\n".utf8)) == 8)
        #expect(redactor.unfinished(Array("x \(encoded.prefix(7))\r\n  ".utf8)) == 11)
        #expect(redactor.unfinished(Array("x \(encoded.prefix(7))\\".utf8)) == 8)
        #expect(redactor.unfinished(Array("x \(encoded.prefix(5))\n".utf8)) == 0)
        #expect(redactor.unfinished(Array("x \(encoded.prefix(3))\n\(encoded.dropFirst(3).prefix(4))".utf8)) == 4)
        #expect(redactor.unfinished(Array("x \(encoded.prefix(3))\n\(encoded.dropFirst(3).prefix(1))".utf8)) == 1)
        #expect(redactor.unfinished(Array("\(encoded)\n".utf8)) == 0)
        #expect(redactor.masked("x \(encoded.prefix(7))\n") == "x *******\n")
        #expect(redactor.masked("x \(encoded.prefix(7))\ny") == "x \(encoded.prefix(7))\ny")
    }

    @Test("what is too short, or no secret, stays; overlapping secrets are both masked")
    func others() {
        #expect(SecretRedactor(["short", ""]).isEmpty)
        #expect(SecretRedactor(["short"]).masked("short") == "short")
        #expect(SecretRedactor(["aabbaabb"]).masked("xaabbaabbaabbx") == "x************x")
        #expect(SecretRedactor(["secret-one", "one-secret"]).masked("secret-one-secret!") == "*****************!")
        #expect(SecretRedactor(["hushhush"]).masked("hush-hush") == "hush-hush")
    }

    @Test("a secret of several lines is masked line by line, a very long one whole")
    func longOnes() {
        let key = "-----BEGIN KEY-----\r\nMIIEabcdefgh\n  ijklmnop  \nend\n"
        let masked = SecretRedactor([key]).masked("a\n\(key)b\nijklmnop\n")
        #expect(masked.filter { $0 == "\n" || $0 == "\r\n" }.count == 7)
        #expect(!masked.contains("MII") && !masked.contains("jkl") && masked.contains("end"))
        let long = (0..<3000).map { String($0, radix: 36) }.joined(separator: "-")
        #expect(SecretRedactor([long]).masked("<\(long)>") == "<" + String(repeating: "*", count: long.count) + ">")
    }

    @Test("the beginning of a secret at the end of a text is one from six bytes on")
    func beginnings() {
        let redactor = SecretRedactor([Self.plain])
        #expect(redactor.masked("x sk-an") == "x sk-an")
        #expect(redactor.masked("x sk-ant") == "x ******")
        #expect(redactor.masked("x sk-ant y") == "x sk-ant y")
        #expect(redactor.unfinished(Array("x sk-an".utf8)) == 5)
        #expect(redactor.unfinished(Array("x s\u{1B}[1mk-an".utf8)) == 9)
        #expect(redactor.unfinished(Array("x s\u{1B}]0;title".utf8)) == 10)
        #expect(redactor.unfinished(Array("x \u{1B}[sk-an".utf8)) == 5)
        #expect(redactor.unfinished(Array("sk-an\n".utf8)) == 0)
    }

    @Test("JSON stays JSON: numbers stay, an escape is masked as a whole")
    func json() throws {
        let redactor = SecretRedactor(["123456", "nasecret"])
        let json = #"{"a":123456,"b":"x 123456","c":"\nasecret","d":"\"","e":1234567}"#
        let masked = String(decoding: redactor.masked(json: Array(json.utf8)), as: UTF8.self)
        #expect(masked == #"{"a":123456,"b":"x ******","c":"*********","d":"\"","e":1234567}"#)
    }

    @Test("all occurrences are found, as by comparing at each place", arguments: 1...20)
    func search(seed: Int) {
        var random = LogNoise(seed: UInt64(seed))
        func word(_ length: Int) -> [UInt8] { (0..<length).map { _ in UInt8.random(in: 97...98, using: &random) } }
        let patterns = Set((0..<5).map { _ in word(Int.random(in: 3...8, using: &random)) })
        let text = word(2000)
        var found: Set<Range<Int>> = []
        let search = SecretSearch(patterns)
        text.withUnsafeBufferPointer { search.eachOccurrence(in: $0) { found.insert($0) } }
        let expected = Set(
            patterns.flatMap { pattern in
                (0...text.count - pattern.count).map { $0..<$0 + pattern.count }.filter {
                    text[$0].elementsEqual(pattern)
                }
            }
        )
        #expect(found == expected)
    }
}
