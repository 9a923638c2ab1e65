import Synchronization

/// A section that one holder at a time enters: in line within this process, and through a file lock across processes (R19).
struct ExclusiveSection: Sendable {
    /// Proof that the section was entered; given back exactly once.
    struct Held: Sendable {
        fileprivate let place: FIFOLock.Held
        fileprivate let file: FileLock.Held
    }

    private let line = FIFOLock()
    private let lock: FileLock
    private let patience: Duration

    /// A section of a repository.
    ///
    /// - Parameters:
    ///   - path: the lock's file in the common git directory.
    ///   - patience: how long another process may hold it.
    init(path: String, patience: Duration) {
        lock = FileLock(path: path)
        self.patience = patience
    }

    /// Who is inside.
    var holder: String? { line.holders.first }
    /// How many wait in this process.
    var waiting: Int { line.waiting }

    /// Waits in line, then for other processes.
    func enter(as name: String) async throws(GitError) -> Held {
        let place: FIFOLock.Held
        do { place = try await line.acquire(as: name) } catch { throw .cancelled }
        do {
            try GitFiles.makeFolder(String(lock.path[..<(lock.path.lastIndex(of: "/") ?? lock.path.startIndex)]))
            return Held(place: place, file: try await acquireFile(as: name))
        } catch {
            line.release(place)
            throw error
        }
    }

    /// Lets the next one in.
    func leave(_ held: Held) {
        held.file.release()
        line.release(held.place)
    }

    /// Runs `body` inside the section.
    func run<R>(as name: String, _ body: () async throws(GitError) -> R) async throws(GitError) -> R {
        let held = try await enter(as: name)
        defer { leave(held) }
        return try await body()
    }

    private func acquireFile(as name: String) async throws(GitError) -> FileLock.Held {
        do {
            return try await lock.acquire(as: name, within: patience)
        } catch {
            switch error {
            case .cancelled: throw .cancelled
            case .held(let path, let holder): throw .lockHeld(path: path, holder: holder)
            case .unusable(let path, let code): throw .system(operation: "locking", path: path, code: code)
            }
        }
    }
}

/// The locks of target branches: what is merged into one branch is merged one after the other (R19, step F1).
public final class TargetLocks: Sendable {
    private let folder: String
    private let patience: Duration
    private let sections = Mutex<[BranchName: ExclusiveSection]>([:])

    /// The locks of a repository's branches.
    ///
    /// - Parameters:
    ///   - repository: where the lock files lie.
    ///   - patience: how long another process may hold one; a merge may write a large checkout.
    public init(repository: Repository, patience: Duration = .seconds(1200)) {
        folder = repository.ownFolder
        self.patience = patience
    }

    /// Runs `body` while nobody else, in whatever process, finishes into `target`.
    ///
    /// - Parameters:
    ///   - target: the branch.
    ///   - holder: who holds the lock, for people who look.
    ///   - failure: turns a failure to get the lock into the body's error.
    ///   - body: what is done meanwhile.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, or `failure`'s answer.
    func withLock<R, E: Error>(
        _ target: BranchName,
        holder: String,
        orThrow failure: (GitError) -> E,
        _ body: () async throws(E) -> R
    ) async throws(E) -> R {
        let section = section(of: target)
        let held: ExclusiveSection.Held
        do { held = try await section.enter(as: holder) } catch { throw failure(error) }
        defer { section.leave(held) }
        return try await body()
    }

    /// Who finishes into `target` now.
    func holder(of target: BranchName) -> String? { section(of: target).holder }

    private func section(of target: BranchName) -> ExclusiveSection {
        sections.withLock { sections in
            if let section = sections[target] { return section }
            let name = "target-\(Digest(of: Array(target.text.utf8)).short16).lock"
            let section = ExclusiveSection(path: "\(folder)/\(name)", patience: patience)
            sections[target] = section
            return section
        }
    }
}
