import ChantDomain

/// The main job: starting work.
struct OrderEndpoints: Sendable {
    let specs: SpecService
    let runs: RunService

    init(_ domain: Domain) {
        specs = domain.specs
        runs = domain.runs
    }

    /// Answers `POST /specs/{id}/work`.
    func work(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let spec = try await NamedSpec.find(in: context, specs)
        let options = try options(request)
        do {
            let run = try await runs.start(StartRun(spec: spec.id, options: options))
            var headers = spec.contentLocation("/work")
            headers["Location"] = RunPayload.path(run.id)
            return .json(RunPayload.json(run, waitingFor: await runs.waiting(for: run)), status: 202, headers: headers)
        } catch {
            throw Problem(error)
        }
    }

    /// Answers `POST /specs/{id}/resume`.
    func resume(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let spec = try await NamedSpec.find(in: context, specs)
        let options = try options(request)
        do {
            let run = try await runs.resume(ResumeRun(spec: spec.id, options: options))
            var headers = spec.contentLocation("/resume")
            headers["Location"] = RunPayload.path(run.id)
            return .json(RunPayload.json(run, waitingFor: await runs.waiting(for: run)), status: 202, headers: headers)
        } catch {
            throw Problem(error)
        }
    }

    private func options(_ request: HTTPRequest) throws(Problem) -> RunOptions {
        var body = try request.jsonBody(
            keys: [
                "mode", "prompt", "agent", "model", "timeout_seconds", "criteria", "skip", "merge", "allow_no_commits",
                "from", "note",
            ]
        )
        // The other modes come with the engine; until then they are refused like any unknown word.
        let _: RunMode? = body.word("mode", of: [.single])
        let options = RunOptions(
            prompt: body.name("prompt"),
            agent: body.name("agent"),
            model: body.name("model"),
            timeoutSeconds: body.integer("timeout_seconds", in: 1...31_536_000),
            criteria: body.word("criteria"),
            skip: Set(body.words("skip", of: SkippedGate.self) ?? []),
            merge: body.word("merge"),
            allowNoCommits: body.bool("allow_no_commits") ?? false,
            from: body.word("from"),
            note: body.note("note")
        )
        try body.check()
        return options
    }
}

extension JSONBody {
    /// What a person has to say: it goes into every message of its runs, so it is no book.
    private static let longestNote = 64 << 10

    fileprivate mutating func note(_ key: String) -> String? {
        guard let note = name(key) else { return nil }
        if note.utf8.count > Self.longestNote { complain(key, "must have at most \(Self.longestNote >> 10) KiB") }
        return note
    }
}
