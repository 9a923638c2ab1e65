import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Services: a log's stream")
struct LogServiceStreamTests {
    let project: LogProject

    init() throws {
        project = try LogProject()
    }

    private func after(_ run: RunID, _ offset: Int, _ view: LogView = .text, isEnd: Bool = false) -> LogRequest.Start {
        .after(LogPosition(.run(run), view, offset: offset, isEnd: isEnd))
    }

    private func told(_ subject: LogRequest.Subject, _ start: LogRequest.Start = .beginning) async throws -> [String] {
        try await project.service.stream(LogRequest(subject, start: start)).told()
    }

    @Test("R26: what an agent prints before it is registered is held back, what came before it is not")
    func heldBack() async throws {
        let run = try project.queue()
        let files = RunFolder(stateFolder: project.folder, run: run)
        try FileManager.default.createDirectory(atPath: files.path, withIntermediateDirectories: true)
        try Data("worktree made\n".utf8).write(to: URL(filePath: files.outFile))
        project.broadcaster.hold(files)
        try project.print("agent\n", run)
        let request = LogRequest(.run(run), follows: false)
        #expect(try await project.service.bytes(request).text() == "worktree made\n")
        var reader = try project.service.stream(LogRequest(.run(run))).reader()
        #expect(try await reader.next()?.map(\.told) == ["log 14 worktree made"])
        project.broadcaster.begin(files)
        #expect(try await reader.next()?.map(\.told) == ["log 20 agent"])
        #expect(try await project.service.bytes(request).text() == "worktree made\nagent\n")
    }

    @Test("R31: a settled run's log is given line by line, an unfinished last line too, then its end")
    func settled() async throws {
        let run = try project.run(printing: "one\ntwo")
        #expect(try await told(.run(run)) == ["log 4 one", "log 7 two", "end 7 failed"])
        #expect(try await told(.spec(project.spec)) == ["log 4 one", "log 7 two", "end 7 failed"])
    }

    @Test(
        "R31: who comes back gets the rest, each byte once, from every place that was given out",
        arguments: [0, 4, 7]
    )
    func resumed(offset: Int) async throws {
        let run = try project.run(printing: "one\ntwo")
        let all = ["log 4 one", "log 7 two", "end 7 failed"]
        let rest = all.filter { (Int($0.split(separator: " ")[1]) ?? 0) > offset || $0.hasPrefix("end") }
        #expect(try await told(.run(run), after(run, offset)) == rest)
    }

