import Foundation
import Glibc

/// Which values are secret (R34): collected once, when a project is opened.
public struct SecretValues: Sendable {
    /// The values.
    public private(set) var values: Set<String> = []
    /// What a person should know, a sentence each; never a value.
    public private(set) var notices: [String] = []

    /// A file that is longer holds no settings.
    static let longestFile = 1 << 20

    /// What can be known without a project: the variables whose names say that they are secret, and passwords in addresses.
    ///
    /// - Parameters:
    ///   - environment: the service's variables.
    ///   - globs: names of variables.
    public init(environment: [String: String], globs: [String] = ServerKeys.RedactKeys().env) {
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) { add(value, of: name, globs) }
    }

    /// All that a project's configuration calls secret.
    ///
    /// - Parameters:
    ///   - environment: the service's variables.
    ///   - keys: the section `server`.
    ///   - projectFolder: where relative names of `redact.values_from` begin.
    public init(environment: [String: String], keys: ServerKeys, projectFolder: String) {
        self.init(environment: environment, globs: keys.redact.env)
        for (name, value) in keys.agentEnv.set.sorted(by: { $0.key < $1.key }) { add(value, of: name, keys.redact.env) }
        for name in keys.redact.valuesFrom { addFile(name, in: projectFolder, home: environment["HOME"]) }
    }

    private mutating func add(_ value: String, of name: String, _ globs: [String]) {
        if globs.contains(where: { fnmatch($0, name, 0) == 0 }) {
            add(value, "\(name)")
        } else {
            for password in Self.passwords(in: value) { add(password, "the password in \(name)") }
        }
    }

    private mutating func add(_ value: String, _ source: String) {
        guard !value.isEmpty else { return }
        if SecretForms(of: [value]).all.isEmpty {
            notices.append(
                "The value of \(source) is too short to be masked in logs; a secret needs \(SecretForms.shortest) bytes."
            )
        } else {
            values.insert(value)
        }
    }

    /// Lines `NAME=value`, with or without `export` and quotation marks, and lines that are values themselves, such as
    /// base64 with `==` at its end.
    private mutating func addFile(_ name: String, in folder: String, home: String?) {
        let isInHome = name.hasPrefix("~/") && home != nil
        let path = isInHome ? (home ?? "") + name.dropFirst() : name.hasPrefix("/") ? name : folder + "/" + name
        let bytes: [UInt8]
        do {
            bytes = try LogFile(path: path).read(from: 0, limit: Self.longestFile + 1)
        } catch {
            notices.append("server.redact.values_from: \(name) cannot be read, so nothing of it is masked.")
            return
        }
        if bytes.count > Self.longestFile {
            notices.append("server.redact.values_from: \(name) is longer than 1 MiB; the rest of it is not masked.")
        }
        // A mark of the byte order is no part of the first name, nor CR of a value.
        let text = String(decoding: bytes.prefix(Self.longestFile), as: UTF8.self).trimmingPrefix("\u{FEFF}")
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            for value in Self.values(of: line) { add(value, "line \(number + 1) of \(name)") }
        }
    }
}
