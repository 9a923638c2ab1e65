import ChantTesting
import Foundation
import GRDB
import Logging
import Synchronization
import Testing

@testable import ChantDomain

/// git and the journal failing under a run.
@Suite("Domain: failures below")
struct DomainFailureTests {
    private let id = DomainWorld.spec

    @Test("R58: git that fails once the target has moved, and from then on, ends the run undecided, with its evidence")
    func gitFails() async throws {
        let world = try await DomainWorld()
        let project = world.project
        let broken = "\(project.folder)/broken"
        let git = try await project.run("sh", ["-c", "command -v git"]).output.split(separator: "\n")[0]
        let wrapper = """
            #!/bin/sh
            [ -e '\(broken)' ] && { echo 'fatal: broken' >&2; exit 128; }
            case " $* " in
            *" merge --ff-only "*) '\(git)' "$@"; touch '\(broken)'; echo 'fatal: broken' >&2; exit 128 ;;
            esac
            exec '\(git)' "$@"
            """
        try project.write(wrapper, to: "../home/git")
        _ = try await project.run("chmod", ["755", "\(project.folder)/home/git"])
        let path = "\(project.folder)/home:\(project.environment["PATH"] ?? "")"
        let run = try await world.serving(environment: ["PATH": path]) { domain in
            let run = try await domain.start(id)
            return try await domain.settled(run.id)
        }
        let tip = try await project.git("rev-parse", "main")
        #expect(run.outcome == .failed)
        #expect(run.reason == .internalError, "\(String(describing: run.problem))")
        #expect(run.nextRun == nil)
        #expect(run.problem?.members["commit"] == .text(tip), "\(run.problem?.detail ?? "")")
        #expect(run.problem?.members["stderr"] == .text("fatal: broken"), "\(String(describing: run.problem))")
        #expect(try await world.refs("refs/chant/finish") == ["refs/chant/finish/\(run.id)"])
        #expect(try world.spec().status == .failed)
    }

    @Test("A journal that does not let a run begin is asked again after a pause that grows, and the run is not lost")
    func journalFails() async throws {
        let world = try await DomainWorld()
        let lines = Lines()
        let domain = try await world.open(logger: lines.logger)
        defer { domain.close() }
        try await domain.recover()
        async let running: Void = domain.run()
        let journal = domain.runs.journal
        try await journal.pool.writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER refuse BEFORE UPDATE ON runs WHEN NEW.state = 'preparing'
                    BEGIN SELECT RAISE(ABORT, 'refused'); END
                    """
            )
        }
        let begin = ContinuousClock.now
        let run = try await domain.start(id)
        try await eventually("three attempts") { lines.count(of: "run not started") >= 3 }
        // 250 ms after the first, 500 ms after the second.
        #expect(ContinuousClock.now - begin >= .milliseconds(750))
        #expect(try domain.runs.run(run.id).state == .queued)
        try await journal.pool.writeWithoutTransaction { try $0.execute(sql: "DROP TRIGGER refuse") }
        #expect(try await domain.settled(run.id).outcome == .completed)
        await domain.stop(.stop)
        await running
    }

    @Test("R18: an order whose next run the journal does not accept at once goes on by itself when it does")
    func acceptingFails() async throws {
        let world = try await DomainWorld()
        let lines = Lines()
        let domain = try await world.open(logger: lines.logger)
        defer { domain.close() }
        try await domain.recover()
        async let running: Void = domain.run()
        let refusing = """
            CREATE TRIGGER refuse BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'refused'); END
            """
        try await domain.runs.journal.pool.writeWithoutTransaction { try $0.execute(sql: refusing) }
        let order = try await domain.runs.start(StartOrder(specs: [specID(id)], mode: .chain))
        try await eventually("an attempt") { lines.count(of: "order not moved on") >= 1 }
        try await domain.runs.journal.pool.writeWithoutTransaction { try $0.execute(sql: "DROP TRIGGER refuse") }
        #expect(try await domain.runs.final(order.id, within: .seconds(60)).isCompleted)
        await domain.stop(.stop)
        await running
    }

    @Test("R18: a run that the journal does not let settle keeps its worker, and is settled when the journal does")
    func settlingFails() async throws {
        let world = try await DomainWorld()
        let lines = Lines()
        let domain = try await world.open(logger: lines.logger)
        defer { domain.close() }
        try await domain.recover()
        async let running: Void = domain.run()
        let journal = domain.runs.journal
        try await journal.pool.writeWithoutTransaction { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER refuse BEFORE UPDATE ON runs WHEN NEW.state = 'settled'
                    BEGIN SELECT RAISE(ABORT, 'refused'); END
                    """
            )
        }
        let run = try await domain.start(id)
        try await eventually("two attempts", within: .seconds(60)) { lines.count(of: "run not settled") >= 2 }
        #expect(try domain.runs.run(run.id).state == .settling)
        #expect(try await domain.status.status().busyWorkers == 1)
        try await journal.pool.writeWithoutTransaction { try $0.execute(sql: "DROP TRIGGER refuse") }
        #expect(try await domain.settled(run.id).outcome == .completed)
        await domain.stop(.stop)
        await running
    }

    @Test("R30: a service that stops leaves a run that cannot be settled to the next one")
    func settlingNever() async throws {
        let world = try await DomainWorld()
        let lines = Lines()
        let domain = try await world.open(logger: lines.logger)
        try await domain.recover()
        async let running: Void = domain.run()
        let refusing = """
            CREATE TRIGGER refuse BEFORE UPDATE ON runs WHEN NEW.state = 'settled'
            BEGIN SELECT RAISE(ABORT, 'refused'); END
            """
        try await domain.runs.journal.pool.writeWithoutTransaction { try $0.execute(sql: refusing) }
        let run = try await domain.start(id)
        try await eventually("an attempt", within: .seconds(60)) { lines.count(of: "run not settled") >= 1 }
        await domain.stop(.stop)
        await running
        try await domain.runs.journal.pool.writeWithoutTransaction { try $0.execute(sql: "DROP TRIGGER refuse") }
        domain.close()
        let settled = try await world.serving { try await $0.settled(run.id) }
        #expect(settled.outcome == .completed)
    }
}

/// Counts what is logged.
private final class Lines: Sendable {
    private let messages = Mutex<[String]>([])

    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    func count(of message: String) -> Int { messages.withLock { $0.count { $0 == message } } }

    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: Logging.LogEvent) { lines.messages.withLock { $0.append("\(event.message)") } }
    }
}
