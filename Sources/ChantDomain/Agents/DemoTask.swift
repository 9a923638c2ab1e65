import Foundation

/// What the demo agent is to do, from the variables of its run, and its changes of files.
struct DemoTask: Sendable {
    let specID: String
    let runID: String
    let attempt: String
    let branch: String
    let promptBytes: Int
    /// The spec's title, or words in its place.
    let title: String
    /// The absolute path of the spec's copy in the worktree.
    let specFile: String
    /// The file that it edits, relative to the folder that it works in.
    let file: String
    private let folder: String

    /// Why there is nothing to work on.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Reads the run's variables, its prompt and its spec.
    init(environment: [String: String], folder: String) throws {
        func variable(_ name: String) throws(Fault) -> String {
            guard let value = environment[name], !value.isEmpty else {
                throw Fault(description: "\(name) is not set: the demo agent is started by the service")
            }
            return value
        }
        specID = try variable("CHANT_SPEC_ID")
        runID = try variable("CHANT_RUN_ID")
        specFile = try variable("CHANT_SPEC_FILE")
        branch = try variable("CHANT_BRANCH")
        attempt = environment["CHANT_ATTEMPT"] ?? "1"
        promptBytes = try Self.read(variable("CHANT_PROMPT_FILE")).count
        self.folder = folder
        guard let id = SpecID(specID) else { throw Fault(description: "CHANT_SPEC_ID is no id: \(specID)") }
        let spec = try Self.spec(id, specFile)
        title = spec.title ?? "demo work"
        file = Self.target(of: spec, in: folder)
    }

    /// Adds a line to a file of the worktree, which is made with its folders where it is missing.
    func append(_ line: String, to path: String) throws {
        let url = URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: folder, isDirectory: true))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        var data = FileManager.default.contents(atPath: url.path) ?? Data()
        if let last = data.last, last != UInt8(ascii: "\n") { data.append(UInt8(ascii: "\n")) }
        data.append(contentsOf: Array("\(line)\n".utf8))
        try data.write(to: url)
    }

    /// Ticks the open boxes of the acceptance criteria in the spec's copy, and changes no other byte.
    ///
    /// - Returns: how many there were.
    func tickCriteria() throws -> Int {
        let document = SpecDocument(bytes: try Self.read(specFile))
        guard let id = SpecID(specID) else { return 0 }
        let open = try Spec(id: id, path: specFile, document: document).criteria.items.filter { !$0.isChecked }
        var body = document.bodyBytes
        for item in open { body[item.mark] = UInt8(ascii: "x") }
        try Data(document.replacingBody(with: body).bytes).write(to: URL(fileURLWithPath: specFile))
        return open.count
    }

    private static func spec(_ id: SpecID, _ path: String) throws -> Spec {
        do throws(HeaderProblem) {
            return try Spec(id: id, path: path, document: SpecDocument(bytes: (try? read(path)) ?? []))
        } catch {
            throw Fault(description: "\(path) cannot be read: \(error.detail)")
        }
    }

    /// The spec's first target that is a text file, or none yet; else a file of the spec's own, so that specs which are worked
    /// on at once do not meet in one.
    private static func target(of spec: Spec, in folder: String) -> String {
        let own = "demo/\(spec.id.refComponent).md"
        return spec.targetFiles.first { path in
            let parts = path.split(separator: "/")
            let isPlain = !path.hasPrefix("/") && !parts.contains { $0 == ".." || $0 == ".chant" || $0 == ".git" }
            let isText = path.hasSuffix(".md") || path.hasSuffix(".txt")
            return isPlain && isText && !path.contains(where: { "*?[{".contains($0) })
        } ?? own
    }

    private static func read(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
