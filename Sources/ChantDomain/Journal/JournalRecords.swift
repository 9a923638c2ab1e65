import Foundation
import GRDB
import Synchronization

/// How values lie in rows: columns in snake case, times in Unix milliseconds, nested values as JSON.
protocol JournalRow: Codable, FetchableRecord, PersistableRecord {}

extension JournalRow {
    static var databaseColumnEncodingStrategy: DatabaseColumnEncodingStrategy {
        .custom { ColumnName.column(ofKey: $0.stringValue) }
    }

    static var databaseColumnDecodingStrategy: DatabaseColumnDecodingStrategy {
        .custom { ColumnName(column: $0) }
    }

    static func databaseDateEncodingStrategy(for column: String) -> DatabaseDateEncodingStrategy {
        .custom { UnixMilliseconds.of($0) }
    }

    static func databaseDateDecodingStrategy(for column: String) -> DatabaseDateDecodingStrategy {
        .custom { Int64.fromDatabaseValue($0).map(UnixMilliseconds.date) }
    }

    static func databaseJSONEncoder(for column: String) -> JSONEncoder { JournalJSON.encoder }

    static func databaseJSONDecoder(for column: String) -> JSONDecoder { JournalJSON.decoder }
}

extension Run: JournalRow {
    static let databaseTableName = "runs"
}

extension Order: JournalRow {
    static let databaseTableName = "orders"
}

extension ProcessRow: JournalRow {
    static let databaseTableName = "processes"
}

/// JSON inside of the journal.
enum JournalJSON {
    static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    static let decoder = JSONDecoder()

    static func text(_ value: some Encodable) throws -> String {
        String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// Times as the journal keeps them.
///
/// Rounded, not cut: a time that is read and written again stays what it is.
enum UnixMilliseconds {
    static func of(_ date: Date) -> Int64 { Int64((date.timeIntervalSince1970 * 1000).rounded()) }

    static func date(_ milliseconds: Int64) -> Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }
}

/// The Swift name of a column: `spec_id` is `specID`, `queued_at` is `queuedAt`.
private struct ColumnName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }

    /// Asked for each value of each row, and always for the same few dozen names.
    private static let keys = Mutex<[String: String]>([:])
    private static let columns = Mutex<[String: String]>([:])

    init(column: String) {
        stringValue = Self.keys.withLock { keys in
            if let known = keys[column] { return known }
            let key = Self.key(ofColumn: column)
            keys[column] = key
            return key
        }
    }

    static func column(ofKey key: String) -> String {
        columns.withLock { columns in
            if let known = columns[key] { return known }
            let column = Self.made(ofKey: key)
            columns[key] = column
            return column
        }
    }

    private static func key(ofColumn column: String) -> String {
        let words = column.split(separator: "_")
        let rest = words.dropFirst().map { $0 == "id" ? "ID" : $0.prefix(1).uppercased() + $0.dropFirst() }
        return (words.prefix(1).map(String.init) + rest).joined()
    }

    private static func made(ofKey key: String) -> String {
        var column = ""
        var previousIsUpper = false
        for character in key {
            if character.isUppercase, !previousIsUpper { column += "_" }
            column += character.lowercased()
            previousIsUpper = character.isUppercase
        }
        return column
    }
}
