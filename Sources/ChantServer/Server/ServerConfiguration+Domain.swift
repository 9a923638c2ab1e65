import ChantDomain
import Foundation
import Logging

extension ServerConfiguration {
    /// What the domain is opened with.
    func domainSettings(logger: Logger) -> DomainSettings {
        DomainSettings(
            projectFolder: projectFolder,
            projectName: projectName,
            stateFolder: stateFolder,
            worktreesFolder: worktreesFolder,
            workers: workers,
            ownProgram: Self.ownProgram,
            environment: ProcessInfo.processInfo.environment,
            version: ServiceVersion.text,
            logger: logger
        )
    }

    /// How the server was started, as far as the domain does not know it.
    var shown: JSONObject {
        let host = address.host.contains(":") ? "[\(address.host)]" : address.host
        return [
            "listen": .string("\(host):\(address.port)"),
            "hosts": JSONValue(hosts.sorted()),
            "port_file": JSONValue(portFile),
            "on_stop": .string(onStop.rawValue),
            "log_format": .string(logFormat.rawValue),
            "log_level": .string(logLevel.rawValue),
        ]
    }

    /// The file that runs now: what `chant-server supervise` and the demo agent are started from.
    static let ownProgram: String =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
}

extension StartFailure {
    /// The exit code of the contract for a project that is not served.
    init(_ error: DomainStartError) {
        switch error.kind {
        case .projectUnusable: self.init(.projectUnusable, error.sentence)
        case .heldByOther: self.init(.heldByOther, error.sentence)
        case .diskFull: self.init(.diskFull, error.sentence)
        case .configuration: self.init(.configuration, error.sentence)
        }
    }
}
