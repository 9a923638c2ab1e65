import Foundation
import Glibc
import Testing

@testable import ChantDomain

@Suite("Files that are copied into worktrees")
struct IncludedFilesTests {
    private let project: ProjectFixture

    init() throws {
        project = try ProjectFixture([
            ".env": "A=1", "config/a.local": "a", "config/b.local": "b", "config/c.yaml": "c",
            "config/deep/d.local": "d",
            ".git/config": "g", "sub/.git/x": "x", "sub/y": "y", ".chant/config.md": "---\n---\n",
        ])
    }

    private func find(_ patterns: String..., limits: (files: Int, bytes: Int) = (100, 1000)) throws -> IncludedFiles {
        try IncludedFiles(try patterns.map { try #require(IncludePattern($0)) }, in: project.folder, limits: limits)
    }

    private func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: "\(project.folder)/\(name)",
            withDestinationPath: target
        )
    }

    @Test("names, wild cards and whole folders; what is not there is said")
    func found() throws {
        #expect(try find(".env").paths == [".env"])
        #expect(try find("config/*.local").paths == ["config/a.local", "config/b.local"])
        #expect(try find("config").paths.count == 4)
        #expect(try find("config/", "config/*").paths.count == 4)
        #expect(try find("*/deep/?.local").paths == ["config/deep/d.local"])
        let missing = try find(".env.local", "nowhere/x", ".env/x", "none*")
        #expect(missing.paths.isEmpty)
        #expect(missing.notes.count == 3)
        #expect(missing.notes.allSatisfy { $0.contains("is not there") })
    }

    @Test("git's folders and .chant are left out, whatever wild cards say")
    func leftOut() throws {
        #expect(try find("sub").paths == ["sub/y"])
        #expect(try find(".*").paths == [".env"])
        #expect(try find("*").paths.isSuperset(of: ["sub/y", "config/a.local"]))
        #expect(try !find("*", ".*").paths.contains { $0.contains(".git/") || $0.hasPrefix(".chant/") })
    }

    @Test("a link is never followed: one that is named is refused, one among others is left and said")
    func links() throws {
        let outside = "\(project.folder)-outside"
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: outside) }
        try "s".write(toFile: "\(outside)/secret", atomically: true, encoding: .utf8)
        try link("file", to: "\(outside)/secret")
        try link("folder", to: outside)
        try link("config/e.local", to: "a.local")
        for name in ["file", "folder", "folder/secret", "folder/*", "config/e.local"] {
            #expect(throws: IncludeFault.self, "\(name)") { try find(name) }
        }
        let others = try find("config/*.local")
        #expect(others.paths == ["config/a.local", "config/b.local"])
        #expect(others.notes == ["config/e.local is not copied: it is a link."])
        #expect(try find("*/secret").paths.isEmpty)
    }

    @Test("pipes are refused without opening them; too much is refused")
    func limits() throws {
        #expect(mkfifo("\(project.folder)/pipe", 0o600) == 0)
        #expect(throws: IncludeFault.self) { try find("pipe") }
        #expect(throws: IncludeFault.self) { try find("config", limits: (3, 1000)) }
        #expect(throws: IncludeFault.self) { try find("config", limits: (100, 3)) }
        #expect(try find("config", limits: (4, 4)).paths.count == 4)
    }

    @Test("a copy has the file's bytes and permissions, takes nobody's place, and goes through no link")
    func copies() throws {
        let files = FileManager.default
        let target = "\(project.folder)-target"
        try files.createDirectory(atPath: target, withIntermediateDirectories: true)
        defer { try? files.removeItem(atPath: target) }
        #expect(chmod("\(project.folder)/.env", 0o600) == 0)
        func copy(_ path: String) throws -> Bool { try IncludedFiles.copy(path, from: project.folder, to: target) }
        #expect(try copy(".env"))
        #expect(try copy("config/deep/d.local"))
        #expect(files.contents(atPath: "\(target)/config/deep/d.local") == Data("d".utf8))
        #expect(try files.attributesOfItem(atPath: "\(target)/.env")[.posixPermissions] as? Int == 0o600)
        try "own".write(toFile: "\(target)/config/a.local", atomically: true, encoding: .utf8)
        #expect(try !copy("config/a.local"))
        #expect(files.contents(atPath: "\(target)/config/a.local") == Data("own".utf8))
        try files.createSymbolicLink(atPath: "\(target)/sub", withDestinationPath: "\(project.folder)/config")
        #expect(throws: FileError.self) { try copy("sub/y") }
        #expect(!files.fileExists(atPath: "\(project.folder)/config/y"))
    }
}
