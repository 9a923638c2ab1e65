/// Finds the known name that a person most likely meant: for refusals of unknown keys, flags and variables.
public enum NearestName {
    /// The name of `known` that is nearest to `name`; `nil` where none is near enough to be worth naming.
    ///
    /// Near enough is a distance of at most a third of the longer name, at least 2. Of two equally near names the first wins.
    public static func of(_ name: String, among known: [String]) -> String? {
        let wanted = Array(name.lowercased().unicodeScalars)
        var best: (name: String, distance: Int)?
        for candidate in known {
            let letters = Array(candidate.lowercased().unicodeScalars)
            let distance = distance(wanted, letters)
            guard distance <= max(2, max(wanted.count, letters.count) / 3), distance < max(letters.count, 1) else {
                continue
            }
            if distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// A sentence's end that helps: the nearest name, or else all of them.
    public static func advice(for name: String, among known: [String]) -> String {
        if let nearest = of(name, among: known) { return "did you mean `\(nearest)`?" }
        return "known are " + known.map { "`\($0)`" }.joined(separator: ", ")
    }

    /// How many letters to insert, remove, replace or swap with their neighbour (optimal string alignment).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
                var cost = min(replaced, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
