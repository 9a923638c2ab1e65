import ChantDomain

/// The body of a request for work, of one spec or of several.
struct WorkBody: Sendable {
    /// The keys that describe each run.
    private static let runKeys = [
        "prompt", "agent", "model", "timeout_seconds", "criteria", "skip", "merge", "allow_no_commits", "from", "note",
    ]
    /// The keys that describe the order as a whole.
    private static let orderKeys = ["mode", "follow", "on_failure", "max_specs", "max_concurrent"]
    /// More specs or labels than this name no sensible order.
    private static let most = 10_000

    let mode: RunMode?
    let options: RunOptions
    let order: OrderOptions
    /// What the specs are called; `nil` for all that are ready.
    let specs: [String]?
    let labels: [String]

    /// Reads the body of `POST /specs/{id}/work`, or with `several`, of `POST /work`.
    init(_ request: HTTPRequest, several: Bool = false) throws(Problem) {
        var body = try request.jsonBody(keys: Self.orderKeys + Self.runKeys + (several ? ["specs", "labels"] : []))
        mode = body.word("mode")
        options = Self.options(&body)
        order = OrderOptions(
            follow: body.bool("follow"),
            onFailure: body.word("on_failure"),
            maxSpecs: body.integer("max_specs", in: 1...Self.most),
            maxConcurrent: body.integer("max_concurrent", in: 1...Self.most)
        )
        specs = several ? body.names("specs", atMost: Self.most) : nil
        labels = several ? body.names("labels", atMost: Self.most) ?? [] : []
        if specs != nil, !labels.isEmpty {
            body.complain("labels", "cannot stand beside specs: name the specs or the labels")
        }
        // Keys that mean nothing in a mode are refused rather than passed over. On a driver `single` means `chain`, which
        // may follow: the domain knows whether the one spec is a driver.
        if several, mode ?? .single == .single, body.contains("follow") {
            body.complain("follow", "needs mode chain or parallel")
        }
        if mode != .parallel, body.contains("max_concurrent") { body.complain("max_concurrent", "needs mode parallel") }
        try body.check()
    }

    /// Refuses what is about an order, where a request can only start one run.
    static func ofOneRun(_ request: HTTPRequest) throws(Problem) -> RunOptions {
        var body = try request.jsonBody(keys: orderKeys + runKeys)
        let mode: RunMode? = body.word("mode")
        if mode ?? .single != .single { body.complain("mode", "must be single: a resume goes on with one run") }
        for key in orderKeys.dropFirst() where body.contains(key) {
            body.complain(key, "is about an order, not one run")
        }
        let options = options(&body)
        try body.check()
        return options
    }

    /// What a request says about each run.
    static func options(_ body: inout JSONBody) -> RunOptions {
        RunOptions(
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

    /// A list of texts that hold something.
    fileprivate mutating func names(_ key: String, atMost most: Int) -> [String]? {
        guard let names = strings(key) else { return nil }
        if names.isEmpty { complain(key, "must not be empty; leave it out to mean everything") }
        if names.count > most { complain(key, "must have at most \(most) items") }
        if names.contains(where: { !$0.contains { !$0.isWhitespace } }) { complain(key, "must not hold empty texts") }
        return names
    }
}
