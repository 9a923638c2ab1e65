import Yams

/// Says whether an edit of one key touched anything else (R2), without using anything of the editor's.
///
/// It cuts the files into lines, finds the header by its two markers, and asks Yams where the keys begin. The fuzzer
/// uses this file too, so it sees the package's public names only.
struct EditOracle {
    let lines: [ArraySlice<UInt8>]
    /// The lines between the markers; `nil` for a file without a header.
    let header: Range<Int>?
    let keys: [(name: String, line: Int, value: Node)]
    /// A CR alone, NEL, LS or PS in the header: Yams counts lines there that others do not see.
    let hasOddLineEnds: Bool

    /// Reads a file that the service could read; `nil` where Yams cannot.
    init?(_ bytes: [UInt8]) {
        var lines: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = bytes[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.endIndex
            lines.append(bytes[start..<end])
            start = end
        }
        self.lines = lines
        header = EditOracle.header(of: lines)
        guard let header else {
            (keys, hasOddLineEnds) = ([], false)
            return
        }
        let text = String(decoding: lines[header].joined(), as: UTF8.self)
        let scalars = text.unicodeScalars.filter { "\u{85}\u{2028}\u{2029}".unicodeScalars.contains($0) }
        hasOddLineEnds =
            !scalars.isEmpty
            || lines[header].contains { $0.dropLast(2).contains(0x0D) || $0.suffix(2).first == 0x0D && $0.last != 0x0A }
        guard let root = try? Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot() else {
            guard
                text.split(whereSeparator: \.isNewline).allSatisfy({
                    $0.drop { $0 == " " }.first.map { $0 == "#" } ?? true
                })
            else { return nil }
            keys = []
            return
        }
        guard case .mapping(let mapping) = root else { return nil }
        keys = mapping.map { ($0.key.scalar?.string ?? "", header.lowerBound + ($0.key.mark?.line ?? 1) - 1, $0.value) }
    }

    /// Between the first line that is not blank, if that is `---`, and the next that is exactly `---`.
    private static func header(of lines: [ArraySlice<UInt8>]) -> Range<Int>? {
        func isBlank(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.allSatisfy { [0x20, 0x09, 0x0D, 0x0A].contains($0) } }
        for (index, line) in lines.enumerated() {
            let text = index == 0 && line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line
            if isBlank(text) { continue }
            guard text.starts(with: [0x2D, 0x2D, 0x2D]), isBlank(text.dropFirst(3)) else { return nil }
            let closing = ["---", "---\n", "---\r\n"].map { Array($0.utf8) }
            let close = lines.indices.first { $0 > index && closing.contains(Array(lines[$0])) }
            return close.map { index + 1..<$0 }
        }
        return nil
    }

    /// What an edit of `key` did wrong; `nil` where it changed nothing outside the key's lines, nor any other value.
    static func fault(old: [UInt8], new: [UInt8], key: String) -> String? {
        guard let before = EditOracle(old) else { return "the old file cannot be read" }
        guard let after = EditOracle(new) else { return "the new file cannot be read" }
        let others = before.keys.filter { $0.name != key }
        let kept = after.keys.filter { $0.name != key }
        guard others.map(\.name) == kept.map(\.name) else {
            return "keys \(others.map(\.name)) became \(kept.map(\.name))"
        }
        for (one, other) in zip(others, kept) where one.value != other.value {
            return "the value of \(one.name) changed"
        }
        if before.hasOddLineEnds { return nil }
        let region = before.region(of: key)
        let head = Array(before.lines[..<region.lowerBound].joined())
        let tail = Array(before.lines[region.upperBound...].joined())
        // A file without a header gets one between its byte order mark and its body.
        let mark = before.header == nil && old.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        guard new.starts(with: before.header == nil ? Array(old[..<mark]) : head) else {
            return "bytes before the key changed"
        }
        guard new.count >= head.count + tail.count, new.suffix(tail.count - mark).elementsEqual(tail.dropFirst(mark))
        else {
            return "bytes after the key changed"
        }
        return nil
    }

    /// The lines from a key's to the next one's; for a missing key the place at the header's end.
    private func region(of key: String) -> Range<Int> {
        guard let header else { return 0..<0 }
        guard let index = keys.firstIndex(where: { $0.name == key }) else {
            return header.upperBound..<header.upperBound
        }
        let next = index + 1 < keys.count ? keys[index + 1].line : header.upperBound
        return keys[index].line..<next
    }

    /// The text of a key's value, where it is one.
    func scalar(_ key: String) -> String? { keys.first { $0.name == key }?.value.scalar?.string }

    /// The texts of a key's list.
    func list(_ key: String) -> [String]? {
        keys.first { $0.name == key }?.value.sequence.map { $0.map { $0.scalar?.string ?? "" } }
    }
}
