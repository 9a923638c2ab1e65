import Foundation
import Glibc

/// The file that tells the port: it appears whole, once the service is ready, and goes when it stops.
struct PortFile: Sendable {
    let path: String
    private var unfinished: String { "\(path).\(getpid())" }

    /// Writes what `publish` will show, so that a place that cannot be written is found before anything was decided; takes
    /// the file of an earlier service away.
    func prepare(port: UInt16) throws(StartFailure) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw failure("it is a folder")
        }
        let file = open(unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw failure(SystemMessage.text(errno)) }
        defer { close(file) }
        let bytes = Array("\(port)\n".utf8)
        guard write(file, bytes, bytes.count) == bytes.count else {
            let code = errno
            unlink(unfinished)
            throw failure(SystemMessage.text(code))
        }
        unlink(path)
    }

    /// Shows the port.
    func publish() throws(StartFailure) {
        guard rename(unfinished, path) == 0 else {
            let code = errno
            unlink(unfinished)
            throw failure(SystemMessage.text(code))
        }
    }

    /// Takes the file away, whether it was shown already or not.
    func remove() {
        unlink(unfinished)
        unlink(path)
    }

    private func failure(_ detail: String) -> StartFailure {
        StartFailure(.configuration, "The port file \(path) cannot be written: \(detail).")
    }
}
