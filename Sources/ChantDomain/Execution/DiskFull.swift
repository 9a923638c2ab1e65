import Glibc

extension StageFailure {
    /// The failure of a stage that met a full disk; `nil` where the error says something else.
    ///
    /// - Parameters:
    ///   - error: what the stage met.
    ///   - action: what it was doing.
    ///   - folder: where git wrote files: of those it does not say why it could not.
    /// - Returns: the failure.
    static func diskFull(_ error: any Error, while action: String, in folder: String? = nil) -> StageFailure? {
        var place = fullPlace(error)
        if let folder, let error = error as? GitError, error.couldNotWriteFiles, isNearlyFull(folder) { place = folder }
        guard let place else { return nil }
        return StageFailure(
            .diskFull,
            "The disk was full while \(action) (\(place)). Make room and start the spec again; its branch is kept.",
            ["error": .text("\(error)")]
        )
    }

    /// Too little is free for a work tree of any size.
    private static func isNearlyFull(_ folder: String) -> Bool {
        var figures = statvfs()
        guard statvfs(folder, &figures) == 0 else { return false }
        return UInt64(figures.f_bavail) * UInt64(figures.f_frsize) < 16 << 20
    }

    private static func fullPlace(_ error: any Error) -> String? {
        switch error {
        case let error as FileError: error.isDiskFull ? error.path : nil
        case let error as JournalError: error.isDiskFull ? "the state folder" : nil
        case let error as GitError: error.isDiskFull ? "the repository or its worktrees" : nil
        case SpecError.file(let error): error.isDiskFull ? error.path : nil
        default: nil
        }
    }
}

extension FileError {
    /// Nothing more fits on the file system, or into the user's share of it.
    var isDiskFull: Bool { [ENOSPC, EDQUOT].contains(code) }
}

extension JournalError {
    /// SQLite's word for it, or the system's.
    var isDiskFull: Bool {
        guard case .storage(_, let code, let detail) = self else { return false }
        return code & 0xFF == 13 || detail.contains("disk is full")
    }
}

extension GitError {
    /// A checkout that ended early.
    fileprivate var couldNotWriteFiles: Bool {
        ["unable to write file", "unable to create file"].contains { stderr.contains($0) }
    }

    /// git's own words for it.
    fileprivate var isDiskFull: Bool {
        if case .system(_, _, let code) = self { return [ENOSPC, EDQUOT].contains(code) }
        return ["No space left on device", "Disk quota exceeded"].contains { stderr.contains($0) }
    }
}
