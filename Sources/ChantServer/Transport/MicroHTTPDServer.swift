import CMicroHTTPD
import Foundation
import Glibc
import Logging
import Synchronization

/// The HTTP server: libmicrohttpd's epoll workers before, an async closure behind.
final class MicroHTTPDServer: Sendable {
    private enum Life {
        case idle
        case running(Running)
        case stopped
    }

    /// `@unchecked`: the daemon is only used by `start` and by the one `stop` that took it out of `life`.
    private struct Running: @unchecked Sendable {
        var daemon: OpaquePointer
        var listener: Int32
        var sweeper: DeadlineSweeper
        /// The daemon's context: given back when it has ended.
        var context: Unmanaged<TransportCore>
    }

    private let address: ListenAddress
    private let passed: Int32?
    private let core: TransportCore
    private let life = Mutex(Life.idle)

    /// - Parameters:
    ///   - address: where to listen.
    ///   - passed: a listening socket for that, which the server closes when it stops; without one it opens its own.
    ///   - limits: what a connection may cost.
    ///   - logger: for what concerns no single request.
    ///   - respond: answers every request, those included that the transport refuses.
    init(
        listeningOn address: ListenAddress,
        passed: Int32? = nil,
        limits: TransportLimits = TransportLimits(),
        logger: Logger,
        respond: @escaping @Sendable (HTTPRequest, RequestContext) async -> HTTPResponse
    ) {
        self.address = address
        self.passed = passed
        core = TransportCore(limits: limits, logger: logger, respond: respond)
    }

    /// Open connections and open streams.
    var load: (connections: Int, streams: Int) {
        (core.connections.count + core.streams.liveCount, core.streams.count)
    }

    /// Listens and answers from now on.
    ///
    /// - Returns: the port, which the system chose if it was 0.
    func start() throws(TransportError) -> UInt16 {
        // Half of the files are left to connections, logs, agents and git.
        core.streams.restrict(to: OpenFiles.raiseLimit() / 2)
        // One start and one stop: a server is not used twice.
        let isFirst = life.withLock { life in
            guard case .idle = life else { return false }
            life = .stopped
            return true
        }
        guard isFirst else { throw .startedAlready }
        let listener = try listen()
        let context = Unmanaged.passRetained(core)
        var options = options(listener: listener, context: context)
        guard core.hub.start(), let daemon = cmhd_start(&options) else {
            let code = errno
            core.hub.cutOff()
            context.release()
            close(listener)
            throw .notStarted(code: code)
        }
        let sweeper = DeadlineSweeper(core: core)
        sweeper.start()
        let running = Running(daemon: daemon, listener: listener, sweeper: sweeper, context: context)
        life.withLock { $0 = .running(running) }
        return cmhd_port(listener)
    }

    /// Stops the server.
    ///
    /// It takes no new connections, streams end with what they hold, requests under way are answered; what is not done
    /// after `grace` is cut off. A second call does nothing.
    func stop(grace: Duration = .seconds(3)) async {
        let running = life.withLock { life -> Running? in
            guard case .running(let running) = life else { return nil }
            life = .stopped
            return running
        }
        guard let running else { return }
        core.isStopping.store(true, ordering: .sequentiallyConsistent)
        cmhd_quiesce(running.daemon)
        close(running.listener)
        for exchange in core.exchanges.all { exchange.stopStreaming() }
        core.hub.stop()
        if await !isIdle(within: grace) {
            core.isForced.store(true, ordering: .sequentiallyConsistent)
            core.hub.cutOff()
            for exchange in core.exchanges.all { exchange.stopNow() }
            // Nothing is suspended any more. A moment for the last answers; the daemon cuts off the rest.
            _ = await isIdle(within: .milliseconds(500))
        }
        core.isForced.store(true, ordering: .sequentiallyConsistent)
        for exchange in core.exchanges.all { exchange.stopNow() }
        running.sweeper.end()
        core.hub.cutOff()
        await end(running)
    }

    /// Waits until no request is under way and no stream is open.
    private func isIdle(within limit: Duration) async -> Bool {
        let end = ContinuousClock.now + limit
        guard await core.exchanges.waitUntilEmpty(atMost: limit) else { return false }
        return await core.streams.waitUntilEmpty(atMost: end - ContinuousClock.now)
    }

    /// Joins the workers on a thread of its own: it may take a while, and they may wait for tasks.
    private func end(_ running: Running) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            Thread.detachNewThread {
                cmhd_stop(running.daemon)
                running.context.release()
                continuation.resume()
            }
        }
    }

    private func listen() throws(TransportError) -> Int32 {
        if let passed { return passed }
        var reason: UnsafePointer<CChar>?
        let fd = cmhd_listen(address.host, address.port, 1024, &reason)
        if fd >= 0 { return fd }
        let code = errno
        if let reason { throw .unknownHost(address.host, reason: String(cString: reason)) }
        throw code == EADDRINUSE ? .addressInUse(address) : .refused(address, code: code)
    }

    private func options(listener: Int32, context: Unmanaged<TransportCore>) -> cmhd_options {
        var options = cmhd_options()
        options.listen_fd = listener
        options.threads = UInt32(core.limits.threads)
        options.connection_limit = UInt32(core.limits.connections)
        options.idle_seconds = core.limits.backstopSeconds
        options.memory_limit = core.limits.connectionMemory
        options.context = context.toOpaque()
        options.handler = Callbacks.handler
        options.completed = Callbacks.completed
        options.connection = Callbacks.connection
        options.target = Callbacks.target
        options.log = Callbacks.log
        return options
    }
}

/// How many files and sockets this process may have open.
enum OpenFiles {
    /// Raises the soft limit to the hard one, but not beyond what connections need: programs that the service starts
    /// inherit it, and some of them try every number up to it.
    ///
    /// - Returns: the limit that holds now.
    static func raiseLimit(to wanted: UInt = 65_536) -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 1024 }
        if limit.rlim_cur < wanted {
            limit.rlim_cur = min(limit.rlim_max, wanted)
            setrlimit(resource, &limit)
            getrlimit(resource, &limit)
        }
        return Int(clamping: limit.rlim_cur)
    }
}
