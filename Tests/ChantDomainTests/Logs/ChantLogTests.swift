import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite struct ChantLogTests {
    private static let first = Date(timeIntervalSince1970: 1_769_268_600)
    private static let line = String(repeating: "=", count: 80)

    private let project: ScratchFolder
    private let state: ScratchFolder
    private let log: ChantLog

    init() throws {
        project = try ScratchFolder()
        state = try ScratchFolder()
        log = ChantLog(
            chantFolder: project.path,
            spec: try #require(SpecID("2026-01-24-001-abc")),
            redactor: SecretRedactor(["hush-hush-1"])
        )
    }

    private func run(output: String) throws -> RunFolder {
        let run = JournalFixture.run().run
        let folder = RunFolder(stateFolder: state.path, run: run.id)
        try folder.create(for: run)
        try write(output, to: folder)
        return folder
    }

    private func write(_ text: String, to folder: RunFolder) throws {
        try state.append(Array(text.utf8), to: "runs/\(folder.run)/out.log")
    }

    private var text: String {
        get throws { try String(contentsOfFile: log.path, encoding: .utf8) }
    }

    @Test("§7.9: two runs of a spec in the original's format, byte for byte")
    func format() throws {
        let one = try run(output: "hello\nno end")
        var part = try log.begin(one, prompt: "standard", at: Self.first)
        try part.copyNewBytes()
        let other = try run(output: "again\n")
        part = try log.begin(other, prompt: "deep", at: Self.first + 60)
        try part.copyNewBytes()
        #expect(
            try text == """
                # Agent Log: 2026-01-24-001-abc
                # Started: 2026-01-24T15:30:00Z
                # Prompt: standard

                hello
                no end

                \(Self.line)
                # New Run: 2026-01-24T15:31:00Z
                # Prompt: deep
                \(Self.line)

                again

                """
        )
    }

    @Test("R29: after a crash the copy goes on where it was, without a double")
    func resume() throws {
        let folder = try run(output: "one\n")
        var part = try log.begin(folder, prompt: "p", at: Self.first)
        try part.copyNewBytes()
        try write("two\n", to: folder)
        part = try log.begin(folder, prompt: "p", at: Self.first + 9)
        try part.copyNewBytes()
        try part.copyNewBytes()
        #expect(try text.hasSuffix("# Prompt: p\n\none\ntwo\n"))
        #expect(try text.components(separatedBy: "Agent Log").count == 2)
    }

    @Test("R29: recovery copies the rest of a run whose part was begun, and nothing of any other")
    func rest() throws {
        let folder = try run(output: "one\n")
        try log.copyRest(of: folder)
        #expect(!FileManager.default.fileExists(atPath: log.path))
        var part = try log.begin(folder, prompt: "p", at: Self.first)
        try part.copyNewBytes()
        try write("two\n", to: folder)
        for _ in 0..<2 { try log.copyRest(of: folder) }
        #expect(try text.hasSuffix("\n\none\ntwo\n"))
        try FileManager.default.removeItem(atPath: log.path)
        try log.copyRest(of: folder)
        #expect(!FileManager.default.fileExists(atPath: log.path))
    }

    @Test("a log that somebody removes meanwhile begins anew with this run")
    func removed() throws {
        let folder = try run(output: "one\n")
        var part = try log.begin(folder, prompt: "p", at: Self.first)
        try part.copyNewBytes()
        try FileManager.default.removeItem(atPath: log.path)
        try write("two\n", to: folder)
        try part.copyNewBytes()
        #expect(try text.hasPrefix("# Agent Log"))
        #expect(try text.hasSuffix("\n\none\ntwo\n"))
    }

    static let ignores: [(before: String?, after: String)] = [
        (nil, "logs/\n"), ("", "logs/\n"), ("tmp/\n", "tmp/\nlogs/\n"), ("tmp/", "tmp/\nlogs/\n"),
        ("logs/\n", "logs/\n"), ("a\r\n logs/ \r\nb", "a\r\n logs/ \r\nb"), ("# logs/\n", "# logs/\nlogs/\n"),
        ("/logs/", "/logs/"),
    ]

    @Test("the line logs/ is added to .gitignore where it is missing", arguments: ignores.indices)
    func ignore(index: Int) throws {
        let (before, after) = Self.ignores[index]
        if let before { try project.write(Array(before.utf8), to: ".gitignore") }
        for _ in 0..<2 { _ = try log.begin(try run(output: ""), prompt: "p", at: Self.first) }
        #expect(String(decoding: try project.read(".gitignore"), as: UTF8.self) == after)
    }

    @Test("while the agent works the log grows, and at its end everything is there")
    func copying() async throws {
        let folder = try run(output: "")
        let copy = TranscriptCopy(log: log, folder: folder, prompt: "p", pause: .milliseconds(1))
        let answer = try await copy.during { () -> Result<Int, any Error> in
            do {
                try write("one\n", to: folder)
                try await eventually("the first line is copied") { try text.hasSuffix("one\n") }
                try write("two\n", to: folder)
                return .success(7)
            } catch {
                return .failure(error)
            }
        }.get()
        #expect(answer == 7)
        #expect(try text.hasSuffix("\n\none\ntwo\n"))
    }

    @Test("R34: what is copied is masked, and the beginning of a secret waits for its rest")
    func masked() throws {
        let folder = try run(output: "key: hush-hu")
        var part = try log.begin(folder, prompt: "p", at: Self.first)
        try part.copyNewBytes(isLast: false)
        #expect(try text.hasSuffix("\n\nkey: "))
        try write("sh-1!\nagain hush-h", to: folder)
        try part.copyNewBytes(isLast: false)
        #expect(try text.hasSuffix("\n\nkey: ***********!\nagain "))
        try part.copyNewBytes()
        #expect(try text.hasSuffix("!\nagain ******"))
    }

    @Test("a log that cannot be written does not disturb the run")
    func unwritable() async throws {
        let folder = try run(output: "x")
        try project.write([], to: "logs")
        #expect(throws: LogError.self) { try log.begin(folder, prompt: "p", at: Self.first) }
        #expect(await TranscriptCopy(log: log, folder: folder, prompt: "p").during { 7 } == 7)
    }
}
