import Synchronization

/// What comes of a request to stop.
enum StopAnswer: Sendable, Equatable {
    case willStop
    /// The finishing commit is on the target, or how the run ends has been decided.
    case tooLate
    /// The target is being moved, which takes long; how the run ends is told by the run.
    case undecided
}

/// One run's ear for requests to stop it, and the point of no return (R58).
///
/// Before the finishing commit is moved onto the target a stop wins; once it is reachable the run completes.
/// Between the two the answer is not known yet: who asks then waits for it, for a while.
final class RunControl: Sendable {
    enum Phase {
        case open
        case stopping(StopReason)
        /// The target is being moved; a stop that arrives now is decided by whether that works.
        case moving(asked: StopReason?)
        case committed
        /// How the run ends is decided, and is being written.
        case settling
        /// Nobody waits for the run any more; it has been settled by somebody else.
        case givenUp
    }

    private struct State {
        var phase = Phase.open
        var onStop: [@Sendable (StopReason) -> Void] = []
        var undecided: [AsyncStream<StopAnswer>.Continuation] = []
        var isDetaching = false
        var isServiceStopping = false
        var waitingForDetach: [Int: CheckedContinuation<Bool, Never>] = [:]
        var lastKey = 0
    }

    private let state = Mutex(State())

    /// Asks the run to stop.
    ///
    /// - Parameters:
    ///   - reason: who asks.
    ///   - patience: how long an answer is waited for while the target is being moved.
    /// - Returns: whether it will stop.
    func stop(_ reason: StopReason, patience: Duration = .seconds(10)) async -> StopAnswer {
        let (answers, continuation) = AsyncStream<StopAnswer>.makeStream()
        let (actions, answer) = ask(reason, continuation)
        for action in actions { action(reason) }
        if let answer { return answer }
        return await withTaskGroup(of: StopAnswer.self) { group in
            group.addTask { await answers.first { _ in true } ?? .undecided }
            group.addTask {
                try? await Surroundings.sleep(for: patience)
                return .undecided
            }
            defer { group.cancelAll() }
            return await group.next() ?? .undecided
        }
    }

    /// What has to be called now, and the answer; without one, `later` gets it.
    private func ask(
        _ reason: StopReason,
        _ later: AsyncStream<StopAnswer>.Continuation
    ) -> ([@Sendable (StopReason) -> Void], StopAnswer?) {
        state.withLock { state in
            if reason == .serviceStopped { state.isServiceStopping = true }
            switch state.phase {
            case .open:
                state.phase = .stopping(reason)
                defer { state.onStop = [] }
                return (state.onStop, .willStop)
            case .stopping(let earlier):
                // A run that somebody cancels does not start again after the service did.
                state.phase = .stopping(earlier.joined(with: reason))
                return ([], .willStop)
            case .moving(let asked):
                state.phase = .moving(asked: asked?.joined(with: reason) ?? reason)
                state.undecided.append(later)
                return ([], nil)
            case .committed, .settling:
                return ([], .tooLate)
            case .givenUp:
                return ([], .willStop)
            }
        }
    }

    /// Looks at the phase and may change it, while nobody else does.
    func decide<Answer>(_ body: (inout Phase) -> Answer) -> Answer {
        state.withLock { state in body(&state.phase) }
    }

    /// Why the run has to stop, if it has to.
    var stopReason: StopReason? {
        state.withLock { state in
            if case .stopping(let reason) = state.phase { reason } else { nil }
        }
    }

    /// Throws when the run has to stop; called between the steps of a stage.
    func checkpoint() throws(StageFailure) {
        if let reason = stopReason { throw .stopped(reason) }
        if isGivenUp { throw .stopped(.cancelled) }
    }

    /// The same before something new is started, which a service that leaves its agents to the next one does not do.
    func checkpointBeforeStart() throws(StageFailure) {
        try checkpoint()
        if state.withLock({ $0.isDetaching }) { throw .stopped(.serviceStopped) }
    }

    /// Asks the run to leave its agent to the next service (R30); what is past the agent goes on to its end.
    func detach() {
        let waiting = state.withLock { state in
            defer { state.waitingForDetach = [:] }
            state.isDetaching = true
            return Array(state.waitingForDetach.values)
        }
        for continuation in waiting { continuation.resume(returning: true) }
    }

    /// Waits until the run is asked to leave its agent; `false` where the task was cancelled first.
    func isDetached() async -> Bool {
        let key = state.withLock { state in
            state.lastKey += 1
            return state.lastKey
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.isDetaching { return true }
                    if Task.isCancelled { return false }
                    state.waitingForDetach[key] = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.waitingForDetach.removeValue(forKey: key) }?.resume(returning: false)
        }
    }

    /// Lets time pass; `false` where the service leaves its runs, or stops them, in whatever phase they are.
    func pause(for duration: Duration) async -> Bool {
        try? await Surroundings.sleep(for: duration)
        return state.withLock { !$0.isDetaching && !$0.isServiceStopping }
    }

    /// Calls `action` once when somebody asks for a stop; at once if that was before.
    func onStop(_ action: @escaping @Sendable (StopReason) -> Void) {
        let reason: StopReason? = state.withLock { state in
            if case .stopping(let reason) = state.phase { return reason }
            state.onStop.append(action)
            return nil
        }
        if let reason { action(reason) }
    }

    /// Enters the move of the target; throws when a stop came first.
    func beginMove() throws(StageFailure) {
        let reason: StopReason? = state.withLock { state in
            switch state.phase {
            case .stopping(let reason): return reason
            case .givenUp: return .cancelled
            case .open, .moving, .committed, .settling:
                state.phase = .moving(asked: nil)
                return nil
            }
        }
        if let reason { throw .stopped(reason) }
    }

    /// Leaves the move of the target and answers those who asked meanwhile.
    ///
    /// - Parameter committed: whether the finishing commit is reachable from the target now.
    func endMove(committed: Bool) {
        let (waiting, actions, reason) = state.withLock { state in
            guard case .moving(let asked) = state.phase else {
                return ([AsyncStream<StopAnswer>.Continuation](), [@Sendable (StopReason) -> Void](), StopReason?.none)
            }
            defer { state.undecided = [] }
            if committed {
                state.phase = .committed
                return (state.undecided, [], nil)
            }
            state.phase = asked.map(Phase.stopping) ?? .open
            return (state.undecided, asked == nil ? [] : state.onStop, asked)
        }
        if let reason { for action in actions { action(reason) } }
        for continuation in waiting {
            continuation.yield(committed ? .tooLate : .willStop)
            continuation.finish()
        }
    }
}
