import Glibc

/// Argument and environment vectors for C.
///
/// Glibc only: supervisors use it.
enum CStrings {
    /// Lends `words` as a vector that ends with a null pointer.
    static func with<Result>(
        _ words: [String],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) throws -> Result
    ) rethrows -> Result {
        var vector = words.map { strdup($0) }
        vector.append(nil)
        defer { for word in vector { free(word) } }
        return try vector.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { fatalError("a vector has at least its end") }
            return try body(base)
        }
    }
}
