import Foundation
import GRDB

/// An event as a row.
struct EventRecord {
    private let event: DomainEvent
    private let milliseconds: Int64
    private let project: String
    private let members: String

    init(_ event: DomainEvent, at date: Date, project: String) throws {
        self.event = event
        milliseconds = UnixMilliseconds.of(date)
        self.project = project
        members = try JournalJSON.text(event)
    }

    /// Writes the row; SQLite gives the number.
    func insert(into db: Database) throws -> RecordedEvent {
        let statement = try db.cachedStatement(
            sql: "INSERT INTO events (at, project, type, members) VALUES (?, ?, ?, ?)"
        )
        try statement.execute(arguments: [milliseconds, project, event.type, members])
        return RecordedEvent(
            sequence: db.lastInsertedRowID,
            at: UnixMilliseconds.date(milliseconds),
            project: project,
            event: event
        )
    }

    /// At most `limit` events after a number, in order.
    static func page(_ db: Database, after: Int64, limit: Int) throws -> [RecordedEvent] {
        let statement = try db.cachedStatement(
            sql: "SELECT sequence, at, project, type, members FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?"
        )
        return try Row.fetchAll(statement, arguments: [after, limit]).map { row in
            RecordedEvent(
                sequence: row["sequence"],
                at: UnixMilliseconds.date(row["at"]),
                project: row["project"],
                event: event(type: row["type"], members: row["members"])
            )
        }
    }

    /// Reads an event; one that this version cannot read is shown as what it is, and stops nobody.
    private static func event(type: String, members: String) -> DomainEvent {
        let json = Data(members.utf8)
        if let event = try? JournalJSON.decoder.decode(DomainEvent.self, from: json) { return event }
        let known = try? JournalJSON.decoder.decode([String: Evidence?].self, from: json)
        var rest = (known ?? [:]).compactMapValues { $0 }
        rest["type"] = nil
        return .unknown(type: type, members: rest)
    }
}

extension EventRecord {
    /// The numbers of the oldest and the newest event.
    static func bounds(_ db: Database) throws -> (oldest: Int64, newest: Int64)? {
        let statement = try db.cachedStatement(sql: "SELECT min(sequence), max(sequence) FROM events")
        guard let row = try Row.fetchOne(statement), let oldest: Int64 = row[0], let newest: Int64 = row[1] else {
            return nil
        }
        return (oldest, newest)
    }

    /// The numbers of all events, as stretches without a gap, the oldest first.
    ///
    /// Only a repair leaves numbers out, and more of them than the stretch before has: it goes on at the microseconds of
    /// its time. So doubled steps from a stretch's begin never land beyond the gap, and nobody has to count a million.
    static func stretches(_ db: Database) throws -> [ClosedRange<Int64>] {
        let next = try db.cachedStatement(sql: "SELECT min(sequence) FROM events WHERE sequence > ?")
        let one = try db.cachedStatement(sql: "SELECT 1 FROM events WHERE sequence = ?")
        func exists(_ sequence: Int64) throws -> Bool { try Int64.fetchOne(one, arguments: [sequence]) != nil }
        var found: [ClosedRange<Int64>] = []
        while let first = try Int64.fetchOne(next, arguments: [found.last?.upperBound ?? 0]) {
            var beyond: Int64 = 1
            while try exists(first + beyond) { beyond *= 2 }
            var last = beyond / 2
            while beyond - last > 1 {
                let middle = (last + beyond) / 2
                if try exists(first + middle) { last = middle } else { beyond = middle }
            }
            found.append(first...(first + last))
        }
        return found
    }

    /// The newest event that is not among the `count` newest ones; 0 where there is none.
    static func newest(besides count: Int, _ db: Database) throws -> Int64 {
        var rest = Int64(count)
        for stretch in try stretches(db).reversed() {
            let size = stretch.upperBound - stretch.lowerBound + 1
            if size > rest { return stretch.upperBound - rest }
            rest -= size
        }
        return 0
    }
}
