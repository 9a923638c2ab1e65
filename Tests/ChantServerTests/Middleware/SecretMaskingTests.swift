import ChantTesting
import Testing

@testable import ChantServer

@Suite("R34: secrets in answers")
struct SecretMaskingTests {
    private static let masks = SecretMasking.Masks(
        json: { Array(String(decoding: $0, as: UTF8.self).replacing("hush", with: "****").utf8) },
        text: { Array(String(decoding: $0, as: UTF8.self).replacing("hush", with: "####").utf8) }
    )

    private func client(_ path: String, _ handler: @escaping Responder) -> RouterClient {
        let chain = MiddlewareChain(
            standardAround: Router([Route("GET", path, name: "getX", handler: handler)]),
            masks: Self.masks
        )
        return RouterClient { await chain.respond(to: $0, context: $1) }
    }

    @Test("JSON and text are masked, each in its way", arguments: ["/runs/a", "/specs/a/prompt", "/config", "/later"])
    func masked(path: String) async {
        #expect(await client(path) { _, _ in .json("hush") }.get(path).text == "\"****\"")
        #expect(await client(path) { _, _ in .text("hush") }.get(path).text == "####")
    }

    @Test("spec files are given as they are", arguments: ["/specs", "/specs/a"])
    func verbatim(path: String) async {
        #expect(await client(path) { _, _ in .json("hush") }.get(path).text == "\"hush\"")
    }

    @Test("a problem is masked whoever tells it", arguments: ["/specs/a", "/runs/a"])
    func problems(path: String) async {
        let answer = await client(path) { _, _ in throw Problem(.internalError, detail: "git: hush") }.get(path)
        #expect(answer.status == 500)
        #expect(answer.text.contains("git: ****"))
    }
}
