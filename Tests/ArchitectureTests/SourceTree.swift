import Foundation

/// The package's own text, as the architecture tests read it.
enum SourceTree {
    /// The package's root folder.
    static let root: String = {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(3)
        return parts.joined(separator: "/")
    }()

    /// The Swift files below `folder` (relative to the root), in a stable order.
    static func swiftFiles(in folder: String) throws -> [SourceFile] {
        try files(in: folder).filter { $0.hasSuffix(".swift") }.map { try SourceFile(path: $0) }
    }

    /// The paths of all files below `folder`, relative to the root.
    static func files(in folder: String) throws -> [String] {
        let prefix = "\(root)/\(folder)"
        let walk = FileManager.default.enumerator(atPath: prefix)
        guard let walk else { throw Missing(folder: folder) }
        return walk.compactMap { $0 as? String }
            .filter { path in
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: "\(prefix)/\(path)", isDirectory: &isFolder)
                    && !isFolder.boolValue
            }
            .map { "\(folder)/\($0)" }
            .sorted()
    }

    /// A folder that must be there and is not: without it a test would pass by reading nothing.
    struct Missing: Error {
        let folder: String
    }
}

/// One Swift file, as it is written and with its comments and literals blanked.
struct SourceFile {
    /// Relative to the root, for example `Sources/ChantDomain/Git/GitClient.swift`.
    let path: String
    /// The lines as written.
    let lines: [Substring]
    /// The same lines with comments and the text of string literals blanked, so that only code is left.
    let code: [Substring]

    init(path: String) throws {
        self.init(path: path, text: try String(contentsOfFile: "\(SourceTree.root)/\(path)", encoding: .utf8))
    }

    init(path: String, text: String) {
        self.path = path
        lines = Self.split(text)
        code = Self.split(SwiftText.blanked(text))
    }

    /// The file's name with its extension.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The module's folder and the room: `("ChantDomain", "Git")`; the room is empty for a file at the module's root.
    var room: (module: String, room: String) {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count > 2 else { return ("", "") }
        return (parts[1], parts.count > 3 ? parts[2] : "")
    }

    /// Where something is, in the form that editors open.
    func place(_ index: Int) -> String { "\(path):\(index + 1)" }

    private static func split(_ text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
