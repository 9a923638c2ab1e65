import Glibc

/// What a file system has and what of it this user may still take.
public struct DiskSpace: Sendable, Equatable {
    /// Bytes that may still be written by this user.
    public var free: Int
    /// All bytes of the file system.
    public var total: Int

    /// Given figures.
    public init(free: Int, total: Int) {
        self.free = free
        self.total = total
    }

    /// Asks about the file system of `path`, or of the nearest folder above it that exists; `nil` where nobody can tell.
    public init?(of path: String) {
        var status = statvfs()
        var place = path
        while statvfs(place, &status) != 0 {
            guard errno == ENOENT, let slash = place.lastIndex(of: "/"), place != "/" else { return nil }
            place = slash == place.startIndex ? "/" : String(place[..<slash])
        }
        // Some network file systems tell nothing: all zeros.
        guard status.f_blocks > 0 else { return nil }
        let unit = Int(status.f_frsize)
        free = Self.product(Int(clamping: status.f_bavail), unit)
        total = Self.product(Int(clamping: status.f_blocks), unit)
    }

    private static func product(_ count: Int, _ unit: Int) -> Int {
        let (product, overflow) = count.multipliedReportingOverflow(by: unit)
        return overflow ? .max : product
    }
}
