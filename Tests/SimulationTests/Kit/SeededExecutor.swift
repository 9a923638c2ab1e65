import Synchronization

/// Runs all tasks of a simulation on one thread; whenever several could go on, the seed says which does.
final class SeededExecutor: TaskExecutor {
    private enum Waiting {
        case job(UnownedJob)
        case pause(UnsafeContinuation<Void, Never>)
    }

    private let waiting = Mutex<[Waiting]>([])
    private let dice: Dice

    init(_ dice: Dice) { self.dice = dice }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        waiting.withLock { $0.append(.job(job)) }
    }

    /// Lets whatever else could go on be chosen before.
    func pause() async {
        await withUnsafeContinuation { continuation in waiting.withLock { $0.append(.pause(continuation)) } }
    }

    /// Whether nothing can go on before time passes.
    var isIdle: Bool { waiting.withLock { $0.isEmpty } }

    /// Goes on with one; `false` where nothing can go on before time passes.
    func step() -> Bool {
        let chosen = waiting.withLock { waiting -> Waiting? in
            guard !waiting.isEmpty else { return nil }
            // The oldest is not preferred: any order that the language allows may come.
            let place = waiting.count == 1 ? 0 : dice.number(in: 0...(waiting.count - 1))
            waiting.swapAt(place, waiting.count - 1)
            return waiting.removeLast()
        }
        switch chosen {
        case .job(let job): job.runSynchronously(on: asUnownedTaskExecutor())
        case .pause(let continuation): continuation.resume()
        case nil: return false
        }
        return true
    }
}
