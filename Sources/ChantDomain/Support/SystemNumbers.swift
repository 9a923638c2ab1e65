/// The system's random numbers, as a generator that takes up room.
///
/// The standard one is empty, and passing an empty value `inout` crashes under the thread sanitizer.
struct SystemNumbers: RandomNumberGenerator {
    private let room: UInt8 = 0

    mutating func next() -> UInt64 { Surroundings.number() }
}
