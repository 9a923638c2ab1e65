/// One hunk of a file's unified diff.
public struct DiffHunk: Sendable, Equatable {
    /// The first line in the old file.
    public var oldStart: Int
    /// How many lines of the old file.
    public var oldLines: Int
    /// The first line in the new file.
    public var newStart: Int
    /// How many lines of the new file.
    public var newLines: Int
    /// What git writes behind the second `@@`.
    public var heading: String
    /// The lines, each with its first character: ` `, `+`, `-` or `\`.
    public var lines: [String]
}

extension DiffFile {
    /// The hunks of its patch; none of a binary file, or where nothing but the mode or the name changed.
    public var hunks: [DiffHunk] {
        var hunks: [DiffHunk] = []
        var left = (old: 0, new: 0)
        for line in (patch ?? []).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let isInside = left.old > 0 || left.new > 0
            switch line.first {
            case UInt8(ascii: "@") where !isInside:
                guard let hunk = DiffHunk(header: String(decoding: line, as: UTF8.self)) else { continue }
                left = (hunk.oldLines, hunk.newLines)
                hunks.append(hunk)
                continue
            case UInt8(ascii: "+") where isInside: left.new -= 1
            case UInt8(ascii: "-") where isInside: left.old -= 1
            case UInt8(ascii: " ") where isInside:
                left.old -= 1
                left.new -= 1
            case UInt8(ascii: "\\") where !hunks.isEmpty: break
            default: continue
            }
            hunks[hunks.count - 1].lines.append(String(decoding: line, as: UTF8.self))
        }
        return hunks
    }
}

extension DiffHunk {
    /// Reads `@@ -1,2 +3,4 @@ heading`; a count that is missing is 1.
    init?(header: String) {
        let parts = header.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0] == "@@", parts[3] == "@@", let old = Self.range(parts[1], "-"),
            let new = Self.range(parts[2], "+")
        else { return nil }
        self.init(
            oldStart: old.start,
            oldLines: old.count,
            newStart: new.start,
            newLines: new.count,
            heading: parts.count == 5 ? String(parts[4]) : "",
            lines: []
        )
    }

    private static func range(_ text: Substring, _ sign: Character) -> (start: Int, count: Int)? {
        guard text.first == sign else { return nil }
        let numbers = text.dropFirst().split(separator: ",").map { Int($0) }
        guard let start = numbers.first ?? nil else { return nil }
        return (start, numbers.count > 1 ? numbers[1] ?? 1 : 1)
    }
}
