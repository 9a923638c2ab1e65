import Foundation
import Testing

@testable import ChantDomain

@Suite("Processes: agents of the original program")
struct ForeignAgentsTests {
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "/chant-pids-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/pids", withIntermediateDirectories: true)
    }

    private func write(_ text: String, _ name: String, at date: Date = Date()) throws {
        let path = "\(folder)/pids/\(name)"
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
    }

    @Test("R35: a pid file names an agent whose process is alive")
    func alive() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write("\(getpid())\n", "2026-08-01-001-k3x.pid")
        let agents = ForeignAgents.alive(chantFolder: folder)
        #expect(agents.map(\.specID) == ["2026-08-01-001-k3x"])
        let agent = try #require(agents.first)
        #expect(agent.pid == getpid())
        #expect(agent.startedAt <= Date())
        #expect(agent.startedAt > Date(timeIntervalSinceNow: -86_400))
        #expect(agent.figures.rssBytes > 0)
    }

    @Test("R27: a pid that is another process's by now, a dead one, and what is no pid are left out")
    func notAlive() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write("\(getpid())", "old.pid", at: Date(timeIntervalSinceNow: -1_000_000))
        try write("4194400", "dead.pid")
        try write("1", "init.pid")
        try write("-1", "group.pid")
        try write("hello", "odd.pid")
        try write("\(getpid())", "other.txt")
        #expect(ForeignAgents.alive(chantFolder: folder).isEmpty)
        #expect(ForeignAgents.alive(chantFolder: folder + "/none").isEmpty)
    }
}
