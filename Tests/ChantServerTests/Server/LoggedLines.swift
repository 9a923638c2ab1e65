import Logging
import Synchronization

@testable import ChantServer

/// Keeps what is logged.
final class LoggedLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func logger(_ format: LogFormat = .text, level: Logger.Level = .debug) -> Logger {
        Logger(label: "test") { _ in
            LogOutput(format: format, level: level) { line in
                self.lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
            }
        }
    }
}
