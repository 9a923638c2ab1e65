import Glibc

/// Finds all occurrences of many byte strings at once.
///
/// Most places are never looked at: by the two bytes at the end of a window as long as the shortest string it is known
/// how far the window can move (Wu and Manber, 1994).
struct SecretSearch: Sendable {
    let patterns: [[UInt8]]
    /// The length of the longest string; 0 without any.
    let longest: Int
    private let window: Int
    private let shifts: [UInt8]
    private let candidates: [Int: [Int]]

    /// - Parameter patterns: what is looked for; each has two bytes at least.
    init(_ patterns: Set<[UInt8]>) {
        self.patterns = patterns.sorted { $0.lexicographicallyPrecedes($1) }
        longest = patterns.map(\.count).max() ?? 0
        let window = min(patterns.map(\.count).min() ?? 0, Int(UInt8.max))
        self.window = window
        guard window >= 2 else {
            shifts = []
            candidates = [:]
            return
        }
        var shifts = [UInt8](repeating: UInt8(window - 1), count: 1 << 16)
        var candidates: [Int: [Int]] = [:]
        for (index, pattern) in self.patterns.enumerated() {
            for place in 1..<window {
                let block = Self.block(pattern[place - 1], pattern[place])
                shifts[block] = min(shifts[block], UInt8(window - 1 - place))
            }
            candidates[Self.block(pattern[window - 2], pattern[window - 1]), default: []].append(index)
        }
        self.shifts = shifts
        self.candidates = candidates
    }

    /// Calls `found` with each place where one of the strings lies; places may overlap.
    func eachOccurrence(in bytes: UnsafeBufferPointer<UInt8>, _ found: (Range<Int>) -> Void) {
        guard window >= 2, let base = bytes.baseAddress else { return }
        shifts.withUnsafeBufferPointer { shifts in
            var last = window - 1
            while last < bytes.count {
                let block = Self.block(base[last - 1], base[last])
                let shift = Int(shifts[block])
                guard shift == 0 else {
                    last += shift
                    continue
                }
                let start = last - window + 1
                for index in candidates[block] ?? [] {
                    let length = patterns[index].count
                    if start + length <= bytes.count, memcmp(base + start, patterns[index], length) == 0 {
                        found(start..<start + length)
                    }
                }
                last += 1
            }
        }
    }

    /// How many bytes at the end may be the beginning of one of the strings.
    func unfinished(_ bytes: ArraySlice<UInt8>) -> Int {
        guard let last = bytes.last else { return 0 }
        var longest = 0
        for pattern in patterns {
            var length = min(pattern.count - 1, bytes.count)
            while length > longest {
                if pattern[length - 1] == last, bytes.suffix(length).elementsEqual(pattern[..<length]) {
                    longest = length
                }
                length -= 1
            }
        }
        return longest
    }

    private static func block(_ first: UInt8, _ second: UInt8) -> Int { Int(first) << 8 | Int(second) }
}
