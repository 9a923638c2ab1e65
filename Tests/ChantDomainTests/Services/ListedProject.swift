import Foundation
import Testing

@testable import ChantDomain

/// A folder of specs under a store, a journal and lists.
struct ListedProject {
    let folder: SpecFolder
    let journal: JournalFixture
    let store: SpecStore
    let lists: SpecLists

    init(watching: SpecWatching? = nil) throws {
        folder = try SpecFolder()
        journal = try JournalFixture()
        store = SpecStore(chantFolder: folder.chant, watching: watching)
        lists = Self.lists(folder, journal, store)
    }

    /// The lists of a service that started later.
    func restarted() -> SpecLists { Self.lists(folder, journal, SpecStore(chantFolder: folder.chant)) }

    private static func lists(_ folder: SpecFolder, _ journal: JournalFixture, _ store: SpecStore) -> SpecLists {
        SpecLists(
            project: ProjectIdentity(name: "demo", path: folder.chant),
            store: store,
            journal: journal.journal,
            copyPath: { ".chant/specs/\($0).md" },
            stateFolder: journal.folder.path
        )
    }

    func write(_ id: String, _ header: String = "", body: String = "# T\n", archived: Bool = false) throws {
        try folder.write("---\n\(header)\n---\n\(body)", to: "\(archived ? "archive" : "specs")/\(id).md")
    }

    /// Sets when a file was last written.
    func date(_ id: String, _ seconds: Int, nanoseconds: Int = 0) throws {
        let times = [timespec(tv_sec: seconds, tv_nsec: nanoseconds), timespec(tv_sec: seconds, tv_nsec: nanoseconds)]
        guard utimensat(AT_FDCWD, folder.path("specs/\(id).md"), times, 0) == 0 else { throw POSIXError(.EIO) }
    }

    func ids(_ query: SpecQuery = SpecQuery()) async throws -> [String] {
        try await page(query, from: .start, limit: 500).ids
    }

    func page(
        _ query: SpecQuery,
        from place: SpecPlace,
        limit: Int,
        lists: SpecLists? = nil
    ) async throws -> (ids: [String], total: Int, next: SpecPlace?) {
        let lists = lists ?? self.lists
        let page = try await lists.page(query, from: place, limit: limit, at: try await lists.moment())
        let ids = page.items.map { item in
            switch item {
            case .readable(let view): view.spec.id.text
            case .unreadable(let file): file.id + "?"
            }
        }
        return (ids, page.total, page.next)
    }

    func accept(_ spec: String) throws -> Run {
        let (run, order) = JournalFixture.run(spec, project: folder.chant)
        try journal.journal.accept(run, order: order)
        return run
    }
}
