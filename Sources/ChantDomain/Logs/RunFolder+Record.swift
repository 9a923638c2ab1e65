import Foundation
import Glibc

/// What `run.json` says: enough to know a run again without the journal.
struct RunRecord: Codable, Equatable {
    /// The version of the folder's format that this service writes.
    static let currentVersion = 1

    var version = currentVersion
    var run: RunID
    var order: OrderID
    var attempt: Int
    var project: String
    var projectPath: String
    var spec: String
    var branch: String
    var base: String?
    var target: String
    var worktree: String?
    var slot: String?
    /// Where the spec was placed inside the repository.
    var specPath: String?
    /// The prompt's name.
    var prompt: String?
    /// The whole run as it was when this was written, so that a lost journal can be rebuilt.
    var details: Run?

    init(_ run: Run, specPath: String? = nil, prompt: String? = nil) {
        self.specPath = specPath
        self.prompt = prompt
        details = run
        self.run = run.id
        order = run.orderID
        attempt = run.attempt
        project = run.project
        projectPath = run.projectPath
        spec = run.specID
        branch = run.branch
        base = run.baseCommit
        target = run.target
        worktree = run.worktree
    }

    private enum CodingKeys: String, CodingKey {
        case version
        case run
        case order
        case attempt
        case project
        case projectPath = "project_path"
        case spec
        case branch
        case base
        case target
        case worktree
        case slot
        case specPath = "spec_path"
        case prompt
        case details
    }

    /// Details that this version cannot read are none: what a rebuilt journal needs least is no journal.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        version = try container.decode(Int.self, forKey: .version)
        run = try container.decode(RunID.self, forKey: .run)
        order = try container.decode(OrderID.self, forKey: .order)
        attempt = try container.decode(Int.self, forKey: .attempt)
        project = try container.decode(String.self, forKey: .project)
        projectPath = try container.decode(String.self, forKey: .projectPath)
        spec = try container.decode(String.self, forKey: .spec)
        branch = try container.decode(String.self, forKey: .branch)
        base = try container.decodeIfPresent(String.self, forKey: .base)
        target = try container.decode(String.self, forKey: .target)
        worktree = try container.decodeIfPresent(String.self, forKey: .worktree)
        slot = try container.decodeIfPresent(String.self, forKey: .slot)
        specPath = try container.decodeIfPresent(String.self, forKey: .specPath)
        prompt = try container.decodeIfPresent(String.self, forKey: .prompt)
        details = try? container.decodeIfPresent(Run.self, forKey: .details)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(version, forKey: .version)
        try container.encode(run, forKey: .run)
        try container.encode(order, forKey: .order)
        try container.encode(attempt, forKey: .attempt)
        try container.encode(project, forKey: .project)
        try container.encode(projectPath, forKey: .projectPath)
        try container.encode(spec, forKey: .spec)
        try container.encode(branch, forKey: .branch)
        try container.encode(base, forKey: .base)
        try container.encode(target, forKey: .target)
        try container.encode(worktree, forKey: .worktree)
        try container.encode(slot, forKey: .slot)
        try container.encode(specPath, forKey: .specPath)
        try container.encode(prompt, forKey: .prompt)
        try container.encode(details, forKey: .details)
    }
}

extension RunFolder {
    /// Makes the folder with its `run.json`, on disk before this returns: nothing of a run may be in git or in a spec
    /// file without it.
    func create(for run: Run, files: any FileSystem = LocalFileSystem()) throws(FileError) {
        try files.makeFolder(path, mode: 0o700)
        try write(run, files: files)
        // The record is flushed with its folder; the folder's own name is an entry of the one above.
        try flush(String(path.dropLast(run.id.text.utf8.count + 1)))
    }

    /// Notes a run that waits; another file than `run.json`, since whoever begins the run may be writing that.
    func noteWaiting(_ run: Run, files: any FileSystem = LocalFileSystem()) throws(FileError) {
        try files.makeFolder(path, mode: 0o700)
        try write(RunRecord(run), to: waitingFile, files: files)
        try flush(String(path.dropLast(run.id.text.utf8.count + 1)))
    }

    private func flush(_ folder: String) throws(FileError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(descriptor) }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw FileError(operation: "flush", path: folder, code: errno)
        }
    }

    /// Writes `run.json` again, whole or not at all, once the base and the worktree are known.
    func write(
        _ run: Run,
        specPath: String? = nil,
        prompt: String? = nil,
        files: any FileSystem = LocalFileSystem()
    ) throws(FileError) {
        try write(RunRecord(run, specPath: specPath, prompt: prompt), to: runFile, files: files)
    }

    /// Notes the run as it is now beside what `run.json` says already; nothing where there is no folder.
    func noteDetails(_ run: Run, files: any FileSystem = LocalFileSystem()) {
        guard var record = readRecord(files: files) else { return }
        record.details = run
        try? write(record, to: runFile, files: files)
    }

    private func write(_ record: RunRecord, to file: String, files: any FileSystem) throws(FileError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(record) else {
            throw FileError(operation: "encode", path: file, code: EINVAL)
        }
        try files.replace(Array(json) + [Byte.lineFeed], at: file, mode: 0o600)
    }

    /// What `run.json` says, or of a run that waits what was noted then; `nil` where it is missing, damaged or of a version
    /// that this service does not know.
    func readRecord(files: any FileSystem = LocalFileSystem()) -> RunRecord? {
        let file = (try? files.stamp(runFile)) == nil ? waitingFile : runFile
        guard let bytes = try? files.read(file),
            let found = try? JSONDecoder().decode(RunRecord.self, from: Data(bytes)),
            found.version == RunRecord.currentVersion
        else { return nil }
        return found
    }
}
