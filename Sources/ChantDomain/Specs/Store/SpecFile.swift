/// One file of a spec, as it was read from disk.
public struct SpecFile: Sendable {
    /// The file's name without `.md`.
    public let id: SpecID
    /// The file's absolute path.
    public let path: String
    /// Its bytes.
    public let document: SpecDocument
    /// The spec, or why the bytes are none.
    public let reading: Result<Spec, UnreadableFailure>

    /// The spec; what cannot be read is thrown as `SpecError.unreadable`.
    public func spec() throws(SpecError) -> Spec {
        switch reading {
        case .success(let spec): return spec
        case .failure(let failure): throw .unreadable(failure.file)
        }
    }
}

/// Carries an unreadable file through a `Result`.
public struct UnreadableFailure: Error, Sendable, Equatable {
    /// The file.
    public let file: UnreadableSpec
}
