/// What became of a temporary file that a crash had left (R1).
public struct SweptFile: Sendable, Equatable {
    /// What was done with it.
    public enum Action: Sendable, Equatable {
        /// It held bytes of the service's own, or part of them.
        case removed
        /// It held a person's edit, which is in its place again.
        case restored
        /// It may hold an edit that a newer one has replaced; it was kept under this name.
        case kept(String)
        /// The service knows nothing of it: it belongs to another program.
        case foreign
    }

    /// The temporary file.
    public let path: String
    /// What was done with it.
    public let action: Action
}

extension SpecStore {
    /// Decides what temporary files found at start are, before anything is written.
    ///
    /// Only a file of which a write of ours was noted is touched. Where the swap had not happened, it is ours, whole or
    /// cut short; where it had, it holds what was replaced: the bytes that we had read, or an edit that came between.
    public func sweepTemporaryFiles() throws(SpecError) -> [SweptFile] {
        let pending = Dictionary(intents.pendingWrites().map { ($0.path, $0) }) { first, _ in first }
        var swept: [SweptFile] = []
        for temporary in try scanner.temporaryFiles() {
            let path = String(temporary.dropLast(".tmp".count))
            guard let write = pending[path] else {
                swept.append(SweptFile(path: temporary, action: .foreign))
                continue
            }
            do { swept.append(SweptFile(path: temporary, action: try sweep(temporary, of: write))) } catch {
                throw .file(error)
            }
        }
        for path in pending.keys { intents.didWrite(path: path) }
        return swept
    }

    private func sweep(_ temporary: String, of write: PendingWrite) throws(FileError) -> SweptFile.Action {
        let aside = Digest(of: try files.read(temporary))
        let inPlace = (try? files.read(write.path)).map { Digest(of: $0) }
        if aside == write.before || aside == write.after || inPlace == write.before {
            try files.remove(temporary)
            return .removed
        }
        if inPlace == nil, (try? files.move(temporary, to: write.path)) != nil {
            // It was moved aside to be removed, and was an edit of somebody else.
            return .restored
        }
        if inPlace == write.after {
            try files.swap(temporary, write.path)
            // Whatever came out now is what was in place: ours, unless somebody wrote in this very moment.
            if Digest(of: try files.read(temporary)) == write.after {
                try files.remove(temporary)
                return .restored
            }
            try files.swap(temporary, write.path)
        }
        let stem = write.path.dropLast(".md".count)
        let name = "\(stem).\(aside.short16).md.tmp"
        try files.move(temporary, to: name)
        return .kept(name)
    }
}
