import Foundation
import Glibc

/// Finds and checks a project's folder, the one that holds `.chant`.
enum ProjectFolder {
    /// The real path of the `.chant` folder below `folder`; without one, of the nearest upwards from `current`.
    static func chantFolder(of folder: String?, current: String) throws(DomainStartError) -> String {
        guard let folder else { return try nearest(from: current) }
        guard let kind = kind(of: folder) else { throw DomainStartError(.projectUnusable, "\(folder) does not exist.") }
        guard kind == S_IFDIR else { throw DomainStartError(.projectUnusable, "\(folder) is not a folder.") }
        guard let real = try real(folder + "/.chant") else {
            throw DomainStartError(
                .projectUnusable,
                "\(folder) has no .chant folder; make one with `chant-server init \(folder)`."
            )
        }
        return real
    }

    private static func nearest(from current: String) throws(DomainStartError) -> String {
        var folder = current
        while true {
            if let real = try real(folder + "/.chant") { return real }
            guard folder != "/", !folder.isEmpty else { break }
            folder = (folder as NSString).deletingLastPathComponent
        }
        throw DomainStartError(
            .projectUnusable,
            "Neither \(current) nor a folder above it has a .chant folder; name the project with --project, "
                + "or make one with `chant-server init`."
        )
    }

    private static func real(_ path: String) throws(DomainStartError) -> String? {
        guard let kind = kind(of: path) else { return nil }
        guard kind == S_IFDIR, let resolved = realpath(path, nil) else {
            throw DomainStartError(.projectUnusable, "\(path) is not a folder.")
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func kind(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }
}
