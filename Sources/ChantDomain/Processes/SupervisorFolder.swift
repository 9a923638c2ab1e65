import Glibc

/// Why a supervisor cannot do its work: what it tried, and the system's reason.
///
/// Glibc only.
struct SupervisorFailure: Error {
    let what: String
    let code: Int32

    var text: String { "\(what): \(String(cString: strerror(code)))" }
}

/// The files of a run folder that its supervisor writes.
///
/// All are open from the start, so that nothing that is done to the folder or to the disk's last free bytes can stop it
/// later. Glibc only.
struct SupervisorFolder {
    let output: Int32
    /// The same as `output`, unless standard error has a file of its own.
    let errors: Int32
    private let folder: Int32
    private let times: Int32
    private let heartbeat: Int32
    private let exitRecord: Int32

    /// Opens everything, and allocates the exit record (R72).
    init(_ order: SupervisorOrder) throws(SupervisorFailure) {
        folder = Glibc.open(order.runFolder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw SupervisorFailure(what: "cannot open \(order.runFolder)", code: errno) }
        exitRecord = try Self.open("exit.json.tmp", in: folder, flags: O_TRUNC)
        let full = posix_fallocate(exitRecord, 0, 4096)
        guard full == 0 else { throw SupervisorFailure(what: "cannot allocate the exit record", code: full) }
        output = try Self.open("out.log", in: folder, flags: O_APPEND)
        errors = order.separateErrors ? try Self.open("err.log", in: folder, flags: O_APPEND) : output
        times = try Self.open("times", in: folder, flags: O_APPEND)
        heartbeat = try Self.open("heartbeat", in: folder, flags: O_APPEND)
    }

    /// Bytes in `out.log`, and in both files together.
    var sizes: (output: Int64, all: Int64) {
        let size = Self.size(output)
        return (size, errors == output ? size : size + Self.size(errors))
    }

    /// Shows that the supervisor lives.
    func beat() { futimens(heartbeat, nil) }

    /// Notes how far `out.log` had grown at a moment, for readers that ask by time.
    func note(size: Int64, at milliseconds: Int64) {
        _ = SmallFile.write(Array("\(milliseconds) \(size)\n".utf8), to: times)
    }

    /// Puts `process.json` in place; how an earlier agent of the same run ended, whose session was gone, counts no more.
    func writeProcess(_ text: String) throws(SupervisorFailure) {
        let file = try Self.open("process.json.tmp", in: folder, flags: O_TRUNC)
        defer { close(file) }
        try complete(file, "process.json", text)
        unlinkat(folder, "exit.json", 0)
    }

    /// Puts `exit.json` in place.
    func writeExit(_ text: String) throws(SupervisorFailure) {
        try complete(exitRecord, "exit.json", text)
    }

    private func complete(_ file: Int32, _ name: String, _ text: String) throws(SupervisorFailure) {
        let bytes = Array(text.utf8)
        guard
            SmallFile.write(bytes, to: file), ftruncate(file, bytes.count) == 0, fsync(file) == 0,
            renameat(folder, name + ".tmp", folder, name) == 0, fsync(folder) == 0
        else { throw SupervisorFailure(what: "cannot write \(name)", code: errno) }
    }

    private static func open(_ name: String, in folder: Int32, flags: Int32) throws(SupervisorFailure) -> Int32 {
        let file = openat(folder, name, flags | O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw SupervisorFailure(what: "cannot open \(name)", code: errno) }
        return file
    }

    private static func size(_ file: Int32) -> Int64 {
        var status = stat()
        return fstat(file, &status) == 0 ? Int64(status.st_size) : 0
    }
}

/// JSON without Foundation: objects of what a supervisor has to say.
enum SupervisorJSON {
    /// An object with these members, in this order; `nil` is left out.
    static func object(_ members: [(name: String, value: String?)]) -> String {
        let pairs = members.compactMap { member in member.value.map { "\(string(member.name)):\($0)" } }
        return "{\(pairs.joined(separator: ","))}"
    }

    /// A string's text in quotes.
    static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// A process's identity.
    static func identity(_ identity: ProcessIdentity) -> String {
        object([
            ("pid", String(identity.pid)), ("start_ticks", String(identity.startTicks)),
            ("boot_id", string(identity.bootID)), ("pid_namespace", string(identity.pidNamespace)),
        ])
    }
}
