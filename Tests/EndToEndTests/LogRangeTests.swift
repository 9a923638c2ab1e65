import ChantTesting
import Testing

@Suite("Ranges of logs")
struct LogRangeTests {
    @Test("A raw log is served in parts once its run has ended, and whole as long as it is written")
    func ranges() async throws {
        try await withService(.held) { server, project in
            let run = try await server.agentAtWork(try await server.work(first))
            let target = "/runs/\(run["id"].text ?? "")/log"
            let live = try await Self.get(server, "\(target)?view=raw", ["Range": "bytes=0-0"])
            #expect(live.status == 200 && live.headers["accept-ranges"] == nil && live.headers["etag"] == nil)
            try project.release("go")
            _ = try await server.settled(run)
            let whole = try await server.client.get("\(target)?view=raw")
            let size = whole.body.count
            let tag = try #require(whole.headers["etag"])
            #expect(whole.status == 200 && whole.headers["accept-ranges"] == "bytes" && size > 3)
            let parts: [([String: String], Range<Int>)] = [
                (["Range": "bytes=1-2"], 1..<3), (["Range": "bytes=2-"], 2..<size),
                (["Range": "bytes=-2"], size - 2..<size),
                (["Range": "bytes=0-99999999"], 0..<size), (["Range": "bytes=1-2", "If-Range": tag], 1..<3),
            ]
            for (headers, range) in parts {
                let part = try await Self.get(server, "\(target)?view=raw", headers)
                #expect(part.status == 206, "\(headers)")
                #expect(part.body == Array(whole.body[range]), "\(headers)")
                #expect(part.headers["content-range"] == "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)")
                #expect(part.headers["etag"] == tag && part.headers["accept-ranges"] == "bytes")
            }
            let over = try await Self.get(server, "\(target)?view=raw", ["Range": "bytes=\(size)-"])
            #expect(over.status == 416 && over.problem == "range-not-satisfiable")
            #expect(over.headers["content-range"] == "bytes */\(size)")
            try await expectWhole(server, target, whole)
        }
    }

    private func expectWhole(_ server: ServerUnderTest, _ target: String, _ whole: HTTPClient.Answer) async throws {
        for headers in [
            ["Range": "bytes=0-1,2-3"], ["Range": "lines=1-2"], ["Range": "bytes=2-1"],
            ["Range": "bytes=0-1", "If-Range": "\"other\""],
            ["Range": "bytes=0-1", "If-Range": "Sat, 01 Aug 2026 12:00:00 GMT"],
        ] {
            let answer = try await Self.get(server, "\(target)?view=raw", headers)
            #expect(answer.status == 200 && answer.body == whole.body, "\(headers)")
        }
        for query in ["", "?view=raw&tail=1", "?view=raw&follow"] {
            let answer = try await Self.get(server, target + query, ["Range": "bytes=0-1"])
            #expect(answer.status == 200 && answer.headers["accept-ranges"] == nil, "\(query)")
        }
        let head = try await server.client.send("HEAD", "\(target)?view=raw", headers: ["Range": "bytes=0-1"])
        #expect(head.status == 200 && head.headers["etag"] == whole.headers["etag"])
    }

    private static func get(
        _ server: ServerUnderTest,
        _ target: String,
        _ headers: [String: String]
    ) async throws -> HTTPClient.Answer {
        try await server.client.send("GET", target, headers: headers)
    }
}
