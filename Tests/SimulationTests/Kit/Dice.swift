import ChantTesting
import Synchronization

/// The dice of one simulation: each of its parts has its own, so that a throw more in one changes nothing in the others.
final class Dice: Sendable {
    private let numbers: Mutex<SplitMix64>

    init(seed: UInt64, _ name: String) {
        let salt = name.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        numbers = Mutex(SplitMix64(seed: (seed ^ salt) &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1))
    }

    func number() -> UInt64 { numbers.withLock { $0.next() } }

    func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(number() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// Whether something of so many percent comes to pass.
    func happens(_ percent: Int) -> Bool { number(in: 0...99) < percent }

    func one<Element>(of elements: [Element]) -> Element { elements[number(in: 0...(elements.count - 1))] }
}
