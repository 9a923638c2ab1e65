import Foundation

/// The open orders of several specs as files beside the journal, from which a journal that is lost is made again (R73).
///
/// An order without its plan would not know what it was to take up; its runs have folders of their own.
struct OrderFiles: Sendable {
    private let folder: String
    private let files: any FileSystem

    /// The files below a state folder.
    init(stateFolder: String, files: any FileSystem = LocalFileSystem()) {
        folder = "\(stateFolder)/orders"
        self.files = files
    }

    /// Notes an order as it is now.
    func note(_ order: Order) throws {
        try files.makeFolder(folder, mode: 0o700)
        try files.replace(Array(try JSONEncoder().encode(order)), at: path(order.id), mode: 0o600)
    }

    /// Forgets an order that ends: what it has done is in its runs' folders.
    func forget(_ id: OrderID) {
        try? FileManager.default.removeItem(atPath: path(id))
    }

    /// The orders that were noted, for who can do without those that cannot be listed.
    var orders: [Order] { (try? noted()) ?? [] }

    /// The orders that were noted, the oldest first; a file that cannot be read is none.
    ///
    /// - Throws: a folder that is there and cannot be listed.
    func noted() throws(FileError) -> [Order] {
        try files.names(in: folder).compactMap { name in
            guard name.hasSuffix(".json"), let id = OrderID(String(name.dropLast(".json".count))),
                let bytes = try? files.read("\(folder)/\(name)"),
                let order = try? JSONDecoder().decode(Order.self, from: Data(bytes)), order.id == id
            else { return nil }
            return order
        }
    }

    private func path(_ id: OrderID) -> String { "\(folder)/\(id).json" }
}
