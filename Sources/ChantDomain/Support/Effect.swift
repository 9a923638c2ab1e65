/// A change of the world that the service is about to make: a file, a ref, a row, a process.
///
/// Each is asked about right before it happens. A service refuses none; the fault sweep of the tests refuses one, as a
/// failing disk does, or every one from some moment on, as `kill -9` does.
enum Effect {
    /// Says no to a change, by its name; `nil` outside of tests.
    @TaskLocal static var refusal: (@Sendable (_ what: String) -> Bool)?

    /// Whether the change may not happen.
    static func isRefused(_ what: @autoclosure () -> String) -> Bool {
        guard let refusal else { return false }
        return refusal(what())
    }
}
