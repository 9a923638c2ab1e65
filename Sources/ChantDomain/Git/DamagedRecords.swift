import Foundation

extension Repository {
    /// Records of worktrees that are not ours and that make git fail in the whole repository: a person's to judge.
    ///
    /// Such a thing is left by a `git worktree add` that was killed, or by a power cut. Ours are cleared away at start.
    var damagedRecords: [String] {
        GitFiles.names(in: worktreeRecords).filter { RunID($0) == nil }.map { "\(worktreeRecords)/\($0)" }
            .filter(isDamaged)
    }

    /// Whether git cannot read this record of a worktree.
    func isDamaged(_ record: String) -> Bool {
        GitFiles.kind(of: record) == S_IFDIR
            && ["commondir", "HEAD"].contains { GitFiles.text(of: "\(record)/\($0)")?.isEmpty ?? true }
    }

    /// What is wrong with such a record and what to do.
    static func sentence(ofDamaged record: String) -> String {
        "\(record) is damaged (`commondir` or `HEAD` is missing or empty): git may fail in the whole repository until that "
            + "folder is removed."
    }
}
