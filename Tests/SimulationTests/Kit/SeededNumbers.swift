import Synchronization

/// Random numbers that follow from a seed (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// The dice of one simulation: each of its parts has its own, so that a throw more in one changes nothing in the others.
final class Dice: Sendable {
    private let numbers: Mutex<SeededNumbers>

    init(seed: UInt64, _ name: String) {
        let salt = name.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        numbers = Mutex(SeededNumbers(seed: seed ^ salt))
    }

    func number() -> UInt64 { numbers.withLock { $0.next() } }

    func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(number() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// Whether something of so many percent comes to pass.
    func happens(_ percent: Int) -> Bool { number(in: 0...99) < percent }

    func one<Element>(of elements: [Element]) -> Element { elements[number(in: 0...(elements.count - 1))] }
}
