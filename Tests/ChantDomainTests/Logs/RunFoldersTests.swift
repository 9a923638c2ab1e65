import Foundation
import Testing

@testable import ChantDomain

@Suite("Folders of runs")
struct RunFoldersTests {
    @Test("R71: sizes are of what lies there, measured again where something changed, and gone with the folder")
    func sizes() async throws {
        let state = try ScratchFolder()
        var folders = RunFolders(stateFolder: state.path)
        await folders.measure(growing: [])
        #expect(folders.bytes == 0 && folders.runs.isEmpty)

        let runs = [RunID(at: Date(timeIntervalSince1970: 1)), RunID(at: Date(timeIntervalSince1970: 2))]
        for run in runs {
            let path = RunFolder(stateFolder: state.path, run: run).path
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try state.write([UInt8](repeating: 1, count: 10_000), to: "runs/\(run)/out.log")
        }
        try state.write([1], to: "runs/stray")
        await folders.measure(growing: [])
        #expect(folders.runs == runs)
        let before = folders.bytes(of: runs[0])
        #expect(before >= 10_000 && folders.bytes >= 20_000)

        // A log that grows changes its folder's time no more than that of a settled run does.
        let log = LogFile(path: state.file("runs/\(runs[0])/out.log"))
        try log.append([UInt8](repeating: 1, count: 50_000)[...], mode: 0o600)
        await folders.measure(growing: [])
        #expect(folders.bytes(of: runs[0]) == before)
        await folders.measure(growing: [runs[0]])
        #expect(folders.bytes(of: runs[0]) >= 60_000)
        try state.write([UInt8](repeating: 1, count: 30_000), to: "runs/\(runs[1])/text.log")
        await folders.measure(growing: [])
        #expect(folders.bytes(of: runs[1]) >= 40_000)

        try folders.remove(runs[0])
        try folders.remove(runs[0])
        #expect(folders.runs == [runs[1]])
        #expect(
            Set(try FileManager.default.contentsOfDirectory(atPath: state.file("runs"))) == ["stray", runs[1].text]
        )
    }

    @Test("a run's id says when it was accepted")
    func time() {
        let date = Date(timeIntervalSince1970: 1_785_585_600.123)
        #expect(abs(RunID(at: date).time.timeIntervalSince(date)) < 0.0011)
    }
}
