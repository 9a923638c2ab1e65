import ChantTesting
import Testing

@Suite("Writes over HTTP")
struct SpecWriteTests {
    @Test("tags: GET and HEAD are conditional by form, a PUT needs the version that it replaces, and stores every byte")
    func tags() async throws {
        try await withService { server, project in
            let path = "/specs/\(first)"
            let json = try await server.client.get(path)
            let file = try await server.client.get(path, accept: "text/markdown")
            let revision = try #require(json.json["revision"].text)
            #expect(file.headers["etag"] == "\"\(revision)\"")
            let tag = try #require(json.headers["etag"])
            #expect(tag.hasPrefix("\"\(revision)."))
            #expect(json.headers["vary"] == "Accept")
            #expect(json.headers["accept-patch"] == "application/merge-patch+json, application/json")
            for method in ["GET", "HEAD"] {
                let again = try await server.client.send(method, path, headers: ["If-None-Match": "\"x\", W/\(tag)"])
                #expect(again.status == 304)
                #expect(again.headers["etag"] == tag && again.body.isEmpty)
                let other = try await server.client.send(
                    method,
                    path,
                    headers: ["If-None-Match": tag, "Accept": "text/markdown"]
                )
                #expect(other.status == 200)
            }
            let text = "---\r\ntype: task # why\r\nodd:   [a,b]\r\nstatus: pending\r\n---\r\n# É\r\nno end"
            let blind = try await server.put(path, text)
            #expect(blind.status == 428 && blind.problem == "precondition-required")
            #expect(blind.json["revision"].text == revision)
            let stale = try await server.put(path, text, ["If-Match": "\"0000000000000000\""])
            #expect(stale.status == 412 && stale.problem == "precondition-failed")
            #expect(stale.json["revision"].text == revision)
            let weak = try await server.put(path, text, ["If-Match": "W/\"\(revision)\""])
            #expect(weak.status == 412)
            let unquoted = try await server.put(path, text, ["If-Match": revision])
            #expect(unquoted.status == 400)
            let put = try await server.put(path, text, ["If-Match": tag])
            #expect(put.status == 200, "\(put.text)")
            #expect(try project.specText(first) == text)
            let after = try await server.client.get(path, accept: "text/markdown")
            #expect(after.headers["etag"] == put.headers["etag"])
            #expect(after.text == text)
            let blindly = try await server.put("/specs/001", text + "!", ["If-Match": "*"])
            #expect(blindly.status == 200)
            #expect(blindly.headers["content-location"] == path)
        }
    }

    @Test("R37: PUT creates an id of the dated form, any other only by If-None-Match, and parts of ids never")
    func creates() async throws {
        try await withService { server, project in
            let made = try await server.put("/specs/2026-02-03-001-abc", "# New\n")
            #expect(made.status == 201)
            #expect(made.headers["location"] == "/specs/2026-02-03-001-abc")
            #expect(try project.specText("2026-02-03-001-abc") == "# New\n")
            let part = try await server.put("/specs/zzz", "# Part\n")
            #expect(part.status == 404 && part.problem == "spec-not-found")
            let exact = try await server.put("/specs/aaa", "# Of this id\n", ["If-None-Match": "*"])
            #expect(exact.status == 201)
            #expect(try project.specText("aaa") == "# Of this id\n")
            let again = try await server.put("/specs/aaa", "# Of this id\n", ["If-None-Match": "*"])
            #expect(again.status == 412)
            let missed = try await server.put("/specs/2026-02-03-002-abc", "# X\n", ["If-Match": "*"])
            #expect(missed.status == 412 && missed.json["revision"] == .null)
            for id in ["a%2Fb", "%00", "..", "%2e%2e"] {
                let odd = try await server.put("/specs/\(id)", "# X\n", ["If-None-Match": "*"])
                #expect([400, 404, 422].contains(odd.status), "\(id): \(odd.status)")
            }
            let done = try await server.put("/specs/2026-02-03-003-abc", "---\nstatus: completed\n---\n# Done\n")
            #expect(done.status == 422 && done.json["errors"][0]["pointer"].text == "/status")
            let posted = try await server.client.send(
                "POST",
                "/specs",
                headers: ["Content-Type": "text/markdown"],
                body: Array("---\nstatus: in_progress\n---\n# Odd\n".utf8)
            )
            #expect(posted.status == 422 && posted.problem == "invalid-spec")
        }
    }

