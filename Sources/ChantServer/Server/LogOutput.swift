import Foundation
import Logging

/// How the service's own log looks.
enum LogFormat: String, Sendable, CaseIterable {
    case text
    case json
}

/// Makes log lines, one for each event, whole.
struct LogOutput: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level
    private let format: LogFormat
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameters:
    ///   - format: one line of text, or one JSON object a line.
    ///   - level: what is less important is left out.
    ///   - write: takes one whole line.
    init(format: LogFormat, level: Logger.Level, write: @escaping @Sendable ([UInt8]) -> Void) {
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
        write(Self.line(format, event.level, "\(event.message)", values))
    }

    /// The line that tells how many lines nobody could be given.
    static func notice(ofDropped count: Int, format: LogFormat) -> [UInt8] {
        line(format, .warning, "log lines were left out, because nobody read them", ["lines": "\(count)"])
    }

    // MARK: - Lines

    private static func line(
        _ format: LogFormat,
        _ level: Logger.Level,
        _ message: String,
        _ values: Logger.Metadata
    ) -> [UInt8] {
        let members = values.sorted { $0.key < $1.key }
        let time = Timestamp.text(Date())
        return switch format {
        case .text: textLine(time, level, message, members)
        case .json: jsonLine(time, level, message, members)
        }
    }

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
}
