import ChantDomain
import Foundation
import Synchronization

/// Masks secrets in what the service writes about itself (R34).
///
/// Until a project is open, only the variables of the service are known.
final class SecretsOfLog: Sendable {
    private let redactor: Mutex<SecretRedactor>

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        redactor = Mutex(SecretRedactor(SecretValues(environment: environment).values))
    }

    /// From now on what a project calls secret is masked.
    func use(_ redactor: SecretRedactor) { self.redactor.withLock { $0 = redactor } }

    /// A line without secrets.
    func masked(_ line: [UInt8]) -> [UInt8] { redactor.withLock { $0 }.masked(line) }

    /// A sentence without secrets.
    func masked(_ sentence: String) -> String { redactor.withLock { $0 }.masked(sentence) }
}

extension SecretMasking.Masks {
    /// The masks of an open project.
    init(_ redactor: SecretRedactor) {
        self.init(json: { redactor.masked(json: $0) }, text: { redactor.masked($0) })
    }
}
