import Foundation
import Testing

@testable import ChantDomain

@Suite("Decoded views of a structured agent's output")
struct DecodedLogTests {
    /// A run's folder, with the files that its supervisor would write.
    private final class World {
        let state = NSTemporaryDirectory() + "/chant-decoded-\(UUID().uuidString)"
        let folder: RunFolder
        let log: DecodedLog

        init() throws {
            folder = RunFolder(stateFolder: state, run: RunID(at: Date()))
            log = DecodedLog(folder: folder, dialect: .claude)
            try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: state) }

        func write(_ bytes: ArraySlice<UInt8>, to path: String) throws {
            try LogFile(path: path).append(bytes, mode: 0o600)
        }

        func end() throws { try write(Array("{}".utf8)[...], to: folder.exitFile) }

        func text(_ path: String) throws -> String {
            String(decoding: try LogFile(path: path).read(from: 0, limit: 1 << 20), as: UTF8.self)
        }
    }

    @Test("§1.3: they grow with the raw output and are the same, however it grows", arguments: ClaudeRecording.allCases)
    func growing(recording: ClaudeRecording) throws {
        let world = try World()
        let raw = try recording.bytes
        for start in stride(from: 0, to: raw.count, by: 997) {
            try world.write(raw[start..<min(raw.count, start + 997)], to: world.folder.outFile)
            try world.log.bringUpToDate(hasEnded: false)
        }
        try world.end()
        try world.log.bringUpToDate(hasEnded: false)
        #expect(try world.text(world.folder.textFile) == recording.golden(".text"))
        #expect(try world.text(world.folder.eventsFile) == recording.golden(".events"))
    }

    @Test("§1.3: standard error comes after the run, below a line that says so")
    func standardError() throws {
        let world = try World()
        try world.write(Array("plain, without a line break".utf8)[...], to: world.folder.outFile)
        try world.write(Array("boom\n".utf8)[...], to: world.folder.errFile)
        try world.log.bringUpToDate(hasEnded: false)
        #expect(try world.text(world.folder.textFile) == "")
        try world.end()
        for _ in 0..<2 {
            try world.log.bringUpToDate(hasEnded: false)
            #expect(try world.text(world.folder.textFile) == "plain, without a line break\n[stderr]\nboom\n")
        }
    }

    @Test("§1.3: made again byte for byte where a file is missing, was cut, or another decoder made it")
    func madeAgain() throws {
        let world = try World()
        try world.write(try ClaudeRecording.success.bytes[...], to: world.folder.outFile)
        try world.end()
        try world.log.bringUpToDate(hasEnded: false)
        let damages: [(String, () throws -> Void)] = [
            ("removed", { try FileManager.default.removeItem(atPath: world.folder.textFile) }),
            ("cut", { try LogFile(path: world.folder.eventsFile).overwrite([], mode: 0o600) }),
            ("no progress", { try FileManager.default.removeItem(atPath: world.folder.decodedFile) }),
            ("torn progress", { try LogFile(path: world.folder.decodedFile).overwrite([0x7B], mode: 0o600) }),
            (
                "other version",
                {
                    var old = try #require(
                        String(
                            bytes: LogFile(path: world.folder.decodedFile).read(from: 0, limit: 999),
                            encoding: .utf8
                        )
                    )
                    old = old.replacingOccurrences(of: "\"version\":2", with: "\"version\":0")
                    try LogFile(path: world.folder.decodedFile).overwrite(Array(old.utf8)[...], mode: 0o600)
                    try LogFile(path: world.folder.textFile).overwrite(
                        Array("as an old version saw it".utf8)[...],
                        mode: 0o600
                    )
                }
            ),
        ]
        for (name, damage) in damages {
            try damage()
            try world.log.bringUpToDate(hasEnded: false)
            #expect(try world.text(world.folder.textFile) == ClaudeRecording.success.golden(".text"), "\(name)")
            #expect(try world.text(world.folder.eventsFile) == ClaudeRecording.success.golden(".events"), "\(name)")
        }
    }

    @Test("a service that was killed after it wrote and before it noted that leaves nothing double")
    func killedInBetween() throws {
        let world = try World()
        let raw = try ClaudeRecording.success.bytes
        let half = try #require(raw[..<(raw.count / 2)].lastIndex(of: UInt8(ascii: "\n"))) + 1
        try world.write(raw[..<half], to: world.folder.outFile)
        try world.log.bringUpToDate(hasEnded: false)
        let noted = try LogFile(path: world.folder.decodedFile).read(from: 0, limit: 999)
        try world.write(raw[half...], to: world.folder.outFile)
        try world.log.bringUpToDate(hasEnded: false)
        try LogFile(path: world.folder.decodedFile).overwrite(noted[...], mode: 0o600)
        try world.end()
        try world.log.bringUpToDate(hasEnded: false)
        #expect(try world.text(world.folder.textFile) == ClaudeRecording.success.golden(".text"))
        #expect(try world.text(world.folder.eventsFile) == ClaudeRecording.success.golden(".events"))
    }

    @Test("R31: readers at once make them once, and each gets all of it")
    func manyReaders() async throws {
        let world = try World()
        try world.write(try ClaudeRecording.retriesThenSuccess.bytes[...], to: world.folder.outFile)
        try world.end()
        let folder = world.folder
        let expected = Array(try ClaudeRecording.retriesThenSuccess.golden(".events").utf8)
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<8 {
                group.addTask { try LogReader(folder, .events, .claude, agentStarted: true).bytes(from: 0) }
            }
            for try await bytes in group { #expect(bytes == expected) }
        }
    }

    @Test("a place by time is the line of the view in which lies what was written then")
    func since() throws {
        let world = try World()
        let raw = try ClaudeRecording.success.bytes
        let start = try #require(raw[..<(raw.count / 2)].lastIndex(of: UInt8(ascii: "\n"))) + 1
        try world.write(raw[...], to: world.folder.outFile)
        try world.write(Array("1000000 \(start)\n2000000 \(raw.count)\n".utf8)[...], to: world.folder.timesFile)
        try world.end()
        for view in [LogView.text, .events] {
            let reader = LogReader(world.folder, view, .claude, agentStarted: true)
            let views = ClaudeRecording.views(Array(raw[..<start]))
            let expected = (view == .text ? views.text : views.events).utf8.count
            #expect(try reader.offset(since: Date(timeIntervalSince1970: 1500)) == expected)
        }
    }

    @Test("a raw output that was removed is gone in every view")
    func gone() throws {
        let world = try World()
        try world.write(try ClaudeRecording.success.bytes[...], to: world.folder.outFile)
        try world.log.bringUpToDate(hasEnded: false)
        try FileManager.default.removeItem(atPath: world.folder.outFile)
        for view in LogView.allCases {
            #expect(throws: LogError.gone(path: world.folder.outFile)) {
                try LogReader(world.folder, view, .claude, agentStarted: true).size()
            }
        }
    }
}
