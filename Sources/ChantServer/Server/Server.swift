import ChantDomain
import Foundation
import Glibc
import Logging
import ServiceLifecycle
import Synchronization

/// The composition root of `serve`: domain, routes and transport, and the order in which they start and stop.
struct Server: Sendable {
    private let configuration: ServerConfiguration
    private let logger: Logger
    private let secrets: SecretsOfLog
    private let watcher = ServiceWatcher(environment: ProcessInfo.processInfo.environment)

    init(_ configuration: ServerConfiguration) {
        self.configuration = configuration
        let format = configuration.logFormat
        let output = LineWriter(descriptor: 2) { LogOutput.notice(ofDropped: $0, format: format) }
        let secrets = SecretsOfLog()
        self.secrets = secrets
        logger = Logger(label: "chant-server") { _ in
            LogOutput(format: format, level: configuration.logLevel) { output.write(secrets.masked($0)) }
        }
    }

    /// Serves until a signal asks it to stop.
    ///
    /// Start: the project is opened and held, the address taken, every old run decided, then the ready line; requests
    /// that come earlier wait for it. Stop, in reverse: agents first, while clients may still watch, then the transport.
    ///
    /// - Throws: `StartFailure`; nothing is left half started then.
    func run() async throws {
        let portFile = configuration.portFile.map { PortFile(path: $0) }
        // Before anything else, so that a signal at any later moment finds somebody. It must not take the port file of
        // another service away, which `ours` is for.
        let ours = Flag()
        let signals = StopSignals { if ours.isSet { portFile?.remove() } }
        let domain = try await open()
        defer { domain.close() }
        let readiness = StartGate()
        let feed = EventFeed(domain.events, logger: logger)
        let transport = transport(for: domain, feed, readiness)
        let port = try start(transport)
        ours.set()
        defer { portFile?.remove() }
        domain.announce(address: address(port))
        var isRecovered = false
        do {
            try portFile?.prepare(port: port)
            try await recover(domain)
            isRecovered = true
            guard !signals.isRaised else { throw Interrupted() }
            try portFile?.publish()
        } catch {
            readiness.beginStopping()
            if isRecovered { await leave(domain) }
            await transport.stop(grace: .zero)
            if error is Interrupted { return }
            throw error
        }
        readiness.becomeReady()
        tellReady(at: address(port))
        try await serve(domain, feed, transport, readiness, signals)
        logger.info("stopped")
    }

    /// What was adopted is left again, or settled, though the service never got ready.
    private func leave(_ domain: Domain) async {
        await domain.stop(configuration.onStop)
        await domain.run()
    }

    private func open() async throws(StartFailure) -> Domain {
        do {
            let domain = try await Domain.open(configuration.domainSettings(logger: logger))
            secrets.use(domain.redactor)
            for notice in domain.notices { logger.warning("\(notice)") }
            return domain
        } catch {
            throw StartFailure(error)
        }
    }

    private func transport(for domain: Domain, _ feed: EventFeed, _ readiness: StartGate) -> MicroHTTPDServer {
        let state = ServiceState(
            version: ServiceVersion.text,
            isReady: { readiness.isReady },
            settings: configuration.shown
        )
        let router = Router(Routes.all(domain, state, feed))
        let chain = MiddlewareChain(standardAround: router, hosts: configuration.hosts, masks: .init(domain.redactor))
        return MicroHTTPDServer(
            listeningOn: configuration.address,
            passed: configuration.passed?.descriptor,
            logger: logger
        ) { request, context in
            // What does not ask about runs can be told at any time, so that a probe learns "not ready yet" at once.
            if !Self.isAlwaysAnswered(request) { await readiness.wait() }
            return await chain.respond(to: request, context: context)
        }
    }

    private static func isAlwaysAnswered(_ request: HTTPRequest) -> Bool {
        guard let first = request.path.first else { return false }
        return ["health", "version", "openapi.yaml", "problems"].contains(first)
    }

    /// Takes the address; returns the port.
    private func start(_ transport: MicroHTTPDServer) throws(StartFailure) -> UInt16 {
        do throws(TransportError) {
            return try transport.start()
        } catch {
            throw StartFailure(error.exitCode, "The service \(error).")
        }
    }

    private func address(_ port: UInt16) -> String {
        let host = configuration.address.host
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    private func recover(_ domain: Domain) async throws(StartFailure) {
        do {
            let decided = try await watcher.extending { try await domain.recover() }
            if decided > 0 { logger.notice("decided runs of an earlier service", metadata: ["runs": "\(decided)"]) }
        } catch let error as DomainStartError where error.kind == .diskFull {
            throw StartFailure(error)
        } catch {
            throw StartFailure(.bug, "The runs of an earlier service could not be decided: \(error)")
        }
    }

    private func tellReady(at address: String) {
        switch configuration.logFormat {
        case .text: StandardOutput.write("listening on \(address)\n")
        case .json: StandardOutput.write("{\"event\":\"listening\",\"url\":\"\(address)\"}\n")
        }
        watcher.tell(.ready("listening on \(address)"))
    }

    private func serve(
        _ domain: Domain,
        _ feed: EventFeed,
        _ transport: MicroHTTPDServer,
        _ readiness: StartGate,
        _ signals: StopSignals
    ) async throws {
        let stopping = SignalService(
            signals: signals,
            domain: domain,
            watcher: watcher,
            onStop: configuration.onStop,
            logger: logger
        )
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: WatcherService(watcher: watcher, domain: domain, signals: signals)),
                    .init(service: TransportService(transport: transport)),
                    .init(service: EventFeedService(feed: feed)),
                    .init(service: DomainService(domain: domain, readiness: readiness, onStop: configuration.onStop)),
                    .init(service: stopping, successTerminationBehavior: .gracefullyShutdownGroup),
                ],
                logger: logger
            )
        )
        try await group.run()
    }
}

extension TransportError {
    /// Only an address that somebody else has is 69; one that nobody could listen on is a matter of the configuration.
    var exitCode: StartFailure.Code {
        switch self {
        case .addressInUse: .addressTaken
        case .unknownHost: .configuration
        case .refused(_, let code):
            [EACCES, EADDRNOTAVAIL, EAFNOSUPPORT, EINVAL, EPERM].contains(code) ? .configuration : .bug
        case .notStarted, .startedAlready: .bug
        }
    }
}

/// A signal came before the service was ready.
private struct Interrupted: Error {}

/// Something that becomes true once.
private final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .sequentiallyConsistent) }

    func set() { value.store(true, ordering: .sequentiallyConsistent) }
}
