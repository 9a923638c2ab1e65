import Synchronization

/// Puts `*` in the place of each byte of a secret, on every way out of the service (R34).
///
/// Which bytes are masked depends on the text alone, not on how it was cut: who has only a part of it gives some of what
/// stands around (`reach`). Offsets and line ends stay as they are.
///
/// Its copies know the same: what one of them learns, all mask.
public struct SecretRedactor: Sendable {
    private let known: KnownSecrets
    private var search: SecretSearch { known.searches.all }
    /// Looks for what may be cut into lines.
    private var cutSearch: SecretSearch { known.searches.cut }

    /// A redactor of values, in all forms that a text may have them in; what is too short is left out.
    public init(_ values: some Sequence<String> = []) {
        known = KnownSecrets(Set(values))
    }

    /// From now on these are masked too.
    func learn(_ values: Set<String>) { known.add(values) }

    /// Whether nothing is secret.
    public var isEmpty: Bool { search.longest == 0 }

    /// How far what is masked at one place can depend on what stands before or behind it.
    ///
    /// A terminal's sequences may lie within a secret, and are not shown.
    var reach: Int { isEmpty ? 0 : max(search.longest + LogText.longestSequence, cutReach) }

    /// How far that goes over the ends of lines: an encoding that has more of them in it is left alone.
    var cutReach: Int {
        let longest = cutSearch.longest
        return isEmpty ? 0 : longest + (longest / 16 + 2) * JoinedLines.longestBreak
    }

    /// The bytes with all secrets masked.
    ///
    /// - Parameters:
    ///   - bytes: a text from the start of a line, or with so much before what counts as `reach` says, and in any case as
    ///     `cutReach` says.
    ///   - isEnd: nothing follows now, so that the beginning of a secret is one.
    /// - Returns: as many bytes.
    public func masked(_ bytes: [UInt8], isEnd: Bool = true) -> [UInt8] {
        guard !isEmpty else { return bytes }
        var marks: [Range<Int>] = []
        bytes.withUnsafeBufferPointer { buffer in search.eachOccurrence(in: buffer) { marks.append($0) } }
        if isEnd {
            let length = unfinishedInLine(bytes)
            if length >= SecretForms.shortest { marks.append(bytes.count - length..<bytes.count) }
        }
        marks += cut(in: bytes) + (isEnd ? unfinishedCut(bytes, from: SecretForms.shortest) : [])
        let hidden = hidden(in: bytes)
        guard !marks.isEmpty || !hidden.isEmpty else { return bytes }
        var masked = bytes
        for mark in marks { for place in mark { masked[place] = Self.mask } }
        for place in hidden { masked[place] = Self.mask }
        return masked
    }

    /// The text with all secrets masked.
    public func masked(_ text: String) -> String {
        isEmpty ? text : String(decoding: masked(Array(text.utf8)), as: UTF8.self)
    }

    /// JSON with all secrets in its strings masked: a number that looks like one stays, and it remains JSON.
    public func masked(json: [UInt8]) -> [UInt8] {
        let all = masked(json, isEnd: false)
        guard all != json else { return json }
        var masked = json
        var isString = false
        var index = 0
        while index < json.count {
            var length = 1
            if json[index] == UInt8(ascii: "\"") {
                isString.toggle()
            } else if isString {
                // An escape is masked as a whole, or what remains of it would be none.
                if json[index] == UInt8(ascii: "\\") { length = json[index...].dropFirst().first == 0x75 ? 6 : 2 }
                let place = index..<min(index + length, json.count)
                if place.contains(where: { all[$0] != json[$0] }) { for byte in place { masked[byte] = Self.mask } }
            }
            index += length
        }
        return masked
    }

    /// How many bytes at the end may be the beginning of a secret that goes on.
    func unfinished(_ bytes: [UInt8]) -> Int {
        guard !isEmpty else { return 0 }
        return max(
            unfinishedInLine(bytes),
            unfinishedCut(bytes, from: 1).first.map { bytes.count - $0.lowerBound } ?? 0
        )
    }

    private func unfinishedInLine(_ bytes: [UInt8]) -> Int {
        let line = bytes.suffix(reach).reversed().prefix { $0 != Byte.lineFeed }.count
        let end = Array(bytes.suffix(line))
        return [ShownBytes.Strings.shown, .awaited].reduce(search.unfinished(end[...])) { longest, strings in
            guard let shown = ShownBytes(end, strings) else { return longest }
            let length = search.unfinished(shown.bytes[...])
            return length == 0 ? longest : max(longest, end.count - shown.places[shown.bytes.count - length])
        }
    }

    private static let mask = UInt8(ascii: "*")

    /// The places of encoded secrets that go on over the ends of lines.
    private func cut(in bytes: [UInt8]) -> [Range<Int>] {
        guard let joined = JoinedLines(bytes, isOpen: false) else { return [] }
        var places: [Range<Int>] = []
        joined.bytes.withUnsafeBufferPointer { buffer in
            cutSearch.eachOccurrence(in: buffer) { found in places += within(joined.broken(found)) }
        }
        return places
    }

    /// The places at the end of what may be an encoded secret that goes on in the next line, or did so before.
    private func unfinishedCut(_ bytes: [UInt8], from shortest: Int) -> [Range<Int>] {
        let first = max(0, bytes.count - cutReach)
        guard let joined = JoinedLines(Array(bytes[first...]), isOpen: true) else { return [] }
        let length = cutSearch.unfinished(joined.bytes[...])
        guard length >= shortest else { return [] }
        let places = joined.broken(joined.bytes.count - length..<joined.bytes.count)
        return within(places).map { $0.lowerBound + first..<$0.upperBound + first }
    }

    private func within(_ places: [Range<Int>]) -> [Range<Int>] {
        guard let first = places.first, let last = places.last else { return [] }
        return last.upperBound - first.lowerBound <= cutReach ? places : []
    }

    /// The places of secrets that only view `text` shows: with controls or a terminal's sequences in between.
    private func hidden(in bytes: [UInt8]) -> [Int] {
        var hidden: [Int] = []
        for strings in [ShownBytes.Strings.shown, .hidden] {
            guard let shown = ShownBytes(bytes, strings) else { return [] }
            shown.bytes.withUnsafeBufferPointer { buffer in
                search.eachOccurrence(in: buffer) { hidden.append(contentsOf: shown.places[$0]) }
            }
        }
        return hidden
    }
}

/// What a redactor and its copies look for.
private final class KnownSecrets: Sendable {
    private let state: Mutex<(values: Set<String>, all: SecretSearch, cut: SecretSearch)>

    init(_ values: Set<String>) {
        let searches = Self.searches(values)
        state = Mutex((values, searches.all, searches.cut))
    }

    var searches: (all: SecretSearch, cut: SecretSearch) { state.withLock { ($0.all, $0.cut) } }

    func add(_ values: Set<String>) {
        state.withLock { state in
            guard !values.isSubset(of: state.values) else { return }
            state.values.formUnion(values)
            (state.all, state.cut) = Self.searches(state.values)
        }
    }

    private static func searches(_ values: Set<String>) -> (all: SecretSearch, cut: SecretSearch) {
        let forms = SecretForms(of: values)
        return (SecretSearch(forms.all), SecretSearch(forms.cut))
    }
}
