extension LogReader {
    /// More is not read, however long the lines are.
    private static let longestEnd = 256 << 10

    /// The last lines of a log that has ended, as view `text` shows them.
    func lastLines(_ count: Int) throws(LogError) -> [String] {
        let size = try size()
        let start = try max(offset(ofLast: count), size - Self.longestEnd)
        var raw: [UInt8] = []
        while start + raw.count < size {
            let piece = try bytes(from: start + raw.count, limit: size - start - raw.count, hasEnded: true)
            guard !piece.isEmpty else { break }
            raw += piece
        }
        let text = LogText(keepsEscapes: false).clean(raw[...], isFinal: true).text
        var lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.suffix(count).map(String.init)
    }
}
