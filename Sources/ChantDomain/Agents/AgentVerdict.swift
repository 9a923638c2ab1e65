import Foundation
import Glibc

/// What the end of an agent's process means (R65).
enum AgentVerdict: Sendable, Equatable {
    /// The agent says that it finished; what it did is judged next.
    case finished
    /// It did not finish.
    case failed(RunProblem)

    /// The verdict on a program that says nothing but its exit code: 0 is finished.
    ///
    /// A record that ends `asked` is judged here only where nobody asked through the service: then somebody else sent the
    /// supervisor its signal, and the agent was killed.
    static func byExitCode(_ exit: ExitRecord) -> AgentVerdict {
        switch exit.by {
        case .exit, .asked: ended(exit)
        case .wall: .failed(limit(.wallLimit, exit, "It ran for \(elapsed(exit)) and reached its wall limit."))
        case .idle: .failed(limit(.idleLimit, exit, "It neither wrote nor computed until its idle limit was reached."))
        case .log: .failed(limit(.logLimit, exit, "It wrote more than its log limit allows."))
        case .startFailed:
            .failed(RunProblem(.agentStartFailed, startDetail(exit), ["error": .text(exit.startError ?? "unknown")]))
        }
    }

    private static func ended(_ exit: ExitRecord) -> AgentVerdict {
        if let signal = exit.signal {
            let name = signalName(signal)
            let detail = "The agent was killed by signal \(signal)\(name.map { " (\($0))" } ?? "")."
            return .failed(RunProblem(.agentKilled, detail, ["signal": .number(Int(signal))]))
        }
        if exit.by == .asked {
            let detail = "The agent was stopped by somebody else than the service."
            return .failed(RunProblem(.agentKilled, detail, ["signal": .number(Int(SIGTERM))]))
        }
        guard let code = exit.code else {
            return .failed(RunProblem(.agentKilled, "The agent ended without an exit code."))
        }
        if code == 0 { return .finished }
        let detail = "The agent ended with exit code \(code); its commits are kept on its branch."
        return .failed(RunProblem(.agentExit, detail, ["code": .number(Int(code))]))
    }

    private static func limit(_ reason: RunReason, _ exit: ExitRecord, _ detail: String) -> RunProblem {
        var members: [String: Evidence] = [:]
        if let signal = exit.signal { members["signal"] = .number(Int(signal)) }
        if let code = exit.code { members["code"] = .number(Int(code)) }
        return RunProblem(reason, "The agent was stopped. " + detail, members)
    }

    private static func startDetail(_ exit: ExitRecord) -> String {
        "The agent's program could not be started: \(exit.startError ?? "the supervisor does not say why")."
    }

    private static func elapsed(_ exit: ExitRecord) -> String {
        "\(max(0, Int(exit.endedAt.timeIntervalSince(exit.startedAt)))) s"
    }

    private static func signalName(_ signal: Int32) -> String? {
        strsignal(signal).map { String(cString: $0) }
    }
}
