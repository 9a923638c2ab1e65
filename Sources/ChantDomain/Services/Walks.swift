import Foundation

/// The name of a walk through a list.
public struct WalkID: Sendable, Hashable {
    /// 16 hexadecimal digits.
    public let text: String

    /// Parses a name; `nil` for anything else.
    public init?(_ text: String) {
        guard text.utf8.count == 16, text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
            return nil
        }
        self.text = text
    }

    /// The name of the walk through these names: who begins the same walk twice has one.
    init(of bytes: [UInt8]) { text = Digest(of: bytes).short16 }
}

/// The orders in which lists were begun, so that their next pages neither skip nor repeat what has moved meanwhile.
///
/// Each is a file of the state folder, since a cursor survives a restart; the oldest go when there are many.
actor Walks {
    private static let keptWalks = 256
    private static let keptInMemory = 8

    private let folder: String
    private let files = LocalFileSystem()
    private var recent: [(id: WalkID, names: [String])] = []

    init(folder: String) { self.folder = folder }

    /// Writes an order down.
    ///
    /// - Parameter names: the files' names in the order of the list.
    /// - Returns: the walk's name.
    func begin(_ names: [String]) -> WalkID {
        let bytes = Array(names.joined(separator: "\u{0}").utf8)
        let id = WalkID(of: bytes)
        if remembered(id) == nil {
            remember(id, names)
            try? files.makeFolder(folder, mode: 0o700)
            dropOldest()
            // Where it cannot be written the walk goes on as long as this service remembers it.
            try? files.replace(bytes, at: path(id), mode: 0o600)
        }
        return id
    }

    /// The order of a walk; `nil` where it has been dropped.
    func names(of id: WalkID) -> [String]? {
        if let order = remembered(id) { return order }
        guard let bytes = try? files.read(path(id)), WalkID(of: bytes) == id else { return nil }
        let order = bytes.split(separator: 0, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        remember(id, order)
        return order
    }

    private func path(_ id: WalkID) -> String { "\(folder)/\(id.text)" }

    private func remembered(_ id: WalkID) -> [String]? { recent.first { $0.id == id }?.names }

    private func remember(_ id: WalkID, _ names: [String]) {
        recent.append((id, names))
        if recent.count > Self.keptInMemory { recent.removeFirst() }
    }

    private func dropOldest() {
        let paths = ((try? files.list(folder)) ?? []).map { "\(folder)/\($0.name)" }
        guard paths.count >= Self.keptWalks else { return }
        let dated = paths.map { (path: $0, moment: (try? files.stamp($0))?.modified ?? 0) }
        for file in dated.sorted(by: { $0.moment < $1.moment }).prefix(paths.count - Self.keptWalks + 1) {
            try? files.remove(file.path)
        }
    }
}
