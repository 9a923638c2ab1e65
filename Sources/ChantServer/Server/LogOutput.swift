import Foundation
import Glibc
import Logging

/// How the service's own log looks.
enum LogFormat: String, Sendable, CaseIterable {
    case text
    case json
}

/// Writes log lines to standard error: each in one piece, so that lines of several threads do not mix.
struct LogOutput: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level
    private let format: LogFormat
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameters:
    ///   - format: one line of text, or one JSON object a line.
    ///   - level: what is less important is left out.
    ///   - write: takes one whole line; standard error unless a test looks.
    init(
        format: LogFormat,
        level: Logger.Level,
        write: @escaping @Sendable ([UInt8]) -> Void = { LogOutput.writeToStandardError($0) }
    ) {
        self.format = format
        self.write = write
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var values = metadata
        if let provided = metadataProvider?.get() { values.merge(provided) { _, new in new } }
        if let own = event.metadata { values.merge(own) { _, new in new } }
        if let error = event.error { values["error"] = "\(error)" }
        let members = values.sorted { $0.key < $1.key }
        let time = Timestamp.text(Date())
        let line =
            switch format {
            case .text: Self.textLine(time, event.level, "\(event.message)", members)
            case .json: Self.jsonLine(time, event.level, "\(event.message)", members)
            }
        write(line)
    }

    // MARK: - Lines

    private static func textLine(
        _ time: String,
        _ level: Logger.Level,
        _ message: String,
        _ members: [(key: String, value: Logger.Metadata.Value)]
    ) -> [UInt8] {
        let name = level.rawValue.uppercased()
        let padding = String(repeating: " ", count: max(0, 8 - name.utf8.count))
        var line = "\(time) \(name)\(padding) \(escaped(message))"
        for (key, value) in members { line += " \(key)=\(quotedIfNeeded("\(value)"))" }
        return Array((line + "\n").utf8)
    }

    private static func jsonLine(
        _ time: String,
        _ level: Logger.Level,
        _ message: String,
        _ members: [(key: String, value: Logger.Metadata.Value)]
    ) -> [UInt8] {
        var object: JSONObject = [
            "time": .string(time),
            "level": .string(level.rawValue),
            "message": .string(message),
        ]
        for (key, value) in members where object[key] == nil { object.append(key, json(value)) }
        return JSONValue.object(object).bytes + [UInt8(ascii: "\n")]
    }

    private static func json(_ value: Logger.Metadata.Value) -> JSONValue {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let value): .string("\(value)")
        case .array(let values): .array(values.map(json))
        case .dictionary(let values):
            .object(
                values.sorted { $0.key < $1.key }.reduce(into: JSONObject()) { $0[$1.key] = json($1.value) }
            )
        }
    }

    /// A value with spaces, quotation marks or control characters is quoted, as JSON would.
    private static func quotedIfNeeded(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "\"" && $0 != "=" }
        return isPlain ? value : JSONValue.string(value).text
    }

    /// A message stays one line.
    private static func escaped(_ message: String) -> String {
        guard message.unicodeScalars.contains(where: { $0.value < 0x20 }) else { return message }
        return String(JSONValue.string(message).text.dropFirst().dropLast())
    }

    /// One write for the line; goes on only if the system took a part of it.
    static func writeToStandardError(_ line: [UInt8]) {
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(STDERR_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }
}
