import CLinux
import Glibc
import Testing

@testable import ChantDomain

/// How editors save: each leaves `text` in the file.
enum Editor: String, CaseIterable {
    case inPlace, slowlyInPlace, renaming, backupRenaming, exchanging, removing, linking
}

extension SpecFolder {
    func save(_ text: String, to name: String, with editor: Editor) throws {
        let path = self.path(name)
        switch editor {
        case .inPlace: try write(text, to: name)
        case .slowlyInPlace:
            let file = open(path, O_WRONLY | O_TRUNC)
            defer { close(file) }
            for byte in text.utf8 {
                var byte = byte
                Glibc.write(file, &byte, 1)
                usleep(500)
            }
        case .renaming:
            try write(text, to: name + ".swp")
            rename(path + ".swp", path)
        case .backupRenaming:
            // vim with `backupcopy=no`: the old file is moved away first.
            try write("4913", to: "specs/4913")
            unlink(self.path("specs/4913"))
            rename(path, path + "~")
            try write(text, to: name)
            usleep(30_000)
            unlink(path + "~")
        case .exchanging:
            try write(text, to: name + ".new")
            #expect(clinux_rename(path + ".new", path, clinux_rename_exchange) == 0)
            unlink(path + ".new")
        case .removing:
            unlink(path)
            usleep(30_000)
            try write(text, to: name)
        case .linking:
            try write(text, to: name + ".new")
            unlink(path)
            link(path + ".new", path)
            unlink(path + ".new")
        }
    }
}
