import ChantTesting
import Foundation
import Testing

@Suite("Files that are no specs, over HTTP")
struct UnreadableFileTests {
    @Test("R3: a symlink is shown as unreadable by name as in the list, is never followed and never written")
    func link() async throws {
        try await withService { server, project in
            let target = project.folder + "/secret.txt"
            try Data("secret".utf8).write(to: URL(fileURLWithPath: target))
            let link = project.checkout + "/.chant/specs/link.md"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
            try await eventually("the link is seen") {
                try await server.client.get("/specs/link").problem != "spec-not-found"
            }
            let shown = try await server.client.get("/specs/link")
            #expect(shown.status == 200 && shown.headers["etag"] == nil, "\(shown.text)")
            #expect(shown.json["revision"] == .null && shown.json["unreadable"]["line"] == .null)
            #expect(shown.json["unreadable"]["detail"].text?.contains("symlink") == true)
            let list = try await server.client.json("/specs")
            #expect(list["items"].list.first { $0["id"].text == "link" } == shown.json)
            let file = try await server.client.get("/specs/link", accept: "text/markdown")
            #expect(file.status == 409 && file.problem == "spec-unreadable")
            for answer in [
                try await server.patch("link", #"{"prompt": "x"}"#), try await server.delete("link"),
                try await server.put("/specs/link", "# X\n", ["If-Match": "*"]),
            ] { #expect(answer.status == 409 && answer.problem == "spec-unreadable", "\(answer.text)") }
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
            #expect(try String(contentsOfFile: target, encoding: .utf8) == "secret")
        }
    }
}
