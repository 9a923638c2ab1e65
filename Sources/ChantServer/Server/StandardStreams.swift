import Glibc

/// Whole lines to the standard error stream, without Foundation's buffers.
enum StandardError {
    static func write(_ text: String) { StandardStreams.write(text, to: STDERR_FILENO) }
}

/// Whole lines to the standard output stream.
enum StandardOutput {
    static func write(_ text: String) { StandardStreams.write(text, to: STDOUT_FILENO) }
}

/// What has to be true of the three streams before anything else is opened.
enum StandardStreams {
    /// Opens what whoever started the program has closed, and makes a reader that left an error instead of an end.
    ///
    /// Otherwise the journal could become descriptor 1 and get the ready line, and `chant-server | head -1` would die of
    /// SIGPIPE. Programs that we start get the usual signals back.
    static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free descriptor is the one that was found closed.
            _ = open("/dev/null", O_RDWR)
        }
    }

    /// Writes everything; gives up when nobody reads any more, since nobody could be told.
    fileprivate static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
