import Foundation
import Synchronization

@testable import ChantDomain

/// Runs the domain's commands against the simulated repository; they take time, and others go on meanwhile.
///
/// A command that was begun goes on to its end though its service dies: it is a process of its own.
final class SimulatedRunner: ProcessRunner {
    private let git: SimulatedGit
    /// Only below it files are deleted.
    private let folder: String
    private let scheduler: SeededExecutor
    private let clock: ManualClock
    private let dice: Dice
    private let trace: Trace
    private let underWay = Mutex(0)

    init(
        _ git: SimulatedGit,
        folder: String,
        _ scheduler: SeededExecutor,
        _ clock: ManualClock,
        _ dice: Dice,
        _ trace: Trace
    ) {
        self.git = git
        self.folder = folder
        self.scheduler = scheduler
        self.clock = clock
        self.dice = dice
        self.trace = trace
    }

    /// How many commands are at work.
    var commands: Int { underWay.withLock { $0 } }

    func run(_ command: Command) async throws(CommandError) -> CommandResult {
        let what = ([command.program] + command.arguments).joined(separator: " ")
        if Effect.isRefused("run \(what)") { throw .cannotRun(program: command.program, detail: "Input/output error") }
        underWay.withLock { $0 += 1 }
        defer { underWay.withLock { $0 -= 1 } }
        for _ in 0..<dice.number(in: 0...1) { await scheduler.pause() }
        if Task.isCancelled { return CommandResult(exit: .signal(15)) }
        guard command.program == "git" else { return delete(command) }
        let call = GitWords(command)
        let isChange = !ReadingOnly.isSo("run \(what)")
        if isChange { trace.note("git \(Self.brief(call))") }
        let reply = isChange ? await change(call) : git.answer(call)
        return CommandResult(exit: .code(reply.code), output: reply.output, error: Array(reply.error.utf8))
    }

    /// What changes the repository takes its time, before and after the one moment at which it happens.
    private func change(_ call: GitWords) async -> GitReply {
        let isExclusive = call.verb == "worktree" || call.verb == "merge"
        if isExclusive { enter(call.verb) }
        defer { if isExclusive { leave() } }
        if dice.happens(15) { try? await clock.sleep(for: .milliseconds(dice.number(in: 1...40)), owner: owner) }
        let reply = git.answer(call)
        if dice.happens(25) { await scheduler.pause() }
        return reply
    }

    private var owner: ObjectIdentifier { ObjectIdentifier(self) }

    /// I7: changes of worktrees and merges in one repository never overlap.
    private func enter(_ verb: String) {
        let other = git.state.withLock { state in
            defer { state.changing = verb }
            return state.changing
        }
        if let other, other == verb { trace.violation("I7: git \(verb) while git \(other) is at work") }
    }

    private func leave() { git.state.withLock { $0.changing = nil } }

    /// `rm -rf` and `chmod -R` of the trash.
    private func delete(_ command: Command) -> CommandResult {
        guard ["rm", "chmod"].contains(command.program) else {
            trace.violation("a command that nobody expects: \(command.program) \(command.arguments)")
            return CommandResult(exit: .code(127))
        }
        for path in command.arguments where path.hasPrefix("/") {
            guard path.hasPrefix(folder + "/"), path.contains("trash") else {
                trace.violation("\(command.program) reaches for \(path)")
                continue
            }
            try? FileManager.default.removeItem(atPath: path)
        }
        return CommandResult(exit: .code(0))
    }

    /// A call without what differs between two runs of one seed, such as the names of temporary files.
    static func brief(_ call: GitWords) -> String {
        call.words.prefix(8).map { $0.split(separator: "/").last.map(String.init) ?? $0 }.joined(separator: " ")
    }
}
