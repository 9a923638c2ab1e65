/// The newest chunks of a sequence that never ends: a value, bounded in number and in bytes.
///
/// Every chunk has an index, which counts on, and a position, which never falls and is what a reader remembers. Several
/// chunks may have one position: a heartbeat has that of the event before it.
struct ChunkRing<Chunk> {
    private struct Entry {
        var chunk: Chunk
        var position: Int64
        var bytes: Int
    }

    /// How many chunks are kept.
    let limit: Int
    /// How many bytes are kept; the newest chunk is kept however large it is.
    let byteLimit: Int
    /// Readers that know less than this have missed something.
    private(set) var floor: Int64
    /// The position of the newest chunk.
    private(set) var newest: Int64
    /// The index of the oldest chunk that is kept.
    private(set) var first = 0
    private var entries: [Entry] = []
    /// Entries before this one are dropped; the array gives their room back now and then.
    private var dropped = 0
    private var bytes = 0

    /// An empty ring for what comes after `position`.
    init(after position: Int64, limit: Int, byteLimit: Int) {
        self.limit = max(1, limit)
        self.byteLimit = byteLimit
        floor = position
        newest = position
    }

    /// The index that the next chunk will get.
    var end: Int { first + entries.count - dropped }

    mutating func append(_ chunk: Chunk, position: Int64, bytes count: Int) {
        newest = max(newest, position)
        entries.append(Entry(chunk: chunk, position: newest, bytes: count))
        bytes += count
        while end - first > limit || (bytes > byteLimit && end - first > 1) { dropOldest() }
        if dropped >= 64, dropped * 2 >= entries.count {
            entries.removeFirst(dropped)
            dropped = 0
        }
    }

    /// Drops everything, and goes on at `index` behind `position`: chunks in between were missed.
    mutating func skip(to index: Int, floor position: Int64) {
        entries = []
        dropped = 0
        bytes = 0
        first = index
        floor = position
        newest = max(newest, position)
    }

    /// Where a reader goes on who knows everything up to `position`; `nil` when something behind it was dropped.
    func index(after position: Int64) -> Int? {
        guard position >= floor else { return nil }
        var low = first
        var high = end
        while low < high {
            let middle = low + (high - low) / 2
            if self.position(at: middle) > position { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The chunk with an index between `first` and `end`.
    subscript(index: Int) -> Chunk { entries[dropped + index - first].chunk }

    func position(at index: Int) -> Int64 { entries[dropped + index - first].position }

    private mutating func dropOldest() {
        floor = entries[dropped].position
        bytes -= entries[dropped].bytes
        dropped += 1
        first += 1
    }
}
