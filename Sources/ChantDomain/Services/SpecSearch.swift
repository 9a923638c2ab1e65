/// Finds specs by their words; one search at a time, since each may read every file.
///
/// What a file said to a recent text is remembered until the file changes.
actor SpecSearch {
    private static let rememberedTexts = 8
    /// No more of a file is searched.
    private static let bytesOfFile = 1 << 20

    private let projectFolder: String
    private let files = LocalFileSystem()
    private var verdicts: [String: [ByteText: (revision: String, hit: Bool)]] = [:]
    private var recent: [String] = []
    /// How many files have been read.
    private(set) var readings = 0

    init(projectFolder: String) { self.projectFolder = projectFolder }

    /// The rows that have `text` in their id, title or body, in any case.
    func rows(with text: String, in rows: [SpecRow]) -> [SpecRow] {
        let wanted = Array(text.lowercased().utf8)
        var known = verdicts[text] ?? [:]
        var hits: [SpecRow] = []
        for row in rows {
            if Task.isCancelled { return hits }
            let place = ByteText(row.path)
            let revision = row.revision ?? ""
            let hit: Bool
            if let verdict = known[place], verdict.revision == revision {
                hit = verdict.hit
            } else {
                hit = has(wanted, row)
                known[place] = (revision, hit)
            }
            if hit { hits.append(row) }
        }
        remember(text, known)
        return hits
    }

    private func has(_ wanted: [UInt8], _ row: SpecRow) -> Bool {
        if Self.contains(Array(row.id.lowercased().utf8), wanted) { return true }
        if let title = row.spec?.title, Self.contains(Array(title.lowercased().utf8), wanted) { return true }
        readings += 1
        guard let bytes = try? files.read(projectFolder + "/" + row.path) else { return false }
        let document = SpecDocument(bytes: bytes)
        let body = document.bytes[document.bodyRange].prefix(Self.bytesOfFile)
        // Most texts are ASCII: those are compared without making letters of the bytes.
        if wanted.allSatisfy({ $0 < 0x80 }), Self.contains(body.map(Self.lowered), wanted) { return true }
        return body.contains { $0 >= 0x80 }
            && Self.contains(Array(String(decoding: body, as: UTF8.self).lowercased().utf8), wanted)
    }

    private func remember(_ text: String, _ known: [ByteText: (revision: String, hit: Bool)]) {
        recent.removeAll { $0 == text }
        recent.append(text)
        verdicts[text] = known
        if recent.count > Self.rememberedTexts { verdicts[recent.removeFirst()] = nil }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }

    private static func contains(_ bytes: [UInt8], _ wanted: [UInt8]) -> Bool {
        guard let first = wanted.first, bytes.count >= wanted.count else { return wanted.isEmpty }
        return bytes.withUnsafeBufferPointer { bytes in
            wanted.withUnsafeBufferPointer { wanted in
                var place = 0
                while place <= bytes.count - wanted.count {
                    if bytes[place] == first, (1..<wanted.count).allSatisfy({ bytes[place + $0] == wanted[$0] }) {
                        return true
                    }
                    place += 1
                }
                return false
            }
        }
    }
}
