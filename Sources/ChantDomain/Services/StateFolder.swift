import Glibc

/// The folder that holds journal, runs and locks: made private, refused when others may write it.
enum StateFolder {
    /// Makes the folder where it is missing and checks whose it is.
    static func prepare(_ path: String) throws(DomainStartError) {
        do throws(FileError) {
            try LocalFileSystem().makeFolder(path, mode: 0o700)
        } catch {
            throw DomainStartError(.configuration, "The state folder \(path) cannot be made: \(error).")
        }
        if let fault = fault(of: path) { throw DomainStartError(.configuration, fault) }
    }

    /// What is wrong with an existing folder, in a sentence.
    static func fault(of path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return "The state folder \(path) cannot be looked at." }
        guard status.st_mode & S_IFMT == S_IFDIR else { return "The state folder \(path) is not a folder." }
        guard status.st_uid == geteuid() else { return "The state folder \(path) belongs to another user." }
        guard status.st_mode & 0o022 == 0 else {
            return "Others may write the state folder \(path); take that away with `chmod go-w \(path)`."
        }
        guard access(path, W_OK | X_OK) == 0 else { return "The state folder \(path) cannot be written." }
        return nil
    }
}
