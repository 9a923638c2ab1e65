import Glibc

/// The programs that the build put beside the tests.
public enum BuiltProducts {
    /// The test run found no such program.
    public struct Missing: Error, CustomStringConvertible {
        let path: String

        /// Where it was looked for.
        public var description: String { "no program at \(path): run `swift build` first" }
    }

    /// The built `chant-server`; its path is absolute.
    public static func chantServer() throws -> String { try program("chant-server") }

    /// A program in the folder of the running test bundle.
    ///
    /// - Parameter name: the product's name.
    /// - Returns: its absolute path.
    /// - Throws: `Missing`.
    public static func program(_ name: String) throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        let own = String(decoding: buffer.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = own.split(separator: "/").dropLast().joined(separator: "/")
        let path = "/\(folder)/\(name)"
        guard access(path, X_OK) == 0 else { throw Missing(path: path) }
        return path
    }
}
