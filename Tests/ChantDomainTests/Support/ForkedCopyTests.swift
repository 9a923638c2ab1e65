import ChantTesting
import Foundation
import Glibc
import Synchronization
import Testing

@testable import ChantDomain

/// A program that is being started has copies of all open files, until it has become that program.
///
/// So a file of ours can seem to have a writer that nobody knows of. Git is started all the time while specs are edited.
@Suite("R1: edits while programs are being started", .timeLimit(.minutes(3)))
struct ForkedCopyTests {
    let folder: SpecFolder

    init() throws { folder = try SpecFolder() }

    @Test("R1: a program that starts at a bad moment costs nobody a save")
    func race() async throws {
        let starts = try SlowStarts(folder: folder.chant)
        async let started: Int = onOwnThread { starts.run() }
        let lost = try await onOwnThread { [folder] in
            defer { starts.end() }
            return try ForkedCopyTests.lostSaves(folder, rounds: 300)
        }
        #expect(try await started > 20)
        #expect(lost.isEmpty, "\(lost.count) of 300: \(lost.prefix(5))")
    }

    /// An editor's saves, each beside an edit of ours, that were not in the file afterwards.
    private static func lostSaves(_ folder: SpecFolder, rounds: Int) throws -> [String] {
        let files = LocalFileSystem()
        let path = folder.path("specs/a.md")
        var lost: [String] = []
        for round in 0..<rounds {
            try folder.write("start \(round)", to: "specs/a.md")
            let expected = Digest(of: Array("start \(round)".utf8))
            let saved = Mutex(false)
            Thread.detachNewThread {
                // Between none and some of the few hundred microseconds that an exchange takes.
                for _ in 0..<(round % 40 * 4) { _ = getppid() }
                try? folder.write("theirs \(round)", to: "specs/a.md.editor")
                rename(path + ".editor", path)
                saved.withLock { $0 = true }
            }
            try? files.exchange(Array("ours \(round)".utf8), at: path, expecting: expected)
            while !saved.withLock({ $0 }) { usleep(50) }
            let text = try folder.text("specs/a.md")
            if text != "theirs \(round)" { lost.append("\(round): \(text)") }
        }
        return lost
    }
}

/// Starts programs that take a millisecond from their fork to their exec.
private final class SlowStarts: Sendable {
    private let pipe: String
    private let isOver = Atomic(false)

    init(folder: String) throws {
        pipe = folder + "/pipe"
        guard mkfifo(pipe, 0o600) == 0 else { throw FileError(operation: "create", path: pipe, code: errno) }
    }

    func end() { isOver.store(true, ordering: .relaxed) }

    /// Goes on until `end()`; how many there were.
    func run() -> Int {
        var count = 0
        while !isOver.load(ordering: .relaxed) {
            startOne()
            count += 1
        }
        return count
    }

    /// The child opens a pipe between fork and exec, which waits until somebody opens the other end.
    private func startOne() {
        Thread.detachNewThread { [pipe] in
            usleep(1_000)
            close(open(pipe, O_WRONLY))
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, pipe, O_RDONLY, 0)
        var pid: pid_t = 0
        guard CStrings.with(["true"], { posix_spawn(&pid, "/bin/true", &actions, nil, $0, environ) }) == 0 else {
            return
        }
        waitpid(pid, nil, 0)
    }
}
