import Glibc

/// How far one reader of a ring has got, to the byte: a value.
///
/// A chunk that was sent in part is held until it is out, whatever the ring drops meanwhile: half a chunk cannot be followed
/// by anything else.
struct RingReader {
    enum Standing: Equatable {
        /// Everything that there is was sent.
        case level
        /// Something is to be sent.
        case ready
        /// What comes next was dropped.
        case lost
    }

    private var index: Int
    /// Chunks up to this position are known to the reader, though the ring did not have them yet when it joined.
    private var known: Int64?
    private var current: SharedChunk?
    private var offset = 0

    init(from index: Int, after position: Int64) {
        self.index = index
        known = position
    }

    mutating func standing(in ring: ChunkRing<SharedChunk>) -> Standing {
        if current != nil { return .ready }
        if index < ring.first { return .lost }
        if let known {
            while index < ring.end, ring.position(at: index) <= known { index += 1 }
            if index < ring.end { self.known = nil }
        }
        return index < ring.end ? .ready : .level
    }

    /// Fills `pieces` with what comes next; how many it filled, and how many bytes that is.
    ///
    /// Only after `standing` said that something is to be sent. The pieces are good for as long as neither ring nor reader
    /// change.
    func gather(_ ring: ChunkRing<SharedChunk>, into pieces: UnsafeMutableBufferPointer<iovec>) -> (Int, bytes: Int) {
        var count = 0
        var bytes = 0
        func add(_ piece: UnsafeRawBufferPointer) {
            pieces[count] = iovec(
                iov_base: UnsafeMutableRawPointer(mutating: piece.baseAddress),
                iov_len: piece.count
            )
            count += 1
            bytes += piece.count
        }
        var next = index
        if let current {
            add(UnsafeRawBufferPointer(rebasing: current.framed[offset...]))
            next += 1
        }
        while next >= ring.first, next < ring.end, count < pieces.count {
            add(ring[next].framed)
            next += 1
        }
        return (count, bytes)
    }

    /// Notes that so many of the gathered bytes were sent.
    mutating func advance(by sent: Int, in ring: ChunkRing<SharedChunk>) {
        var left = sent
        while left > 0 {
            let chunk = current ?? ring[index]
            let rest = chunk.framed.count - offset
            guard left >= rest else {
                current = chunk
                offset += left
                return
            }
            left -= rest
            current = nil
            offset = 0
            index += 1
        }
    }
}
