/// Who works on a spec now, so that its status is not a request's to change.
enum SpecOwner: Sendable {
    case run(Run, pid: Int32?)
    /// Another program, by its lock (R35).
    case lock(pid: Int32)

    /// Refuses an edit that it stands in the way of.
    func refuse(_ id: SpecID) throws(SpecEditError) {
        switch self {
        case .run(let run, let pid): throw .alreadyRunning(run, pid: pid)
        case .lock(let pid): throw .lockedByOther(id, pid: pid)
        }
    }
}

extension SpecLifecycle {
    /// The doors that a request can pass through (R6): its bytes as they may be written.
    ///
    /// A status that stays needs no door. One that changes may become `pending` or `cancelled`, where the table has it; a
    /// spec that was completed leaves what its completion wrote behind.
    ///
    /// - Parameters:
    ///   - document: what the request wants to be there.
    ///   - file: what is there; `nil` for a new spec.
    ///   - id: the spec.
    ///   - owner: who works on it now.
    /// - Returns: what to write, and how it reads.
    /// - Throws: `invalid` with the place where the bytes cannot be read; a refused status.
    func admit(
        _ document: SpecDocument,
        over file: SpecFile?,
        of id: SpecID,
        owner: SpecOwner?
    ) throws(SpecEditError) -> (document: SpecDocument, spec: Spec) {
        let wanted = try Self.spec(document, id)
        guard let file else {
            guard [.pending, .cancelled].contains(wanted.status) else { throw .firstStatus(wanted.status) }
            return (document, wanted)
        }
        guard case .success(let old) = file.reading else {
            // Mending a broken file is no way to complete a spec; what its broken header says may stay.
            let stays = file.document.statusWord.flatMap { SpecStatus(word: $0) } == wanted.status
            guard stays || [.pending, .cancelled].contains(wanted.status) else { throw .firstStatus(wanted.status) }
            return (document, wanted)
        }
        guard old.status != wanted.status else { return (document, wanted) }
        try check(from: old.status, to: wanted.status, owner, id)
        guard old.status == .completed else { return (document, wanted) }
        let reopened: SpecDocument
        do { reopened = try document.reopened() } catch { throw .spec(error) }
        return (reopened, try Self.spec(reopened, id))
    }

    private func check(
        from old: SpecStatus,
        to new: SpecStatus,
        _ owner: SpecOwner?,
        _ id: SpecID
    ) throws(SpecEditError) {
        let event: SpecEvent? =
            switch new {
            case .pending: old == .inProgress ? .resetStale : .reset
            case .cancelled: .cancel
            case .inProgress, .paused, .completed, .failed, .needsAttention: nil
            }
        guard let event, (try? old.applying(event)) == new else {
            let allowed = old.allowed.filter { [.pending, .cancelled].contains($0) }
            throw .illegalStatus(from: old, to: new, allowed: allowed)
        }
        try owner?.refuse(id)
    }

    /// Tells what a request did to a spec's file: one event, whose word is `status` where that changed.
    func recordEdit(_ before: SpecFile?, _ after: SpecFile?, by person: String? = nil) {
        guard let id = (after ?? before)?.id else { return }
        let from = (try? before?.spec())?.status
        let to = (try? after?.spec())?.status
        let isChange = before != nil && after != nil && from != to
        let kind: SpecChange.Kind =
            before == nil ? .created : after == nil ? .removed : isChange && from != nil ? .status : .edited
        let change = SpecChange(
            specID: id.text,
            change: kind,
            from: isChange ? from?.rawValue : nil,
            to: isChange || before == nil ? to?.rawValue : nil,
            by: person ?? "service",
            revision: after?.document.revision
        )
        tell(change)
    }

    private static func spec(_ document: SpecDocument, _ id: SpecID) throws(SpecEditError) -> Spec {
        do {
            return try Spec(id: id, path: "", document: document)
        } catch {
            let place = error.line.map { " (line \($0))" } ?? ""
            throw .spec(.invalid([Complaint("", error.detail + place)]))
        }
    }
}

extension SpecDocument {
    /// The word behind `status:` in a header that cannot be read as a whole.
    fileprivate var statusWord: String? {
        let start = Array("status:".utf8)
        for line in bytes.prefix(65_536).split(separator: UInt8(ascii: "\n")).dropFirst().prefix(500) {
            if line.elementsEqual("---".utf8) { return nil }
            guard line.starts(with: start) else { continue }
            return String(decoding: line.dropFirst(start.count), as: UTF8.self).filter { !" \t\r\"'".contains($0) }
        }
        return nil
    }
}
