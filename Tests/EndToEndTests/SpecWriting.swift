import ChantTesting

extension ServerUnderTest {
    /// Puts a whole file.
    func put(_ path: String, _ text: String, _ headers: [String: String] = [:]) async throws -> HTTPClient.Answer {
        let type = ["Content-Type": "text/markdown"]
        return try await client.send(
            "PUT",
            path,
            headers: type.merging(headers) { _, own in own },
            body: Array(text.utf8)
        )
    }

    /// Patches a spec.
    func patch(_ spec: String, _ json: String, _ headers: [String: String] = [:]) async throws -> HTTPClient.Answer {
        let type = ["Content-Type": "application/merge-patch+json"]
        return try await client.send(
            "PATCH",
            "/specs/\(spec)",
            headers: type.merging(headers) { _, own in own },
            body: Array(json.utf8)
        )
    }

    func delete(_ spec: String, _ headers: [String: String] = [:]) async throws -> HTTPClient.Answer {
        try await client.send("DELETE", "/specs/\(spec)", headers: headers)
    }

    /// The statuses of twenty patches of the first spec, sent at once.
    func patches(_ request: @escaping @Sendable (Int) -> (String, [String: String])) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let (body, headers) = request(number)
                    return try await self.patch(first, body, headers).status
                }
            }
            var statuses: [Int] = []
            for try await status in group { statuses.append(status) }
            return statuses
        }
    }

    /// The changes of specs so far, up to the creation of `last`.
    func changes(until last: String) async throws -> [JSON] {
        let stream = try await client.events("/events", after: "0")
        var changes: [JSON] = []
        while let event = try await stream.next() {
            guard event.event == "spec.changed" else { continue }
            let data = try JSON(Array(event.data.utf8))
            if data["spec_id"].text == last { break }
            changes.append(data)
        }
        return changes
    }
}
