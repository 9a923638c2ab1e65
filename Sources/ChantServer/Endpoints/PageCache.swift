import Synchronization

/// The pages of the present generation that have been asked for, ready to be sent.
///
/// With the first page of a newer generation all older ones go.
final class PageCache: Sendable {
    /// A page, written.
    struct Page: Sendable {
        let bytes: [UInt8]
        let next: Cursor?
    }

    private struct State {
        var generation = 0
        var pages: [String: Page] = [:]
        var bytes = 0
    }

    private static let mostPages = 128
    private static let mostBytes = 8 << 20

    private let state = Mutex(State())

    func page(_ key: String, generation: Int) -> Page? {
        state.withLock { $0.generation == generation ? $0.pages[key] : nil }
    }

    func put(_ page: Page, _ key: String, generation: Int) {
        state.withLock { state in
            guard generation >= state.generation else { return }
            let isFull = state.pages.count >= Self.mostPages || state.bytes + page.bytes.count > Self.mostBytes
            if generation > state.generation || isFull {
                state.pages = [:]
                state.bytes = 0
            }
            state.generation = generation
            state.pages[key] = page
            state.bytes += page.bytes.count
        }
    }
}
