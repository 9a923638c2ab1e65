import ChantDomain

/// The wire form of what a run has changed.
enum DiffPayload {
    /// The files with their hunks, and the sums.
    static func json(_ diff: RunDiff) -> JSONValue {
        let files = diff.diff.files
        return [
            "run_id": .string(diff.run.id.text),
            "spec_id": .string(diff.run.specID),
            "branch": .string(diff.run.branch),
            "base_commit": .string(diff.base),
            "head_commit": .string(diff.head),
            "additions": JSONValue(files.reduce(0) { $0 + ($1.additions ?? 0) }),
            "deletions": JSONValue(files.reduce(0) { $0 + ($1.deletions ?? 0) }),
            "truncated": .bool(diff.diff.isTruncated),
            "files": .array(files.map(file)),
        ]
    }

    private static func file(_ file: DiffFile) -> JSONValue {
        [
            "path": .string(file.path),
            "old_path": JSONValue(file.oldPath),
            "status": .string(file.status.rawValue),
            "additions": JSONValue(file.additions),
            "deletions": JSONValue(file.deletions),
            "binary": .bool(file.isBinary),
            "truncated": .bool(file.isTruncated),
            "hunks": .array(file.hunks.map(hunk)),
        ]
    }

    private static func hunk(_ hunk: DiffHunk) -> JSONValue {
        [
            "old_start": JSONValue(hunk.oldStart),
            "old_lines": JSONValue(hunk.oldLines),
            "new_start": JSONValue(hunk.newStart),
            "new_lines": JSONValue(hunk.newLines),
            "heading": .string(hunk.heading),
            "lines": JSONValue(hunk.lines),
        ]
    }
}
