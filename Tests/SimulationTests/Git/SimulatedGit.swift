import Foundation
import Synchronization

/// A repository in memory, whose work trees and records of worktrees lie on a disk as git's do.
///
/// It refuses nonsense and notes it: a checked-out branch that moves under its work tree, two changes of worktrees at once, a
/// commit of an agent that nothing holds any more, a command that it does not know.
final class SimulatedGit: Sendable {
    /// What may be wrong with it, to show that a simulation would notice.
    enum Sabotage: String, Sendable, CaseIterable {
        case none
        /// Refs that keep a branch's old commits are not written.
        case forgetsKeptRefs
        /// Of a conflict, the target's side is taken, and nothing said.
        case takesOurSide
        /// The branch's side.
        case takesTheirSide
    }

    struct State {
        var objects = GitObjects()
        var refs: [String: String] = [:]
        /// By the path of the index file.
        var indexes: [String: GitObjects.Tree] = [:]
        /// The commits of agents, which must never be lost.
        var precious: Set<String> = []
        /// Who changes worktrees at this moment.
        var changing: String?
    }

    let checkout: String
    var gitDir: String { "\(checkout)/.git" }
    let sabotage: Sabotage
    let complain: @Sendable (String) -> Void
    let seconds: @Sendable () -> Int
    let state = Mutex(State())

    /// An empty repository, made on disk so far as the domain looks at it there.
    init(
        checkout: String,
        sabotage: Sabotage = .none,
        seconds: @escaping @Sendable () -> Int,
        complain: @escaping @Sendable (String) -> Void
    ) throws {
        self.checkout = checkout
        self.sabotage = sabotage
        self.seconds = seconds
        self.complain = complain
        try FileManager.default.createDirectory(atPath: "\(checkout)/.git/worktrees", withIntermediateDirectories: true)
        try DiskFile.write(Array("ref: refs/heads/main\n".utf8), to: "\(checkout)/.git/HEAD")
    }

    /// Commits everything that lies in the checkout.
    @discardableResult
    func commitCheckout(_ message: String) -> String {
        state.withLock { state in
            var tree: GitObjects.Tree = [:]
            for path in WorkFiles(checkout).paths() {
                guard let bytes = DiskFile.read("\(checkout)/\(path)") else { continue }
                tree[path] = GitObjects.Entry(blob: state.objects.add(blob: bytes))
            }
            let parents = state.refs["refs/heads/main"].map { [$0] } ?? []
            let commit = GitObjects.Commit(
                tree: state.objects.add(tree: tree),
                parents: parents,
                message: message,
                seconds: seconds()
            )
            let id = state.objects.add(commit: commit)
            state.refs["refs/heads/main"] = id
            state.indexes["\(gitDir)/index"] = tree
            return id
        }
    }

    /// Commits files in a worktree as an agent does; `nil` where the worktree or its branch is gone.
    func commitAsAgent(in worktree: String, record: String, files: [String: String?], message: String) -> String? {
        state.withLock { state in
            guard let ref = head(of: record), let tip = state.refs[ref],
                FileManager.default.fileExists(atPath: worktree)
            else { return nil }
            var tree = state.objects.tree(of: tip) ?? [:]
            for (path, text) in files {
                guard let text else {
                    tree[path] = nil
                    unlink("\(worktree)/\(path)")
                    continue
                }
                let bytes = Array(text.utf8)
                DiskFile.put(bytes, at: "\(worktree)/\(path)")
                tree[path] = GitObjects.Entry(blob: state.objects.add(blob: bytes))
            }
            var index = state.indexes["\(record)/index"] ?? tree
            for path in files.keys { index[path] = tree[path] }
            state.indexes["\(record)/index"] = index
            let commit = GitObjects.Commit(
                tree: state.objects.add(tree: tree),
                parents: [tip],
                message: message,
                seconds: seconds()
            )
            let id = state.objects.add(commit: commit)
            state.refs[ref] = id
            state.precious.insert(id)
            return id
        }
    }

    /// The full ref that a worktree's record, or the checkout, is on.
    func head(of record: String) -> String? {
        guard let bytes = DiskFile.read("\(record)/HEAD") else { return nil }
        let text = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
        return text.hasPrefix("ref: ") ? String(text.dropFirst(5)) : nil
    }

    /// The records of linked worktrees, with the folder that each names.
    func records() -> [(record: String, folder: String)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(gitDir)/worktrees")) ?? []
        return names.sorted().compactMap { name in
            let record = "\(gitDir)/worktrees/\(name)"
            guard let pointer = DiskFile.read("\(record)/gitdir") else { return nil }
            let text = String(decoding: pointer, as: UTF8.self).replacingOccurrences(of: "\n", with: "")
            return (record, text.hasSuffix("/.git") ? String(text.dropLast(5)) : text)
        }
    }

    /// The agents' commits that no ref holds.
    func lost() -> [String] {
        state.withLock { state in
            let held = state.objects.reachable(from: Array(state.refs.values))
            return state.precious.filter { !held.contains($0) }.sorted()
        }
    }
}

/// Small files, without what Foundation adds.
enum DiskFile {
    static func read(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            count = max(0, Foundation.read(file, buffer.baseAddress, buffer.count))
        }
    }

    static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o644) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard file >= 0 else { throw CocoaError(.fileWriteUnknown) }
        defer { close(file) }
        guard Foundation.write(file, bytes, bytes.count) == bytes.count else { throw CocoaError(.fileWriteUnknown) }
    }

    /// Writes a file and makes its folders; replaces what is there as editors do, under a new inode.
    static func put(_ bytes: [UInt8], at path: String) {
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        if access(folder, F_OK) != 0 {
            try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        let temporary = "\(folder)/.put"
        guard (try? write(bytes, to: temporary)) != nil else { return }
        rename(temporary, path)
    }
}

/// The files of a work tree that the ignore rules of the simulation leave.
struct WorkFiles {
    let folder: String

    init(_ folder: String) { self.folder = folder }

    /// Whether git ignores the path.
    static func isIgnored(_ path: String) -> Bool {
        path.hasPrefix(".chant/logs/") || path.hasPrefix(".chant/.locks/") || path.hasSuffix(".md.tmp")
    }

    /// All paths below the folder, sorted.
    func paths() -> [String] {
        var found: [String] = []
        walk("", &found)
        return found.sorted()
    }

    private func walk(_ prefix: String, _ found: inout [String]) {
        guard let handle = opendir(prefix.isEmpty ? folder : "\(folder)/\(prefix)") else { return }
        defer { closedir(handle) }
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != "..", name != ".git" else { continue }
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            if entry.pointee.d_type == UInt8(DT_DIR) {
                if !Self.isIgnored(path + "/") { walk(path, &found) }
            } else if !Self.isIgnored(path) {
                found.append(path)
            }
        }
    }
}
