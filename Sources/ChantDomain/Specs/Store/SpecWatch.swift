import Glibc

/// Which files of specs the kernel says have changed: one watch for each folder below `specs/` and `archive/`, and one for
/// the folder above them.
///
/// Only files whose name ends in `.md` are told of. Whatever happens to a folder, or a queue that ran over, asks for a scan,
/// which sets the watches anew: that is rare, and always right.
struct SpecWatch {
    /// What was told since the last question.
    struct News {
        /// Complete as they are: closed after writing, or moved here.
        var written: Set<ByteText> = []
        /// Made, gone or otherwise changed: perhaps one half of a change.
        var unsettled: Set<ByteText> = []
        /// Folders have changed, or something was not told.
        var needsScan = false

        var isEmpty: Bool { written.isEmpty && unsettled.isEmpty && !needsScan }
    }

    private static let ofFiles = Int32(
        IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF
    )
    private static let onlyFolders = Int32(bitPattern: UInt32(IN_ONLYDIR))
    private static let ofRoot = Int32(
        IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF
    )

    let inotify: Inotify
    private let root: String
    private let rootNames: Set<String>
    private var rootWatch: Int32?
    private var folders: [Int32: String] = [:]
    private var seen: Set<Int32> = []
    /// Whether every folder is watched; else the kernel's silence means nothing.
    private(set) var isWhole = false

    /// A watch of nothing yet; a scan sets the watches.
    init(chantFolder: String, inotify: Inotify) {
        root = chantFolder
        rootNames = ["specs", "archive"]
        self.inotify = inotify
    }

    /// What has happened; never waits.
    mutating func take() -> News {
        var news = News()
        while case let events = inotify.events(), !events.isEmpty {
            for event in events { sort(event, into: &news) }
        }
        return news
    }

    // MARK: - Setting the watches, in a scan

    /// Before the first folder is listed.
    mutating func begin() {
        seen = []
        isWhole = true
        rootWatch = inotify.add(root, Self.ofRoot | Self.onlyFolders)
        if rootWatch == nil { isWhole = false }
    }

    /// Before `folder` is listed.
    mutating func watch(_ folder: String) {
        guard let watch = inotify.add(folder, Self.ofFiles | Self.onlyFolders) else {
            // One that is not there, or is closed to us, needs no watch: that of the folder above tells when it comes.
            if errno != ENOENT, errno != EACCES || folder == "\(root)/specs" || folder == "\(root)/archive" {
                isWhole = false
            }
            return
        }
        folders[watch] = folder
        seen.insert(watch)
    }

    /// After the last one: what was not seen again lies elsewhere now.
    mutating func end() {
        for watch in folders.keys where !seen.contains(watch) {
            inotify.remove(watch)
            folders[watch] = nil
        }
    }

    // MARK: - Events

    private mutating func sort(_ event: Inotify.Event, into news: inout News) {
        if event.isAny(Int32(IN_Q_OVERFLOW)) {
            news.needsScan = true
        } else if event.watch == rootWatch {
            let name = String(decoding: event.name, as: UTF8.self)
            if event.name.isEmpty || rootNames.contains(name) { news.needsScan = true }
        } else if let folder = folders[event.watch] {
            sort(event, in: folder, into: &news)
        }
    }

    private mutating func sort(_ event: Inotify.Event, in folder: String, into news: inout News) {
        if event.isAny(Int32(IN_IGNORED)) { folders[event.watch] = nil }
        if event.name.isEmpty || event.isAny(Int32(bitPattern: UInt32(IN_ISDIR))) {
            // Of the folder itself, or of one in it; a change of who may look into it among them.
            news.needsScan = true
            return
        }
        guard event.name.suffix(3).elementsEqual(".md".utf8) else { return }
        guard let name = String(validating: event.name, as: UTF8.self) else {
            news.needsScan = true
            return
        }
        let path = ByteText("\(folder)/\(name)")
        if event.isAny(Int32(IN_CLOSE_WRITE), Int32(IN_MOVED_TO)) {
            news.written.insert(path)
            news.unsettled.remove(path)
        } else if event.isAny(Int32(IN_MOVED_FROM), Int32(IN_DELETE)) {
            news.written.remove(path)
            news.unsettled.insert(path)
        } else if !news.written.contains(path) {
            news.unsettled.insert(path)
        }
    }
}
