import ChantTesting
import Foundation
import Logging
import Synchronization

@testable import ChantDomain

/// A real project under a real `Domain`, in this process: real git, journal, supervisor and agent programs.
struct DomainWorld: Sendable {
    static let spec = "2026-01-05-001-aaa"
    let project: DemoProject

    init(
        agent: ScriptedAgent = .diligent,
        specs: [DemoSpec] = [DemoSpec(spec)],
        server: [String] = [],
        configuration: [String] = []
    ) async throws {
        project = try await DemoProject(agent: agent, specs: specs, server: server, configuration: configuration)
    }

    /// Opens the domain without recovering or running anything.
    func open(
        workers: Int = 4,
        environment: [String: String] = [:],
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        measure: (@Sendable () -> Resources)? = nil,
        adjusting adjust: (inout DomainSettings) -> Void = { _ in }
    ) async throws -> Domain {
        var settings = DomainSettings(
            projectFolder: project.checkout,
            stateFolder: project.state,
            worktreesFolder: project.worktrees,
            workers: workers,
            ownProgram: try BuiltProducts.chantServer(),
            environment: project.environment.merging(environment) { $1 },
            version: "test",
            logger: logger
        )
        if let measure { settings.measure = measure }
        adjust(&settings)
        var opened: Domain?
        // A program that another test starts at this moment may hold the locks of a domain that was closed until its exec.
        try await eventually("the locks are free") {
            do {
                opened = try await Domain.open(settings)
            } catch let error as DomainStartError where error.kind == .heldByOther {
                return false
            }
            return true
        }
        guard let opened else { throw DomainStartError(.heldByOther, "not opened") }
        return opened
    }

    /// Serves the project while `body` runs, then stops as a service does: everything is cleaned up when this returns.
    @discardableResult
    func serving<Result: Sendable>(
        workers: Int = 4,
        environment: [String: String] = [:],
        measure: (@Sendable () -> Resources)? = nil,
        adjusting adjust: (inout DomainSettings) -> Void = { _ in },
        _ body: (Domain) async throws -> Result
    ) async throws -> Result {
        let domain = try await open(
            workers: workers,
            environment: environment,
            measure: measure,
            adjusting: adjust
        )
        defer { domain.close() }
        try await domain.recover()
        async let running: Void = domain.run()
        do {
            let result = try await body(domain)
            try await idle(domain)
            await domain.stop(.stop)
            await running
            return result
        } catch {
            await domain.stop(.stop)
            await running
            throw error
        }
    }

    /// Works one spec to its outcome.
    func work(
        _ spec: String = spec,
        _ options: RunOptions = RunOptions(),
        meanwhile: (Domain, Run) async throws -> Void = { _, _ in }
    ) async throws -> Run {
        try await serving { domain in
            let run = try await domain.start(spec, options)
            try await meanwhile(domain, run)
            return try await domain.settled(run.id)
        }
    }

    /// Until no worker is busy, or one waits for what will not come.
    private func idle(_ domain: Domain) async throws {
        let live = try domain.runs.list(RunQuery(states: [.queued, .preparing, .running, .settling])).items
        guard live.isEmpty else { return }
        try await eventually("all workers idle", within: .seconds(60)) {
            try await domain.status.status().busyWorkers == 0
        }
    }

    /// The spec's file now, read as a spec.
    func spec(_ id: String = spec) throws -> Spec {
        guard let specID = SpecID(id) else { throw IndexFixture.Fault.noID(id) }
        return try Spec(
            id: specID,
            path: ".chant/specs/\(id).md",
            document: SpecDocument(bytes: Array(try project.specText(id).utf8))
        )
    }

    /// The refs below a prefix.
    func refs(_ prefix: String) async throws -> [String] {
        try await project.git("for-each-ref", "--format=%(refname)", prefix).split(separator: "\n").map(String.init)
    }

    /// What `git status` lists in the checkout.
    func status() async throws -> String { try await project.git("status", "--porcelain") }

    /// The journal, while no domain has it open.
    func journal<Result>(_ body: (Journal) throws -> Result) throws -> Result {
        try StateFolder.prepare(project.state)
        let journal = try Journal.open(stateFolder: project.state)
        let result = try body(journal)
        try journal.close()
        return result
    }
}

extension Domain {
    func start(_ spec: String, _ options: RunOptions = RunOptions()) async throws -> Run {
        guard let id = SpecID(spec) else { throw IndexFixture.Fault.noID(spec) }
        return try await runs.start(StartRun(spec: id, options: options))
    }

    /// Waits until the run has its outcome.
    func settled(_ id: RunID) async throws -> Run {
        try await reached(id, "settled") { $0.state == .settled }
    }

    /// Waits for a fact about a run.
    @discardableResult
    func reached(_ id: RunID, _ what: String, _ fact: (Run) -> Bool) async throws -> Run {
        var found = try runs.run(id)
        try await eventually("\(what); it is \(found.state)", within: .seconds(60)) {
            found = try runs.run(id)
            return fact(found)
        }
        return found
    }

    /// All events so far, as `type` with what it is about.
    func events() async throws -> [DomainEvent] {
        guard let newest = try events.bounds()?.newest else { return [] }
        var found: [DomainEvent] = []
        for try await event in events.subscribe(after: 0) {
            found.append(event.event)
            if event.sequence >= newest { break }
        }
        return found
    }
}

extension ScriptedAgent {
    /// The diligent agent with further steps at its end.
    static func diligent(then steps: Step...) -> ScriptedAgent { ScriptedAgent(diligent.steps + steps) }
    /// The diligent agent that does something before.
    static func diligent(after steps: Step...) -> ScriptedAgent { ScriptedAgent(steps + diligent.steps) }
}
