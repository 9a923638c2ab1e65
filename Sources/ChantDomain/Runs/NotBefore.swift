public import Foundation

/// The earliest moment of a start, on two clocks: the earlier one counts (R46).
///
/// A wall clock that somebody sets back must not hold a run for hours, so the same wait is kept on the boot-time clock too.
public struct NotBefore: Sendable, Codable, Equatable {
    /// The moment on the wall clock.
    public var at: Date
    /// The same moment in seconds since the boot that `bootID` names.
    public var uptime: Double
    /// The boot that `uptime` belongs to.
    public var bootID: String

    /// A moment on both clocks.
    public init(at: Date, uptime: Double, bootID: String) {
        self.at = at
        self.uptime = uptime
        self.bootID = bootID
    }

    /// How long it is still; zero or less once it has come.
    ///
    /// - Parameters:
    ///   - now: the wall clock.
    ///   - uptime: seconds since the boot.
    ///   - bootID: the present boot.
    /// - Returns: seconds.
    public func remaining(now: Date, uptime: Double, bootID: String) -> Double {
        let wall = at.timeIntervalSince(now)
        guard bootID == self.bootID else { return wall }
        return min(wall, self.uptime - uptime)
    }
}
