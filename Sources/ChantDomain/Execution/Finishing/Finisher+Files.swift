import Foundation
import Logging

extension Finisher {
    /// Tells the store which spec files git is about to write into the checkout, so that nobody takes them for a person's.
    ///
    /// Not the finished ones: git leaves those alone, and what changes in them meanwhile is somebody else's.
    func announcing<Result: Sendable>(
        _ plan: FinishingPlan?,
        _ old: ObjectID,
        _ move: () async throws(StageFailure) -> Result
    ) async throws(StageFailure) -> Result {
        let paths = await specFiles(plan, old)
        await lifecycle.store.expectWrites(to: paths)
        let moved: Swift.Result<Result, StageFailure>
        do throws(StageFailure) { moved = .success(try await move()) } catch { moved = .failure(error) }
        do throws(SpecError) {
            try await lifecycle.store.tookPlace(at: paths)
        } catch {
            logger.warning("spec files not looked at", metadata: ["error": "\(error)"])
        }
        return try moved.get()
    }

    private func specFiles(_ plan: FinishingPlan?, _ old: ObjectID) async -> Set<String> {
        let chant = git.repository.prefix + ".chant"
        guard let plan else { return [] }
        do throws(GitError) {
            let changes = try await git.changes(from: old, to: plan.commit, below: chant)
            let paths = changes.map(\.path).filter { $0.hasSuffix(".md") && plan.blobs[$0] == nil }
            return Set(paths.map { lifecycle.store.chantFolder + $0.dropFirst(chant.count) })
        } catch {
            // The merge goes on: at worst its spec files are told of as if somebody else had written them.
            logger.warning("spec files of a merge not known", metadata: ["error": "\(error.sentence)"])
            return []
        }
    }

    /// F4: the finished bytes over the files in the project's checkout.
    ///
    /// The commit is on the target and nothing undoes that: what cannot be written is a warning, and mended later.
    func writeFiles(_ computed: FinishedSpecs, _ finish: Finish, at moment: String) async -> [RunWarning] {
        var warnings: [RunWarning] = []
        for file in computed.files {
            do {
                try await lifecycle.writeFinished(
                    file.spec,
                    expecting: file.before,
                    finished: file.finished,
                    by: finish.word?.by
                ) {
                    current in
                    guard file.spec == finish.spec else {
                        return try SpecDocument(bytes: current).finishedAsDriver(completedAt: moment).bytes
                    }
                    return try await specs.again(finish, onto: current, at: moment)
                }
            } catch {
                logger.error("finished spec not written", metadata: ["spec": "\(file.spec)", "error": "\(error)"])
                if file.spec == finish.spec { warnings += [.statusNotWritten(error)].compactMap(\.self) }
            }
        }
        await completeDrivers(after: finish)
        return warnings
    }

    /// Of two last members that end at once, neither may have seen the other when it made its commit (R9).
    private func completeDrivers(after finish: Finish) async {
        await lifecycle.completeDrivers(after: finish.spec, at: now(), logger)
    }

    /// F4 of a run whose service ended after its commit had reached the target.
    func completeFiles(_ finish: Finish, commit: ObjectID?, keepingRef: Bool = false) async -> [RunWarning] {
        var warnings: [RunWarning] = []
        do throws(StageFailure) {
            let moment = await completedAt(finish.spec, commit) ?? Timestamps.seconds(now())
            warnings = await writeFiles(try await specs.afterwards(finish, at: moment), finish, at: moment)
        } catch {
            logger.error("finished spec not written", metadata: ["spec": "\(finish.spec)", "error": "\(error.detail)"])
            warnings = [.statusNotWritten(error, saying: error.detail)].compactMap(\.self)
        }
        if !keepingRef { await dropFinishRef(of: finish.run.id) }
        return warnings
    }

    /// Undoes what a run left whose commit did not reach the target: index entries and the ref that held the commit.
    func undo(_ run: Run) async {
        do {
            if let record = try journal.finishing(run: run.id), let commit = record.commit.flatMap({ ObjectID($0) }) {
                let entries = record.indexEntries.map { entry in
                    IndexEntry(path: entry.path, mode: entry.mode, blob: entry.blob.flatMap { ObjectID($0) })
                }
                let blobs = try await git.treeEntries(entries.map(\.path), in: commit).mapValues(\.blob)
                try await TargetMove(client: git).putBack(entries, blobs: blobs)
            }
        } catch {
            logger.error("index entries not put back", metadata: ["run": "\(run.id)", "error": "\(error)"])
        }
        await dropFinishRef(of: run.id)
    }

    /// The time that the finishing commit says, so that file and commit agree.
    private func completedAt(_ spec: SpecID, _ commit: ObjectID?) async -> String? {
        guard let commit else { return nil }
        guard let path = await specs.path(of: spec), let bytes = try? await git.contents(of: path, in: commit) else {
            return nil
        }
        return (try? Spec(id: spec, path: path, document: SpecDocument(bytes: bytes)))?.completedAt
    }
}
