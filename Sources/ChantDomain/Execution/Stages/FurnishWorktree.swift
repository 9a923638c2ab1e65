import Foundation
import Glibc

/// What makes work possible in a fresh worktree: files that git does not hold, and a command of the project's.
extension SpecExecutor {
    /// Stage 2, its end: copies what `server.worktree.include` names, then runs `server.worktree.setup`.
    func furnish(_ place: RunPlace, _ run: Run, _ context: RunContext) async throws(StageFailure) {
        let keys = rooms.configuration.server.worktree
        if !keys.include.isEmpty { try await copyIncluded(keys.include, place, run, context) }
        if !keys.setup.isEmpty { try await setUp(keys.setup, place, run, context) }
    }

    // MARK: - Included files

    private func copyIncluded(
        _ patterns: [IncludePattern],
        _ place: RunPlace,
        _ run: Run,
        _ context: RunContext
    ) async throws(StageFailure) {
        try context.control.checkpoint()
        do throws(IncludeFault) {
            let found = try IncludedFiles(patterns, in: rooms.project.folder)
            for note in found.notes { place.folder.note("[include] \(note)") }
            let copied = try await copy(found.paths.sorted(), place)
            try note(copied, place)
            if !copied.isEmpty { place.folder.note("[include] copied \(copied.joined(separator: ", "))") }
        } catch {
            place.folder.note("[include] \(error.sentence)")
            throw StageFailure(
                .worktreeFailed,
                error.sentence,
                ["stderr": .text(error.sentence), "branch": .text(run.branch), "files": .texts(error.paths)]
            )
        }
    }

    /// Copies files that git ignores: an agent that adds everything must not commit them, nor must the service.
    private func copy(_ paths: [String], _ place: RunPlace) async throws(IncludeFault) -> [String] {
        let target = workingFolder(place.worktree)
        let ignored = try await ignored(paths, place)
        var copied: [String] = []
        for path in paths {
            guard ignored.contains(path) else {
                if isTaken("\(target)/\(path)") { continue }
                throw IncludeFault(
                    "server.worktree.include names \(path), which git does not ignore where the run starts: it would be "
                        + "committed. Ignore it, in a .gitignore that is committed or in .git/info/exclude.",
                    [path]
                )
            }
            let source = rooms.project.folder
            let result = await PermanentThread.copying.run { () -> Result<Bool, FileError> in
                do throws(FileError) {
                    return .success(try IncludedFiles.copy(path, from: source, to: target))
                } catch {
                    return .failure(error)
                }
            }
            do throws(FileError) { if try result.get() { copied.append(path) } } catch { throw IncludeFault(error) }
        }
        return copied
    }

    /// An agent may change what git ignores: what is kept of a worktree never holds these files.
    private func note(_ copied: [String], _ place: RunPlace) throws(IncludeFault) {
        let prefix = rooms.git.repository.prefix
        do throws(GitError) {
            try rooms.git.noteIncluded(copied.map { prefix + $0 }, in: place.worktree)
        } catch {
            throw IncludeFault(error.sentence)
        }
    }

    private func ignored(_ paths: [String], _ place: RunPlace) async throws(IncludeFault) -> Set<String> {
        do throws(GitError) {
            let prefix = rooms.git.repository.prefix
            let ignored = try await rooms.git.ignored(paths.map { prefix + $0 }, in: place.worktree)
            return Set(ignored.map { String($0.dropFirst(prefix.count)) })
        } catch {
            throw IncludeFault("Whether git ignores the included files is not known: \(error.sentence)")
        }
    }

    private func isTaken(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }
}
