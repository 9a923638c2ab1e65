import CMicroHTTPD
import Glibc

/// What the hub's thread does, round after round: takes orders, hears from the sockets, sends.
final class StreamRounds {
    private let hub: StreamHub
    private let sweepMilliseconds: Int32
    private var seats: [UInt64: StreamSeat] = [:]
    private var channels: [ObjectIdentifier: StreamChannel] = [:]
    /// Seats that time may end: they are blocked, or their client has closed its side.
    private var watched: Set<UInt64> = []
    private var isStopping = false
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 16)
    private let pieces = UnsafeMutableBufferPointer<iovec>.allocate(capacity: SeatWriting.batch)
    private var events = [epoll_event](repeating: epoll_event(), count: 512)
    /// Seats have keys from 1 on.
    private let bellKey: UInt64 = 0

    init(_ hub: StreamHub) {
        self.hub = hub
        let sweep = hub.limits.sweep.components
        sweepMilliseconds = Int32(clamping: sweep.seconds * 1000 + sweep.attoseconds / 1_000_000_000_000_000)
    }

    deinit {
        scratch.deallocate()
        pieces.deallocate()
    }

    func run() {
        // Level-triggered: the bell is heard until orders were taken.
        watch(hub.bell, EPOLLIN.rawValue, key: bellKey)
        var nextSweep = ContinuousClock.now + hub.limits.sweep
        while true {
            let count = epoll_wait(
                hub.epoll,
                &events,
                Int32(events.count),
                watched.isEmpty ? -1 : sweepMilliseconds
            )
            var isRung = false
            for event in events.prefix(Int(max(0, count))) {
                if event.data.u64 == bellKey {
                    isRung = true
                } else if let seat = seats[event.data.u64] {
                    hear(event.events, of: seat)
                }
            }
            if isRung, !follow(hub.takeOrders()) { break }
            let now = ContinuousClock.now
            if now >= nextSweep {
                sweep(now)
                nextSweep = now + hub.limits.sweep
            }
        }
        for seat in hub.endOrders() { seat.close() }
        for seat in seats.values { close(seat) }
    }

    // MARK: - Orders

    /// Whether to go on.
    private func follow(_ orders: StreamHub.Orders) -> Bool {
        if orders.isCutOff {
            for seat in orders.arrivals { seats[seat.key] = seat }
            return false
        }
        for seat in orders.arrivals { admit(seat) }
        // Before a stop, which ends each stream behind the last event that there was.
        if orders.hasNews { tellNews() }
        if orders.isStopping, !isStopping {
            isStopping = true
            for seat in Array(seats.values) {
                stop(seat)
                serve(seat)
            }
        }
        for key in orders.awake {
            if let seat = seats[key], !seat.isBlocked { serve(seat) }
        }
        return true
    }

    private func admit(_ seat: StreamSeat) {
        seats[seat.key] = seat
        guard watch(seat.fd, EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue, key: seat.key) else {
            return close(seat)
        }
        if isStopping { stop(seat) }
        serve(seat)
    }

    private func stop(_ seat: StreamSeat) {
        seat.stream.stop()
        seat.cancel()
    }

    private func tellNews() {
        for channel in Array(channels.values) where channel.refresh() {
            for seat in Array(channel.seats.values) where !seat.isBlocked { serve(seat) }
        }
    }

    // MARK: - Sockets

    private func hear(_ signs: UInt32, of seat: StreamSeat) {
        if signs & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { return close(seat) }
        if signs & EPOLLRDHUP.rawValue != 0, !seat.isHalfClosed {
            seat.isHalfClosed = true
            seat.progress = (seat.writing.sent, .now)
            watched.insert(seat.key)
        }
        if signs & EPOLLOUT.rawValue != 0, seat.isBlocked {
            seat.isBlocked = false
            serve(seat)
        }
    }

    /// Sends what the seat has until it has no more, its socket is full, or the stream is over.
    private func serve(_ seat: StreamSeat) {
        let sink = SocketSink(fd: seat.fd)
        while true {
            var live = seat.channel?.live
            if isStopping { live?.isFinished = true }
            switch seat.writing.pump(seat.stream, live, into: sink, scratch, pieces) {
            case .waits: return
            case .yields: return hub.attend(seat.key)
            case .joins: join(seat)
            case .cut: return close(seat)
            case .over:
                seat.swallowInput()
                return close(seat)
            case .blocked:
                seat.isBlocked = true
                if watched.insert(seat.key).inserted { seat.progress = (seat.writing.sent, .now) }
                return
            }
        }
    }

    private func join(_ seat: StreamSeat) {
        guard let (broadcast, position) = seat.stream.next else { return seat.writing.join(nil) }
        let name = ObjectIdentifier(broadcast)
        let channel = channels[name] ?? StreamChannel(broadcast) { [hub] in hub.hearNews() }
        channels[name] = channel
        // Not refreshed here: readers that are there already would not be told of what this one finds.
        let index = channel.live.ring.index(after: position)
        seat.writing.join(index.map { RingReader(from: $0, after: position) })
        seat.channel = channel
        channel.seats[seat.key] = seat
    }

    private func close(_ seat: StreamSeat) {
        guard seats.removeValue(forKey: seat.key) != nil else { return }
        watched.remove(seat.key)
        if let channel = seat.channel {
            channel.seats[seat.key] = nil
            if channel.seats.isEmpty {
                channel.broadcast.unlisten(channel.listening)
                channels[ObjectIdentifier(channel.broadcast)] = nil
            }
        }
        seat.close()
    }

    @discardableResult
    private func watch(_ fd: Int32, _ signs: UInt32, key: UInt64) -> Bool {
        var event = epoll_event()
        event.events = signs
        event.data.u64 = key
        return epoll_ctl(hub.epoll, EPOLL_CTL_ADD, fd, &event) == 0
    }

    // MARK: - Time

    /// Ends what has not moved for too long.
    private func sweep(_ now: ContinuousClock.Instant) {
        for key in watched {
            guard let seat = seats[key] else { continue }
            if seat.writing.sent > seat.progress.sent { seat.progress = (seat.writing.sent, now) }
            let still = now - seat.progress.at
            if seat.isBlocked {
                if still >= hub.limits.stalled { close(seat) }
            } else if seat.isHalfClosed {
                if still >= hub.limits.halfClosed { close(seat) }
            } else {
                watched.remove(key)
            }
        }
    }
}
