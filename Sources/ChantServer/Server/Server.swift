import ChantDomain
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// The composition root of `serve`: domain, routes and transport, and the order in which they start and stop.
struct Server: Sendable {
    private let configuration: ServerConfiguration
    private let logger: Logger

    init(_ configuration: ServerConfiguration) {
        self.configuration = configuration
        logger = Logger(label: "chant-server") { _ in
            LogOutput(format: configuration.logFormat, level: configuration.logLevel)
        }
    }

    /// Serves until a signal asks it to stop.
    ///
    /// Start: the project is opened and held, the address taken, every old run decided, then the ready line; requests
    /// that come earlier wait for it. Stop, in reverse: agents first, while clients may still watch, then the transport.
    ///
    /// - Throws: `StartFailure`; nothing is left half started then.
    func run() async throws {
        let domain = try await open()
        defer { domain.close() }
        let readiness = StartGate()
        let transport = transport(for: domain, readiness)
        let address = try start(transport)
        domain.announce(address: address)
        do {
            let decided = try await domain.recover()
            if decided > 0 { logger.notice("decided runs of an earlier service", metadata: ["runs": "\(decided)"]) }
        } catch {
            await transport.stop(grace: .zero)
            throw StartFailure(.bug, "The runs of an earlier service could not be decided: \(error)")
        }
        readiness.becomeReady()
        defer { removePortFile() }
        try await serve(domain, transport, readiness, at: address)
        logger.info("stopped")
    }

    private func open() async throws(StartFailure) -> Domain {
        do {
            let domain = try await Domain.open(configuration.domainSettings(logger: logger))
            for notice in domain.notices { logger.warning("\(notice)") }
            return domain
        } catch {
            throw StartFailure(error)
        }
    }

    private func transport(for domain: Domain, _ readiness: StartGate) -> MicroHTTPDServer {
        let state = ServiceState(version: ServiceVersion.text, isReady: { readiness.isReady })
        let chain = MiddlewareChain(standardAround: Router(Routes.all(domain, state)))
        return MicroHTTPDServer(listeningOn: configuration.address, logger: logger) { request, context in
            await readiness.wait()
            return await chain.respond(to: request, context: context)
        }
    }

    /// Takes the address; returns the base URL.
    private func start(_ transport: MicroHTTPDServer) throws(StartFailure) -> String {
        do throws(TransportError) {
            let port = try transport.start()
            let host = configuration.address.host
            return "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        } catch {
            throw StartFailure(.addressTaken, "The service \(error).")
        }
    }

    /// The ready line on stdout, and the port in its file.
    @Sendable
    private func ready(_ address: String) throws(StartFailure) {
        if let file = configuration.portFile {
            let port = address.split(separator: ":").last.map(String.init) ?? ""
            do {
                try Data((port + "\n").utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
            } catch {
                throw StartFailure(
                    .configuration,
                    "The port file \(file) cannot be written: \(error.localizedDescription)"
                )
            }
        }
        switch configuration.logFormat {
        case .text: StandardOutput.write("listening on \(address)\n")
        case .json: StandardOutput.write("{\"event\":\"listening\",\"url\":\"\(address)\"}\n")
        }
    }

    private func removePortFile() {
        if let file = configuration.portFile { unlink(file) }
    }

    private func serve(
        _ domain: Domain,
        _ transport: MicroHTTPDServer,
        _ readiness: StartGate,
        at address: String
    ) async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: TransportService(transport: transport)),
                    .init(service: DomainService(domain: domain, readiness: readiness)),
                    .init(service: SignalNotes(domain: domain)),
                    .init(service: ReadyLine { try ready(address) }),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }
}
