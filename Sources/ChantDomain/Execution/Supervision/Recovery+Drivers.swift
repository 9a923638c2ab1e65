import Foundation
import Logging

/// Drivers that an earlier service did not come to complete any more (R9).
extension Recovery {
    /// How far back the journal is looked through: what a service did in its last moment stands at its end.
    private static let eventsLookedAt: Int64 = 2000
    /// A file's time and an event's are taken one after the other.
    private static let slack: TimeInterval = 2

    /// Completes the drivers whose last member was ended by the earlier service itself, which was killed right after.
    ///
    /// Only those: in a project that the original's program has used, and after a person's own edits, a driver may stand
    /// open above members that are all done, and stays as it is (R35).
    func completeDrivers() async {
        do {
            let index = try await rooms.store.index()
            for (member, ended) in try lastEndings() {
                guard let driver = index.driver(of: member).flatMap({ index[$0] }),
                    driver.updatedAt <= ended.addingTimeInterval(Self.slack)
                else { continue }
                await rooms.completeDrivers(after: member)
            }
        } catch {
            rooms.logger.error("drivers not looked at", metadata: ["error": "\(error)"])
        }
    }

    /// The specs that the earlier service ended in its last life, unless something happened to their drivers since.
    private func lastEndings() throws(JournalError) -> [(SpecID, Date)] {
        guard let newest = try rooms.journal.eventBounds()?.newest else { return [] }
        let first = max(0, newest - Self.eventsLookedAt)
        let events = try rooms.journal.events(after: first, limit: Int(Self.eventsLookedAt))
        var endings: [SpecID: Date] = [:]
        for event in events where event.project == rooms.project.name {
            switch event.event {
            case .serviceStarted: endings = [:]
            case .specChanged(let change):
                guard let id = SpecID(change.specID) else { continue }
                endings = endings.filter { !$0.key.isMember(of: id) }
                let isOver = change.change == .removed || ["completed", "cancelled"].contains(change.to)
                if isOver, change.by != "outside" { endings[id] = event.at }
            default: continue
            }
        }
        return endings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
