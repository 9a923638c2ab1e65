/// How a git that outlived its service is known again.
///
/// A service that is killed leaves the git that it had started, which may still be writing the checkout or moving the
/// target. Nothing is decided before such a git has ended (rule 18 of the notes on git).
enum ServiceMark {
    /// The variable in the environment of every git of a service.
    static let variable = "CHANT_GIT_OF"

    /// Its value: one for each state folder, which belongs to one service at a time.
    static func value(stateFolder: String) -> String {
        Digest(of: Array(stateFolder.utf8)).short16
    }
}
