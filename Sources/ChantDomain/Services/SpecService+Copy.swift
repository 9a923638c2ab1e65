import Foundation

/// A spec as it stands in the worktree of its run, where the agent changes it.
public struct WorktreeCopy: Sendable {
    /// The copy's bytes.
    public let document: SpecDocument
    /// The copy read as the spec.
    public let listing: SpecListing
}

extension SpecService {
    /// The copy in the worktree of the spec's live or latest run; `nil` where there is no such worktree now.
    public func worktreeCopy(of id: SpecID) async throws(SpecError) -> WorktreeCopy? {
        let index = try await store.index()
        guard let run = try latestRun(of: id), let worktree = run.worktree else { return nil }
        let path = worktree + "/" + specPath(id)
        guard let bytes = try? LocalFileSystem().read(path) else { return nil }
        let document = SpecDocument(bytes: bytes)
        let changed = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
        let place = ".chant/specs/\(id).md"
        do throws(HeaderProblem) {
            let spec = try Spec(id: id, path: place, document: document, updatedAt: changed ?? now())
            return WorktreeCopy(document: document, listing: .readable(view(spec, index, run)))
        } catch {
            let unreadable = UnreadableSpec(
                id: id.text,
                path: place,
                revision: document.revision,
                detail: error.detail,
                line: error.line
            )
            return WorktreeCopy(document: document, listing: .unreadable(unreadable))
        }
    }
}