    @Test("a reader that has the end gets nothing")
    func finished() throws {
        let run = try project.run(printing: "one\n")
        #expect(throws: LogServiceError.self) {
            try project.service.stream(LogRequest(.run(run), start: after(run, 4, isEnd: true)))
        }
    }

    @Test("R31: a live log is followed until the run is settled, also from before its agent's start")
    func followed() async throws {
        let run = try project.queue()
        let stream = try project.service.stream(LogRequest(.run(run)))
        async let told = stream.told()
        try await eventually("a reader") { project.broadcaster.readerCount(of: run) == 1 }
        try project.begin(run, printing: "one\nt")
        try project.print("wo\nthree", run)
        try project.end(run)
        #expect(try await told == ["log 4 one", "log 8 two", "log 13 three", "end 13 failed"])
    }

    @Test("without following, a live log stops at its last whole line, and has no end")
    func notFollowed() async throws {
        let run = try project.run(printing: "one\ntw", ended: false)
        let request = LogRequest(.run(run), follows: false)
        #expect(try await project.service.stream(request).told() == ["log 4 one"])
        try project.end(run)
        #expect(try await project.service.stream(request).told() == ["log 4 one", "log 6 tw", "end 6 failed"])
    }

    @Test("the tail, an offset, and one that is too far")
    func starts() async throws {
        let run = try project.run(printing: "one\ntwo\nthree\n")
        #expect(try await told(.run(run), .tail(1)) == ["log 14 three", "end 14 failed"])
        #expect(try await told(.run(run), .tail(0)) == ["end 14 failed"])
        #expect(try await told(.run(run), .offset(8)) == ["log 14 three", "end 14 failed"])
        #expect(try await told(.run(run), .offset(99)).prefix(2) == ["reset 0 beyond-end", "log 4 one"])
    }

    @Test("a position that cannot be used resets, with the reason")
    func resets() async throws {
        let run = try project.run(printing: "one\n")
        let expected = ["log 4 one", "end 4 failed"]
        let cases: [(LogRequest.Start, String)] = [
            (after(run, 5), "beyond-end"), (after(run, 1, .raw), "other-view"),
            (after(RunID(at: Date()), 1), "log-gone"),
        ]
        for (start, reason) in cases {
            #expect(try await told(.spec(project.spec), start) == ["reset 0 \(reason)"] + expected)
        }
        #expect(try await told(.run(run), after(RunID(at: Date()), 1)) == ["reset 0 other-log"] + expected)
    }

    @Test("the run of a position is read to its end first, then the next one is announced")
    func nextRun() async throws {
        let first = try project.run(printing: "one\ntwo\n")
        _ = try project.run(printing: "new\n")
        let new = ["run 0", "log 4 new", "end 4 failed"]
        #expect(try await told(.spec(project.spec), after(first, 4)) == ["log 8 two"] + new)
        #expect(try await told(.spec(project.spec), after(first, 8)) == new)
        #expect(try await told(.run(first), after(first, 4)) == ["log 8 two", "end 8 failed"])
    }

    @Test("the position of an earlier run whose log is gone resets to the present one")
    func earlierGone() async throws {
        let first = try project.run(printing: "one\n")
        _ = try project.run(printing: "new\n")
        try project.removeLog(first)
        #expect(
            try await told(.spec(project.spec), after(first, 4)) == ["reset 0 log-gone", "log 4 new", "end 4 failed"]
        )
    }

    @Test("a log whose file was removed is gone; a run that never had an agent has an empty one")
    func gone() async throws {
        let run = try project.run(printing: "one\n")
        try project.removeLog(run)
        #expect(throws: LogServiceError.self) { try project.service.stream(LogRequest(.run(run))) }
        #expect(throws: LogServiceError.self) { try project.service.bytes(LogRequest(.run(run))) }
        let refused = try project.queue()
        try project.end(refused)
        #expect(try await told(.run(refused)) == ["end 0 failed"])
    }

    @Test("R35: a spec that only the original has worked is served from the original's file")
    func original() async throws {
        #expect(throws: LogServiceError.self) { try project.service.stream(LogRequest(.spec(project.spec))) }
        try Data("# Agent Log\none\n".utf8).write(to: URL(filePath: project.chantLog))
        #expect(try await told(.spec(project.spec)) == ["log 12 # Agent Log", "log 16 one", "end 16 nobody"])
        let place = LogRequest.Start.after(LogPosition(.all, .text, offset: 12))
        #expect(try await told(.spec(project.spec), place) == ["log 16 one", "end 16 nobody"])
        _ = try project.run(printing: "new\n")
        #expect(
            try await told(.spec(project.spec), place) == ["log 16 one", "run 0", "log 4 new", "end 4 failed"]
        )
    }

    @Test("the file of all runs ends with the latest run's outcome")
    func allRuns() async throws {
        _ = try project.run(printing: "new\n")
        try Data("old\nnew\n".utf8).write(to: URL(filePath: project.chantLog))
        #expect(try await told(.allRuns(project.spec)) == ["log 4 old", "log 8 new", "end 8 failed"])
    }

    @Test("unknown runs, and runs of other projects, are not found")
    func unknown() {
        #expect(throws: LogServiceError.self) { try project.service.stream(LogRequest(.run(RunID(at: Date())))) }
    }
}
