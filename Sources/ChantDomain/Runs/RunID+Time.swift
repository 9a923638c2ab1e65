import Foundation

extension RunID {
    /// When the run was accepted, as its id says it.
    var time: Date {
        let value = text.utf8.dropFirst().reduce(UInt128(0)) { value, digit in
            value << 5 | UInt128(SortableID.value(of: digit))
        }
        return Date(timeIntervalSince1970: Double(UInt64(truncatingIfNeeded: value >> 80)) / 1000)
    }
}
