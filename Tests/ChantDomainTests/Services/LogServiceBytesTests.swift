import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Services: a log's bytes")
struct LogServiceBytesTests {
    let project: LogProject

    init() throws {
        project = try LogProject()
    }

    private func bytes(
        _ subject: LogRequest.Subject,
        _ start: LogRequest.Start = .beginning,
        view: LogView = .text,
        follows: Bool = false
    ) throws -> LogBytes {
        try project.service.bytes(LogRequest(subject, view: view, start: start, follows: follows))
    }

    @Test("a plain answer ends where its offset says, and the next one goes on there")
    func offsets() async throws {
        let run = try project.run(printing: "one\ntwo", ended: false)
        let first = try bytes(.run(run))
        #expect(first.end == 7)
        #expect(try await first.text() == "one\ntwo")
        try project.print("!\n", run)
        let second = try bytes(.run(run), .offset(7))
        #expect(try await second.text() == "!\n")
        #expect(second.end == 9)
    }

    @Test("text of a live log does not show half a character; raw does")
    func halfCharacter() async throws {
        let run = try project.run(printing: "", ended: false)
        try project.print("a", run)
        let file = try FileHandle(
            forWritingTo: URL(filePath: RunFolder(stateFolder: project.folder, run: run).outFile)
        )
        try file.seekToEnd()
        try file.write(contentsOf: Data([0xC3]))
        try file.close()
        #expect(try bytes(.run(run)).end == 1)
        #expect(try bytes(.run(run), view: .raw).end == 2)
        try project.end(run)
        #expect(try await bytes(.run(run)).text() == "a\u{FFFD}")
    }

    @Test("following goes on until the run is settled")
    func follows() async throws {
        let run = try project.run(printing: "one\n", ended: false)
        let log = try bytes(.run(run), follows: true)
        #expect(log.end == nil)
        async let text = log.text()
        try await eventually("a reader") { project.broadcaster.readerCount(of: run) == 1 }
        try project.print("two", run)
        try project.end(run)
        #expect(try await text == "one\ntwo")
    }

    @Test("an offset beyond the end, and a place in another log, are refused")
    func refused() throws {
        let run = try project.run(printing: "one\n")
        #expect(throws: LogServiceError.self) { try bytes(.run(run), .offset(5)) }
        for place in [LogPosition(.run(run), .raw, offset: 0), LogPosition(.all, .text, offset: 0)] {
            #expect(throws: LogServiceError.self) { try bytes(.run(run), .after(place)) }
        }
        #expect(try bytes(.run(run), .after(LogPosition(.run(run), .text, offset: 4))).end == 4)
    }

    @Test("the file of all runs has no times")
    func since() throws {
        _ = try project.run(printing: "one\n")
        try Data("one\n".utf8).write(to: URL(filePath: project.chantLog))
        #expect(throws: LogServiceError.self) { try bytes(.allRuns(project.spec), .since(Date())) }
    }
}
