import Glibc

/// The files below `.chant/prompts`, read within limits.
struct PromptFolder: Sendable {
    /// The folder's path.
    let path: String
    /// The folder that the project's `.chant` lies in: no link leads out of it.
    let project: String

    /// How large a file may be: it is a message for a model, not a book.
    static let largestFile = 256 << 10

    /// The prompts of the project whose `.chant` this is.
    init(chantFolder: String) {
        path = "\(chantFolder)/prompts"
        project = String(chantFolder.prefix(upTo: chantFolder.lastIndex(of: "/") ?? chantFolder.startIndex))
    }

    /// Whether there is a file of this name, or a link to one.
    func contains(_ name: String) -> Bool { access("\(path)/\(name).md", F_OK) == 0 }

    /// The file of this name; `nil` where there is none.
    ///
    /// People share prompts between folders by links, so links are followed, but not out of the project: what this
    /// reads is shown to everybody who may ask for a prompt.
    ///
    /// - Parameters:
    ///   - name: a checked name.
    ///   - folder: empty, or a folder's name with a slash.
    /// - Returns: the file's header and text.
    /// - Throws: `AgentError.promptMissing` where it is there and cannot be used.
    func file(_ name: String, in folder: String = "") throws(AgentError) -> PromptFile? {
        let file = "\(path)/\(folder)\(name).md"
        guard let place = Self.realPath(file) else {
            if errno == ENOENT { return nil }
            throw fault(name, file, "it cannot be found: \(String(cString: strerror(errno)))")
        }
        guard let top = Self.realPath(project), place.hasPrefix(top == "/" ? top : top + "/") else {
            throw fault(name, file, "it is a link that leads out of the project")
        }
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try OpenedFile(place).bytes(atMost: Self.largestFile + 1)
        } catch {
            throw fault(name, file, "it cannot be read: \(error)")
        }
        guard bytes.count <= Self.largestFile else {
            throw fault(name, file, "it is larger than \(Self.largestFile >> 10) KiB")
        }
        do throws(ConfigurationError) {
            return try PromptFile(String(decoding: bytes, as: UTF8.self), path: file)
        } catch {
            throw fault(name, file, "its header cannot be read: \(error)")
        }
    }

    private func fault(_ name: String, _ file: String, _ what: String) -> AgentError {
        .promptMissing(name: name, detail: "\(file) cannot be used: \(what).")
    }

    private static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
