import Foundation

@testable import ChantDomain

/// A journal, run folders and a `.chant` folder for tests of `LogService`.
final class LogProject: Sendable {
    let folder: String
    let journal: Journal
    let broadcaster = LogBroadcaster()
    let service: LogService
    let spec: SpecID

    struct NoSpec: Error {}

    init(spec text: String = "2026-08-01-001-k3x", masking redactor: SecretRedactor = SecretRedactor()) throws {
        guard let spec = SpecID(text) else { throw NoSpec() }
        self.spec = spec
        folder = NSTemporaryDirectory() + "/chant-logs-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/.chant/logs", withIntermediateDirectories: true)
        journal = try Journal.open(stateFolder: folder)
        service = LogService(
            project: ProjectIdentity(name: "demo", path: folder + "/.chant"),
            journal: journal,
            broadcaster: broadcaster,
            stateFolder: folder,
            redactor: redactor
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The original's file of the spec.
    var chantLog: String { "\(folder)/.chant/logs/\(spec).log" }

    /// Accepts a run of the spec; nobody works on it yet.
    func queue() throws -> RunID {
        let now = Date()
        let run = Run(
            id: RunID(at: now),
            specID: spec.text,
            orderID: OrderID(at: now),
            project: "demo",
            projectPath: folder + "/.chant",
            options: RunOptions(),
            agent: "main",
            provider: "demo",
            model: nil,
            branch: "chant/x",
            target: "main",
            limits: RunLimits(wallSeconds: 1, idleSeconds: 1, logBytes: 1, stopGraceSeconds: 1),
            queuedAt: now
        )
        let order = Order(
            id: run.orderID,
            project: run.project,
            projectPath: run.projectPath,
            mode: .single,
            options: run.options,
            specs: [run.specID],
            createdAt: now
        )
        try journal.accept(run, order: order)
        return run.id
    }

    /// Lets a queued run have an agent that has printed `text`.
    func begin(_ id: RunID, printing text: String) throws {
        try journal.update(id, from: [.queued]) { run in
            run.state = .preparing
            run.startedAt = Date()
        }
        let run = try journal.update(id, from: [.preparing]) { $0.state = .running }
        let files = RunFolder(stateFolder: folder, run: id)
        try FileManager.default.createDirectory(atPath: files.path, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: files.outFile))
        let identity = ProcessRow.Identity(pid: 7, startTicks: 1, bootID: "b", pidNamespace: "n")
        try journal.registerProcess(
            run: id,
            ProcessRow(run: run, agent: identity, supervisor: identity, startedAt: Date())
        )
        broadcaster.begin(files)
    }

    /// A run that printed `text` and has ended, if told so.
    func run(printing text: String, ended: Bool = true) throws -> RunID {
        let id = try queue()
        try begin(id, printing: text)
        if ended { try end(id) }
        return id
    }

    /// Lets the agent print more.
    func print(_ text: String, _ id: RunID) throws {
        let file = try FileHandle(forWritingTo: URL(filePath: RunFolder(stateFolder: folder, run: id).outFile))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    /// Settles a run as failed.
    func end(_ id: RunID) throws {
        try journal.settle(id) { run in
            run.outcome = .failed
            run.reason = .agentExit
        }
        broadcaster.end(id)
    }

    func removeLog(_ id: RunID) throws {
        try FileManager.default.removeItem(atPath: RunFolder(stateFolder: folder, run: id).outFile)
    }
}

extension LogStream {
    /// Everything that it gives, each event in a line.
    func told() async throws -> [String] {
        var reader = reader()
        var told: [String] = []
        while let events = try await reader.next() { told += events.map(\.told) }
        return told
    }
}

extension LogEvent {
    /// The event without the run's name, which differs each time.
    var told: String {
        switch self {
        case .line(let line, let place):
            "\(line.isPart ? "part" : "log") \(place.offset) \(String(decoding: line.text, as: UTF8.self))"
        case .run(_, let place): "run \(place.offset)"
        case .reset(let reason, let place): "reset \(place.offset) \(reason.rawValue)"
        case .end(let run, let outcome, _, let place):
            "end \(place.offset) \(run == nil ? "nobody" : outcome?.rawValue ?? "-")"
        }
    }
}

extension LogBytes {
    /// Everything that it gives.
    func text() async throws -> String {
        var reader = try reader()
        var bytes: [UInt8] = []
        while let piece = try await reader.next() { bytes += piece }
        return String(decoding: bytes, as: UTF8.self)
    }
}
