import Foundation
import Synchronization

/// Where the round of the agents stands: `.chant/store/rotation.json`, as the original keeps it.
final class RotationFile: Sendable {
    private struct Content: Codable {
        var lastIndex: Int

        private enum CodingKeys: String, CodingKey {
            case lastIndex = "last_index"
        }
    }

    private let path: String
    private let files: any FileSystem
    private let section = Mutex(())

    /// The file of a project.
    init(chantFolder: String, files: any FileSystem = LocalFileSystem()) {
        path = chantFolder + "/store/rotation.json"
        self.files = files
    }

    /// Lets `choose` choose from the last place and keeps the new one.
    ///
    /// A file that is missing or cannot be read is place 0; one that cannot be written loses the place, never the choice.
    func advance<Choice>(_ choose: (Int) -> (choice: Choice, place: Int)?) -> Choice? {
        section.withLock { _ in
            let last = read()
            guard let (choice, place) = choose(last) else { return nil }
            if place != last { write(place) }
            return choice
        }
    }

    private func read() -> Int {
        guard let bytes = try? files.read(path),
            let content = try? JSONDecoder().decode(Content.self, from: Data(bytes))
        else { return 0 }
        return max(0, content.lastIndex)
    }

    private func write(_ place: Int) {
        guard let json = try? JSONEncoder().encode(Content(lastIndex: place)) else { return }
        try? files.makeFolder(String(path.dropLast("/rotation.json".count)), mode: 0o755)
        try? files.replace(Array(json) + [Byte.lineFeed], at: path, mode: 0o644)
    }
}
