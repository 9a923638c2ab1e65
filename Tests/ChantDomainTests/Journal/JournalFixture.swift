import Foundation
import Testing

@testable import ChantDomain

/// A journal in a folder of its own, and runs for it.
struct JournalFixture {
    static let projectPath = "/project/.chant"

    let folder: ScratchFolder
    let journal: Journal

    init() throws {
        folder = try ScratchFolder()
        journal = try Journal.open(stateFolder: folder.path)
    }

    /// Does to the file what the journal itself never would, as if a later version's migration did.
    func execute(_ sql: String) throws {
        let other = JournalSchema(steps: JournalSchema.current.steps + [sql])
        try Journal.open(stateFolder: folder.path, schema: other).close()
    }

    /// A run of `spec` with an order of its own.
    static func run(
        _ spec: String = "2026-01-01-001-abc",
        at seconds: TimeInterval = 1_700_000_000,
        project: String = projectPath
    ) -> (run: Run, order: Order) {
        let date = Date(timeIntervalSince1970: seconds)
        let options = RunOptions(prompt: "standard", skip: [.approval], from: .branch)
        let order = Order(
            id: OrderID(at: date),
            project: "demo",
            projectPath: project,
            mode: .single,
            options: options,
            specs: [spec],
            createdAt: date
        )
        let run = Run(
            id: RunID(at: date),
            specID: spec,
            orderID: order.id,
            project: "demo",
            projectPath: project,
            options: options,
            agent: "main",
            provider: "command",
            model: "sonnet",
            branch: "chant/\(spec)",
            target: "main",
            limits: RunLimits(wallSeconds: 7200, idleSeconds: 0.2, logBytes: 1 << 28, stopGraceSeconds: 10),
            queuedAt: date
        )
        return (run, order)
    }

    /// Accepts a run of `spec`.
    @discardableResult
    func accept(_ spec: String = "2026-01-01-001-abc", at seconds: TimeInterval = 1_700_000_000) throws -> Run {
        let (run, order) = Self.run(spec, at: seconds)
        try journal.accept(run, order: order)
        return run
    }

    /// The types of all events, in order.
    func eventTypes(after: Int64 = 0) throws -> [String] {
        try journal.events(after: after, limit: 10_000).map(\.event.type)
    }
}
