import Foundation
import Logging

/// Why a spec was not declared done.
public enum FinalizeError: Error, Sendable {
    /// The spec's file: unknown, unreadable, or with a status that does not allow it.
    case spec(SpecError)
    /// A run of it is live, or another program works on it.
    case refused(GateRefusal)
    /// It is a driver: it is done when its members are.
    case driver(SpecID)
    /// These places of the request's list name no commit of the repository.
    case unknownCommits([Int])
    case edit(SpecEditError)
    case git(GitError)
    case journal(JournalError)
}

/// A person's word that a spec is done (R7): it is written, nothing is merged, and who said so is recorded.
struct SpecFinalizing: Sendable {
    let rooms: ExecutionRooms
    let specs: SpecService

    /// What `model` says where no run has worked on the spec.
    private static let manual = "manual"

    func finalize(_ id: SpecID, commits: [String]?, by person: String) async throws(FinalizeError) -> SpecView {
        try await rooms.claims.withClaim(
            of: id,
            as: "finalize",
            orThrow: FinalizeError.git(.cancelled),
            { () async throws(FinalizeError) in
                let (file, status) = try await admit(id)
                let run = try latestRun(id)
                let hashes = try await self.commits(commits, id, run)
                let document = try Self.finished(file, hashes, run, at: Timestamps.seconds(rooms.now()))
                do throws(SpecEditError) {
                    let written = try await specs.editing.save(document, as: id, over: file, verb: "finalize")
                    rooms.lifecycle.record(written, from: status, by: person)
                } catch {
                    throw .edit(error)
                }
                rooms.logger.notice("finalized by a person", metadata: ["spec": "\(id)", "by": "\(person)"])
                await rooms.completeDrivers(after: id)
                return try await view(id)
            }
        )
    }

    private func admit(_ id: SpecID) async throws(FinalizeError) -> (SpecFile, SpecStatus) {
        let file: SpecFile
        let spec: Spec
        let index: SpecIndex
        do {
            index = try await rooms.store.index()
            file = try await rooms.store.read(id)
            spec = try file.spec()
        } catch {
            throw .spec(error)
        }
        guard !SpecGroup.isDriver(spec, in: index) else { throw .driver(id) }
        let owner = try asking { () throws(JournalError) in try SpecOwner.of(id, rooms.journal, rooms.project) }
        if let owner { throw .refused(owner.refusal(of: id)) }
        do {
            try spec.refuse(unlessAllowed: spec.status == .inProgress ? .finalizeStale : .finalize)
        } catch {
            throw .spec(error)
        }
        return (file, spec.status)
    }

    /// The named ones, else those of the spec's latest work; as `git rev-parse --short` gives them.
    private func commits(_ named: [String]?, _ id: SpecID, _ run: Run?) async throws(FinalizeError) -> [String] {
        do {
            let log = CommitLog(client: rooms.git)
            guard let named else {
                let kept = try await KeptWorkSearch(rooms: rooms).latest(of: id)?.commits
                return try await log.shortHashes(kept ?? run?.commits.compactMap { ObjectID($0) } ?? [])
            }
            var found: [ObjectID] = []
            var unknown: [Int] = []
            for (place, name) in named.enumerated() {
                if Self.isHash(name), let commit = try await rooms.git.resolve(name) {
                    found.append(commit)
                } else {
                    unknown.append(place)
                }
            }
            guard unknown.isEmpty else { throw FinalizeError.unknownCommits(unknown) }
            return try await log.shortHashes(found)
        } catch let error as FinalizeError {
            throw error
        } catch let error as GitError {
            throw .git(error)
        } catch let error as JournalError {
            throw .journal(error)
        } catch {
            throw .git(.malformed("\(error)"))
        }
    }

    /// Hashes only: a branch's name would mean something else tomorrow.
    private static func isHash(_ text: String) -> Bool {
        (4...64).contains(text.utf8.count) && text.utf8.allSatisfy { "0123456789abcdefABCDEF".utf8.contains($0) }
    }

    private static func finished(
        _ file: SpecFile,
        _ commits: [String],
        _ run: Run?,
        at moment: String
    ) throws(FinalizeError) -> SpecDocument {
        let model = run.map { ModelChoice.recorded(reported: nil, asked: $0.model, agent: $0.agent) } ?? manual
        do {
            return try file.document.finished(commits: commits, completedAt: moment, model: model)
        } catch {
            throw .spec(error)
        }
    }

    private func latestRun(_ id: SpecID) throws(FinalizeError) -> Run? {
        try asking { () throws(JournalError) in try rooms.journal.latestRun(of: id, project: rooms.project.path) }
    }

    private func view(_ id: SpecID) async throws(FinalizeError) -> SpecView {
        do throws(SpecError) {
            guard case .readable(let view) = try await specs.get(id) else { throw SpecError.notFound(id.text) }
            return view
        } catch {
            throw .spec(error)
        }
    }

    private func asking<Answer>(_ question: () throws(JournalError) -> Answer) throws(FinalizeError) -> Answer {
        do { return try question() } catch { throw .journal(error) }
    }
}
