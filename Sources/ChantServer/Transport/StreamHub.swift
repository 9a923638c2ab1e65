import CMicroHTTPD
import Foundation
import Glibc
import Synchronization

/// Writes all live streams, from one thread of its own, straight to their sockets.
///
/// The connection is taken from libmicrohttpd when the stream begins: the library keeps nothing for it, and a plain request
/// costs the same however many streams are open. A stream that only follows a broadcast has no task either. One publish
/// rings the bell once, whoever listens; what comes while a round is under way is sent in the next, several chunks at once.
final class StreamHub: Sendable {
    /// What other threads want.
    struct Orders {
        var arrivals: [StreamSeat] = []
        /// Seats whose own stream has something to read.
        var awake: [UInt64] = []
        /// Some broadcast has news.
        var hasNews = false
        /// All streams end with what they hold.
        var isStopping = false
        /// All streams are cut off.
        var isCutOff = false
        /// The thread has ended, or never began.
        var isEnded = true
        /// The bell was rung and not heard yet.
        fileprivate var isRung = false
        fileprivate var lastKey: UInt64 = 0
    }

    let limits: TransportLimits
    let epoll: Int32
    let bell: Int32
    /// What libmicrohttpd gets in place of a socket that was taken.
    let standIn: Int32
    private let orders = Mutex(Orders())

    init(limits: TransportLimits) {
        self.limits = limits
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        bell = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        standIn = cmhd_stand_in()
    }

    deinit {
        for descriptor in [epoll, bell, standIn] where descriptor >= 0 { Glibc.close(descriptor) }
    }

    /// Starts the thread.
    ///
    /// - Returns: whether the system gave what it needs.
    func start() -> Bool {
        guard epoll >= 0, bell >= 0, standIn >= 0 else { return false }
        orders.withLock { $0.isEnded = false }
        let thread = Thread { StreamRounds(self).run() }
        thread.name = "stream hub"
        thread.start()
        return true
    }

    /// A key for a seat that is to be added; before, so that its stream can ask for attention at any time.
    func nextKey() -> UInt64 {
        orders.withLock { orders in
            orders.lastKey += 1
            return orders.lastKey
        }
    }

    /// From now on the seat belongs to the hub.
    func add(_ seat: StreamSeat) {
        let isTaken = order { orders in
            guard !orders.isEnded, !orders.isCutOff else { return false }
            orders.arrivals.append(seat)
            return true
        }
        if !isTaken { seat.close() }
    }

    /// A seat's own stream has something to read.
    func attend(_ key: UInt64) {
        order { $0.awake.append(key) }
    }

    /// A broadcast has news.
    func hearNews() {
        order { $0.hasNews = true }
    }

    /// Every stream ends with what it holds.
    func stop() {
        order { $0.isStopping = true }
    }

    /// Every stream is cut off at once, and the thread ends.
    func cutOff() {
        order { $0.isCutOff = true }
    }

    /// Takes what was ordered, on the hub's thread.
    func takeOrders() -> Orders {
        var count: UInt64 = 0
        _ = read(bell, &count, 8)
        return orders.withLock { orders in
            let taken = orders
            orders.arrivals = []
            orders.awake = []
            orders.hasNews = false
            orders.isRung = false
            return taken
        }
    }

    /// The thread ends; seats that come later are closed by whoever brings them.
    ///
    /// - Returns: those that came last.
    func endOrders() -> [StreamSeat] {
        orders.withLock { orders in
            orders.isEnded = true
            defer { orders.arrivals = [] }
            return orders.arrivals
        }
    }

    @discardableResult
    private func order<Answer>(_ change: (inout Orders) -> Answer) -> Answer {
        let (answer, rings) = orders.withLock { orders in
            let answer = change(&orders)
            defer { orders.isRung = true }
            return (answer, !orders.isRung && !orders.isEnded)
        }
        if rings {
            var one: UInt64 = 1
            _ = write(bell, &one, 8)
        }
        return answer
    }
}
