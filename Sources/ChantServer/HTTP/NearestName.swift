/// Finds the known name that a mistyped one was probably meant to be.
enum NearestName {
    /// The nearest of `known`, if it is near enough to be a slip of the pen.
    static func to(_ name: String, among known: some Sequence<String>) -> String? {
        let word = Array(name.lowercased().utf8.prefix(100))
        let tolerance = max(1, word.count / 3)
        let candidates = known.map { (name: $0, distance: distance(word, Array($0.lowercased().utf8))) }
        let best = candidates.min { ($0.distance, $0.name) < ($1.distance, $1.name) }
        return best.flatMap { $0.distance <= tolerance ? $0.name : nil }
    }

    /// How a name that does not exist is refused.
    static func complaint(_ name: String, pointer: String, known: some Collection<String>) -> ValueComplaint {
        let hint =
            if let nearest = to(name, among: known) {
                "; did you mean \(nearest)?"
            } else if known.isEmpty {
                "; there is none here"
            } else {
                "; known are: \(known.sorted().joined(separator: ", "))"
            }
        return ValueComplaint(pointer: pointer, detail: "is not known" + hint)
    }

    /// Levenshtein's distance.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (index, byte) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let replaced = diagonal + (byte == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[other.count]
    }
}
