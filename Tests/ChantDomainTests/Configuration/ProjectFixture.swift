import Foundation

/// A temporary project with a `.chant` folder and a user's configuration folder; removed with the last reference.
final class ProjectFixture: Sendable {
    let folder: String
    var chant: String { "\(folder)/.chant" }
    var environment: [String: String] { ["XDG_CONFIG_HOME": "\(folder)/xdg", "HOME": "\(folder)/home"] }

    init(_ files: [String: String] = [:]) throws {
        var template = Array("\(FileManager.default.temporaryDirectory.path)/chant-planning-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw CocoaError(.fileWriteUnknown) }
        folder = String(cString: made)
        try FileManager.default.createDirectory(atPath: chant, withIntermediateDirectories: true)
        for (path, text) in files { try write(path, text) }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ path: String, _ text: String, executable: Bool = false) throws {
        let url = URL(fileURLWithPath: "\(folder)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        if executable {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path)
        }
    }

    func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: "\(folder)/\(path)").map { String(decoding: $0, as: UTF8.self) }
    }
}
