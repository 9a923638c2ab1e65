import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("LiveWatch")
struct LiveWatchTests {
    /// A process whose command line has these words; stopped when the test's body returns.
    static func running<Result>(_ words: [String], in folder: String, _ body: (Int32) async throws -> Result)
        async throws
        -> Result
    {
        let child = try ChildProgram(
            "sh",
            ["-c", "while :; do sleep 0.05; done"] + words,
            environment: ["PATH": "/usr/bin:/bin"],
            folder: folder,
            output: "/dev/null",
            error: "/dev/null"
        )
        defer { kill(-child.pid, SIGKILL) }
        return try await body(child.pid)
    }

    @Test("R35: a live process counts where its command line says `chant` and `watch`")
    func commandLine() async throws {
        let folder = try SpecFolder()
        #expect(LiveWatch.pid(chantFolder: folder.chant) == nil)
        try await Self.running(["chant", "watch"], in: folder.root) { pid in
            try folder.write("\(pid)\n", to: "watch.pid")
            try await eventually("it has its command line") { LiveWatch.pid(chantFolder: folder.chant) == pid }
            #expect(LiveWatch.notice(chantFolder: folder.chant)?.contains("\(pid)") == true)
        }
        try await eventually("it is gone") { LiveWatch.pid(chantFolder: folder.chant) == nil }
        try await Self.running(["another", "program"], in: folder.root) { pid in
            try folder.write("\(pid)", to: "watch.pid")
            #expect(LiveWatch.pid(chantFolder: folder.chant) == nil)
        }
    }

    @Test("what is no pid of another is none", arguments: ["", "x", "-1", "0", "1", "99999999999", "4194999"])
    func noPid(text: String) throws {
        let folder = try SpecFolder()
        try folder.write(text, to: "watch.pid")
        #expect(LiveWatch.pid(chantFolder: folder.chant) == nil)
        try folder.write("\(getpid())", to: "watch.pid")
        #expect(LiveWatch.pid(chantFolder: folder.chant) == nil)
    }
}
