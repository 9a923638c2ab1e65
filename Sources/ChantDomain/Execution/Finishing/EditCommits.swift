import Foundation
import Logging

/// Commits the edits of requests to the target, one commit for each (R40), under the rules of finishing: the target's lock,
/// no hooks, the service's identity, and nothing that a person staged or changed is touched.
///
/// The order is: make the commit and hold it by a ref, see that nothing stands in the way, write the file, move the target.
/// What is refused is refused before the file is written; where the target could not be moved all the same, the file gets
/// its earlier bytes back.
struct EditCommits: Sendable {
    let project: ProjectIdentity
    let git: GitClient
    let target: BranchName
    let targets: TargetLocks
    let identity: Identity
    let signingKey: String?
    let logger: Logger

    /// How often a target that moved meanwhile is tried again.
    private static let rounds = 5

    /// Writes an edit and commits it.
    ///
    /// - Parameters:
    ///   - files: what the commit shall have.
    ///   - spec: the spec that is edited.
    ///   - verb: `create`, `edit` or `delete`, for the subject.
    ///   - write: writes the file.
    ///   - undo: takes back what `write` did.
    /// - Returns: what `write` returned.
    /// - Throws: `notCommitted` with what is in the way, `git`, or what `write` throws; the file is as it was then.
    func commit<Written: Sendable>(
        _ files: [EditedFile],
        of spec: SpecID,
        verb: String,
        write: () async throws(SpecEditError) -> Written,
        undo: (Written) async -> Void
    ) async throws(SpecEditError) -> Written {
        // Never `chant(<id>):`, which the original counts as work.
        let message = "chant: \(verb) \(spec)\n\nChant-Spec: \(spec)\n"
        return try await targets.withLock(
            target,
            holder: "\(verb) \(spec)",
            orThrow: { SpecEditError.git($0) },
            { () async throws(SpecEditError) -> Written in
                let old = try await tip()
                guard let plan = try await plan(files, onto: old, message) else { return try await write() }
                do throws(SpecEditError) {
                    try await check(files, from: old)
                    let written = try await write()
                    do throws(SpecEditError) { try await publish(plan, from: old, files, message) } catch {
                        await undo(written)
                        throw error
                    }
                    await release()
                    return written
                } catch {
                    await release()
                    throw error
                }
            }
        )
    }

    /// At start: lets go of what an earlier service left when it ended amid a commit.
    ///
    /// The file holds the edit then, and was not committed. Index entries that were set for the commit are put back, so
    /// that the edit does not look as if a person had staged it.
    func recover() async {
        do {
            guard let commit = try await git.value(ofRef: ref) else { return }
            if try await !git.isReachable(commit, from: target), let old = try await git.resolve("\(commit.hex)^") {
                let paths = try await git.changes(from: old, to: commit).map(\.path)
                let before = try await git.treeEntries(paths, in: old)
                let entries = paths.map { IndexEntry(path: $0, mode: before[$0]?.mode, blob: before[$0]?.blob) }
                let blobs = try await git.treeEntries(paths, in: commit).mapValues(\.blob)
                try await TargetMove(client: git).putBack(entries, blobs: blobs)
            }
            await release()
        } catch {
            logger.warning("an unfinished commit of an edit was not tidied up", metadata: ["why": "\(error.sentence)"])
        }
    }

    // MARK: - Steps

    private var ref: String { ChantRef.edit(project) }

    private func tip() async throws(SpecEditError) -> ObjectID {
        let (tip, isEmpty) = try await asking { () async throws(GitError) in
            let tip = try await git.tip(of: target)
            return (tip, tip == nil ? try await git.isEmpty() : false)
        }
        guard let tip else { throw .notCommitted(isEmpty ? .empty : .missing(target: target.text)) }
        return tip
    }

    /// The commit, held by our ref; `nil` where there is nothing to commit.
    private func plan(
        _ files: [EditedFile],
        onto old: ObjectID,
        _ message: String
    ) async throws(SpecEditError) -> FinishingPlan? {
        try await asking { () async throws(GitError) in
            let maker = EditCommit(client: git, identity: identity, signingKey: signingKey)
            guard let plan = try await maker.make(onto: old, files: files, message: message) else { return nil }
            try await git.updateRef(ref, to: plan.commit, from: try await git.value(ofRef: ref))
            return plan
        }
    }

    private func check(_ files: [EditedFile], from old: ObjectID) async throws(SpecEditError) {
        let obstacle = try await asking { () async throws(GitError) in
            try await TargetMove(client: git).obstacle(to: target, from: old, changing: files.map(\.path))
        }
        if let obstacle { throw .notCommitted(obstacle.asObstacle(target)) }
    }

    private func publish(
        _ first: FinishingPlan,
        from old: ObjectID,
        _ files: [EditedFile],
        _ message: String
    ) async throws(SpecEditError) {
        var plan = first
        var tip = old
        for _ in 1...Self.rounds {
            let result = try await asking { () async throws(GitError) in
                try await TargetMove(client: git).move(target, from: tip, to: plan.commit, specFiles: plan.blobs) { _ in
                }
            }
            if result == .moved { return }
            guard case .lost(let newer) = result else { throw .notCommitted(result.asObstacle(target)) }
            guard let next = try await self.plan(files, onto: newer, message) else { return }
            (plan, tip) = (next, newer)
        }
        throw .notCommitted(.moving(target: target.text))
    }

    private func release() async {
        do throws(GitError) {
            guard let value = try await git.value(ofRef: ref) else { return }
            try await git.updateRef(ref, to: nil, from: value)
        } catch {
            logger.warning("an edit's ref was not dropped", metadata: ["ref": "\(ref)", "why": "\(error.sentence)"])
        }
    }

    private func asking<Value>(
        _ body: () async throws(GitError) -> Value
    ) async throws(SpecEditError) -> Value {
        do { return try await body() } catch { throw .git(error) }
    }
}

extension TargetMoveResult {
    fileprivate func asObstacle(_ target: BranchName) -> EditObstacle {
        switch self {
        case .dirty(let files): .dirty(files)
        case .busy(let sentence): .busy(sentence)
        case .missing: .missing(target: target.text)
        case .moved, .lost: .moving(target: target.text)
        }
    }
}
