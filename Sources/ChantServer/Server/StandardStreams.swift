import Glibc

/// Whole lines to the standard error stream, without Foundation's buffers.
enum StandardError {
    static func write(_ text: String) { StandardStreams.write(text, to: 2) }
}

/// Whole lines to the standard output stream.
enum StandardOutput {
    static func write(_ text: String) { StandardStreams.write(text, to: 1) }
}

private enum StandardStreams {
    /// Writes everything; gives up when nobody reads any more, since nobody could be told.
    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
