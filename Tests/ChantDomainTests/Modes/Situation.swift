import ChantTesting
import Testing

@testable import ChantDomain

/// A row of the outcome table: what an agent, the configuration or a person does, and what comes of it in every mode.
struct Situation: Sendable, CustomTestStringConvertible {
    let name: String
    var agent = ScriptedAgent.diligent
    /// Further lines of the header of each spec.
    var header: [String] = []
    var server: [String] = []
    var configuration: [String] = []
    var options = RunOptions()
    /// Before the service starts.
    var before: @Sendable (DomainWorld) async throws -> Void = { _ in }
    /// When `meanwhile` happens; agents that wait for `go` are let go on after it.
    var moment = Moment.atOnce
    var meanwhile: @Sendable (Scene) async throws -> Void = { _ in }
    /// How the service stops before agents go on; another one takes over then.
    var leaving: StopMode?
    let ends: Aftermath

    var testDescription: String { name }

    /// When something happens to runs.
    enum Moment: Sendable {
        case atOnce
        /// All their agents work.
        case atWork
        /// They are accepted, and one worker is busy with another spec.
        case queued
    }

    /// The world while the runs of all modes live.
    struct Scene: Sendable {
        let world: DomainWorld
        let domain: Domain
        var runs: [Run] = []
        let specs = RunMode.allCases.map(Situation.spec)

        /// The path of a spec's file in the checkout.
        func path(_ spec: String) -> String { ".chant/specs/\(spec).md" }

        /// Changes the file of each spec, as a person does.
        func edit(_ old: String, _ new: String) throws {
            for spec in specs {
                let text = try world.project.specText(spec)
                try world.project.write(text.replacing(old, with: new), to: path(spec))
            }
        }
    }

    /// The spec of a mode; all are worked side by side in one world.
    static func spec(_ mode: RunMode) -> String {
        switch mode {
        case .single: "2026-01-05-001-aaa"
        case .chain: "2026-01-05-002-aaa"
        case .parallel: "2026-01-05-003-aaa"
        }
    }

    /// The spec that keeps the one worker busy in `queued`.
    static let blocker = "2026-01-05-009-blk"
}

/// What is left of a run, as far as no mode may make a difference (R14, I10).
struct Aftermath: Sendable, Equatable, CustomStringConvertible {
    var outcome: RunOutcome?
    var reason: RunReason?
    /// The spec's status on disk; `nil` where it has no file that can be read.
    var status: SpecStatus?
    var keepsBranch = false
    var keepsWorktree = false
    var warnings: [RunWarning.Code] = []
    /// How the last run ended that follows; `nil` without one, or while it waits for its time.
    var followed: RunOutcome?
    /// Whether a run follows that waits.
    var isFollowed = false

    init(_ outcome: RunOutcome?, _ reason: RunReason?, _ status: SpecStatus?) {
        self.outcome = outcome
        self.reason = reason
        self.status = status
    }

    /// All well.
    static let completed = Aftermath(.completed, nil, .completed)

    /// Failed, with everything kept for a person to look at.
    static func failed(_ reason: RunReason) -> Aftermath {
        Aftermath(.failed, reason, .failed).keeping(branch: true, worktree: true)
    }

    /// A person must decide; everything is kept.
    static func needsPerson(_ reason: RunReason) -> Aftermath {
        Aftermath(.needsAttention, reason, .needsAttention).keeping(branch: true, worktree: true)
    }

    /// Refused in the worker: nothing was touched.
    static func refused(_ reason: RunReason, _ status: SpecStatus? = .pending) -> Aftermath {
        Aftermath(.refused, reason, status)
    }

    func keeping(branch: Bool, worktree: Bool) -> Aftermath {
        var changed = self
        changed.keepsBranch = branch
        changed.keepsWorktree = worktree
        return changed
    }

    func warning(_ codes: RunWarning.Code...) -> Aftermath {
        var changed = self
        changed.warnings = codes
        return changed
    }

    func followed(by outcome: RunOutcome?) -> Aftermath {
        var changed = self
        changed.followed = outcome
        changed.isFollowed = true
        return changed
    }

    var description: String {
        let kept = "branch \(keepsBranch ? "kept" : "gone"), worktree \(keepsWorktree ? "kept" : "gone")"
        let next = isFollowed ? "; followed: \(followed?.rawValue ?? "waits")" : ""
        let end = "\(outcome?.rawValue ?? "none") \(reason?.rawValue ?? "-"), spec \(status?.rawValue ?? "-")"
        return "\(end), \(kept), \(warnings.map(\.rawValue))\(next)"
    }
}