    @Test(
        "R2: a patch changes the lines of its keys and nothing else; null removes; one that changes nothing is silent"
    )
    func patch() async throws {
        try await withService { server, project in
            let text = """
                ---
                # a comment
                status:   pending   # as it is
                labels:
                  - one
                team: {lead: ann}
                prompt: careful
                ---

                # Title

                Text.

                """
            try project.write(text, to: ".chant/specs/\(first).md")
            let answer = try await server.patch(
                first,
                #"{"labels": ["one", "two"], "prompt": null, "extra": {"team": {"size": 3}}, "body": "Other text.\n"}"#
            )
            #expect(answer.status == 200, "\(answer.text)")
            let expected = text.replacing("  - one\n", with: "  - one\n  - two\n").replacing(
                "prompt: careful\n",
                with: ""
            )
            .replacing("{lead: ann}", with: "{lead: ann, size: 3}").replacing("Text.", with: "Other text.")
            #expect(try project.specText(first) == expected)
            #expect(answer.headers["etag"] == (try await server.client.get("/specs/\(first)")).headers["etag"])
            let title = try await server.patch(first, #"{"title": "Another"}"#)
            #expect(title.json["title"].text == "Another")
            #expect(try project.specText(first) == expected.replacing("# Title", with: "# Another"))
            let stamp = try project.specText(first)
            let silent = try await server.patch(first, #"{"title": "Another", "labels": ["one", "two"]}"#)
            #expect(silent.status == 200)
            #expect(try project.specText(first) == stamp)
            let created = try await server.client.post("/specs", #"{"title": "After"}"#)
            let changes = try await server.changes(until: created.json["id"].text ?? "")
            // What was written by hand is the outside's; then one for each patch that changed something.
            #expect(changes.filter { $0["by"].text == "service" && $0["spec_id"].text == first }.count == 2)
        }
    }

    @Test(
        "what a patch cannot mean is refused with the place, and nothing is written",
        arguments: [
            (#"{"labls": []}"#, 422, "unknown-key", "/labls"), (#"{"ready": true}"#, 422, "invalid-value", "/ready"),
            (#"{"members": []}"#, 422, "invalid-value", "/members"),
            (#"{"labels": ["a", 3]}"#, 422, "invalid-value", "/labels/1"),
            (#"{"depends_on": ["a/b"]}"#, 422, "invalid-value", "/depends_on/0"),
            (#"{"approval": {"status": "maybe"}}"#, 422, "invalid-value", "/approval/status"),
            (#"{"extra": {"labels": []}}"#, 422, "invalid-value", "/extra/labels"),
            (#"{"extra": {"k": [1234567890123456]}}"#, 422, "invalid-value", "/extra/k"),
            (#"{"extra": {"k": 123456789012345678901234567890}}"#, 422, "invalid-value", "/extra/k"),
            (#"{"title": "a\nb"}"#, 422, "invalid-value", "/title"),
            (#"{"type": "epic"}"#, 422, "invalid-value", "/type"),
            (#"{"depends_on": ["\#(first)"]}"#, 422, "invalid-spec", "/depends_on"),
            ("[]", 422, "invalid-value", ""),
        ]
    )
    func refusedPatch(_ body: String, _ status: Int, _ name: String, _ pointer: String) async throws {
        try await withService { server, project in
            let before = try project.specText(first)
            let answer = try await server.patch(first, body)
            #expect(answer.status == status && answer.problem == name, "\(answer.text)")
            #expect(answer.json["errors"][0]["pointer"].text == pointer)
            #expect(try project.specText(first) == before)
        }
    }

    @Test("415 says what PUT and PATCH read; OPTIONS and 405 have Accept-Patch")
    func types() async throws {
        try await withService { server, _ in
            let path = "/specs/\(first)"
            let put = try await server.put(path, "# X\n", ["Content-Type": "application/json", "If-Match": "*"])
            #expect(put.status == 415 && put.headers["accept"] == "text/markdown")
            let patch = try await server.patch(first, "{}", ["Content-Type": "text/plain"])
            #expect(patch.status == 415)
            #expect(patch.headers["accept-patch"] == "application/merge-patch+json, application/json")
            for type in ["application/json", "application/merge-patch+json; charset=utf-8"] {
                #expect(try await server.patch(first, "{}", ["Content-Type": type]).status == 200)
            }
            let options = try await server.client.send("OPTIONS", path)
            #expect(options.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH, PUT")
            #expect(options.headers["accept-patch"] != nil)
            let post = try await server.client.post(path, "{}")
            #expect(post.status == 405 && post.headers["accept-patch"] != nil)
            let contract = try await server.client.get("/openapi.yaml")
            let tag = try #require(contract.headers["etag"])
            let again = try await server.client.send("GET", "/openapi.yaml", headers: ["If-None-Match": tag])
            #expect(again.status == 304 && again.body.isEmpty)
        }
    }

    @Test("20 patches at once: by one tag exactly one wins, and without tags none is lost")
    func concurrent() async throws {
        try await withService { server, project in
            let tag = try #require(try await server.client.get("/specs/\(first)").headers["etag"])
            let tagged = try await server.patches { ("{\"extra\": {\"k\($0)\": \($0)}}", ["If-Match": tag]) }
            #expect(tagged.filter { $0 == 200 }.count == 1)
            #expect(tagged.filter { $0 == 412 }.count == 19)
            let free = try await server.patches { ("{\"extra\": {\"f\($0)\": \($0)}}", [:]) }
            #expect(free.allSatisfy { $0 == 200 })
            let text = try project.specText(first)
            for number in 0..<20 { #expect(text.contains("\nf\(number): \(number)\n")) }
        }
    }
}
