import Foundation
import Logging

/// A thread of its own that keeps the transport's deadlines, whatever the other threads are doing.
final class DeadlineSweeper: @unchecked Sendable {
    private let core: TransportCore
    // @unchecked: `isEnded` is only touched with this condition locked.
    private let condition = NSCondition()
    private var isEnded = false

    init(core: TransportCore) {
        self.core = core
    }

    func start() {
        let thread = Thread { self.run() }
        thread.name = "deadline sweeper"
        thread.start()
    }

    func end() {
        condition.withLock {
            isEnded = true
            condition.signal()
        }
    }

    private func run() {
        let interval =
            Double(core.limits.sweep.components.seconds)
            + Double(core.limits.sweep.components.attoseconds) / 1e18
        condition.lock()
        while !isEnded {
            if condition.wait(until: Date(timeIntervalSinceNow: interval)) { continue }
            condition.unlock()
            sweep()
            condition.lock()
        }
        condition.unlock()
    }

    private func sweep() {
        let now = ContinuousClock.now
        let late = core.connections.sweep(now, saying: core.tooLate)
        if late > 0 { core.logger.debug("requests did not arrive in time", metadata: ["count": "\(late)"]) }
        for exchange in core.exchanges.all { exchange.sweep(now) }
    }
}
