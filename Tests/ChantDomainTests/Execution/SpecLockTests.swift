import ChantTesting
import Foundation
import Glibc
import Testing

@testable import ChantDomain

@Suite("SpecLock")
struct SpecLockTests {
    private let folder: SpecFolder
    private let id: SpecID

    init() throws {
        folder = try SpecFolder()
        id = try specID("2026-01-05-001-aaa")
    }

    private var owner: Int32? { SpecLock.owner(of: id, chantFolder: folder.chant) }
    private var file: String { ".locks/\(id).lock" }

    @Test("R35: the lock holds this process's id in decimals, and goes")
    func takes() throws {
        let lock = try SpecLock(taking: id, chantFolder: folder.chant)
        #expect(try folder.text(file) == "\(getpid())\n")
        #expect(owner == getpid())
        lock.release()
        #expect(owner == nil)
        #expect(try folder.names(in: ".locks") == [])
    }

    @Test("R35: the lock of another live process stands")
    func foreign() throws {
        try folder.write("1\n", to: file)
        #expect(owner == 1)
        let error = #expect(throws: SpecLock.Held.self) { try SpecLock(taking: id, chantFolder: folder.chant) }
        #expect(error?.pid == 1)
        SpecLock.releaseStale(id, chantFolder: folder.chant)
        #expect(try folder.text(file) == "1\n")
    }

    @Test("R35: a lock of a process that is gone, or that names none, is stale", arguments: ["4194304", "", "x", "-1"])
    func stale(text: String) throws {
        try folder.write(text, to: file)
        #expect(owner == nil)
        _ = try SpecLock(taking: id, chantFolder: folder.chant)
        #expect(owner == getpid())
    }

    /// A program that does nothing, as one that got the number of another process.
    private func stranger() throws -> ChildProgram {
        try ChildProgram(
            "sleep",
            ["600"],
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
            folder: folder.chant,
            output: "/dev/null",
            error: "/dev/null"
        )
    }

    @Test("R27, R35: a process that began after the lock was written is not its owner")
    func reused() throws {
        let stranger = try stranger()
        defer { stranger.send(SIGKILL) }
        try folder.write("\(stranger.pid)\n", to: file)
        #expect(owner == stranger.pid)
        let before = Date(timeIntervalSinceNow: -3600)
        try FileManager.default.setAttributes(
            [.modificationDate: before],
            ofItemAtPath: "\(folder.chant)/\(file)"
        )
        #expect(owner == nil)
        SpecLock.releaseStale(id, chantFolder: folder.chant)
        #expect(try folder.names(in: ".locks") == [])
    }

    @Test("R27, R35: a number that a thread has by now is no process's")
    func thread() throws {
        let thread = try #require(SmallFile.numbers(in: "/proc/self/task").first { $0 != getpid() })
        try folder.write("\(thread)\n", to: file)
        #expect(owner == nil)
        // Else nothing was tested.
        #expect(access("/proc/\(thread)/stat", R_OK) == 0)
    }

    @Test("R27, R29: the lock of a supervisor that is gone is taken over, whoever has its number now")
    func adopting() throws {
        let stranger = try stranger()
        defer { stranger.send(SIGKILL) }
        let now = try #require(ProcessIdentity.of(pid: stranger.pid))
        let gone = ProcessIdentity(
            pid: now.pid,
            startTicks: now.startTicks - 1,
            bootID: now.bootID,
            pidNamespace: now.pidNamespace
        )
        try folder.write("\(stranger.pid)\n", to: file)
        _ = try SpecLock(adopting: id, chantFolder: folder.chant, supervisor: gone)
        #expect(owner == getpid())
        try folder.write("1\n", to: file)
        #expect(throws: SpecLock.Held.self) {
            try SpecLock(adopting: id, chantFolder: folder.chant, supervisor: gone)
        }
    }

    @Test("R35: of many that find the same stale lock at once exactly one takes it over")
    func takeOver() async throws {
        let takers = try (0..<8).map { _ in
            try ChildProgram(
                "sleep",
                ["600"],
                environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
                folder: folder.chant,
                output: "/dev/null",
                error: "/dev/null"
            )
        }
        defer { for taker in takers { taker.send(SIGKILL) } }
        for round in 0..<200 {
            try folder.write("4194304\n", to: file)
            let won = await withTaskGroup(of: Bool.self) { group in
                for taker in takers {
                    group.addTask { [id, folder] in
                        (try? SpecLock(taking: id, chantFolder: folder.chant, as: taker.pid)) != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(won == 1, "round \(round)")
        }
    }

    @Test("a lock of our own that was left is taken over")
    func own() throws {
        try folder.write("\(getpid())\n", to: file)
        _ = try SpecLock(taking: id, chantFolder: folder.chant)
        #expect(owner == getpid())
    }

    @Test("R35: who gives up a lock that another of ours took over meanwhile leaves that one alone")
    func takenOver() throws {
        let first = try SpecLock(taking: id, chantFolder: folder.chant)
        let second = try SpecLock(taking: id, chantFolder: folder.chant)
        first.release()
        #expect(owner == getpid())
        second.handOver(to: 1)
        second.release()
        #expect(try folder.names(in: ".locks") == [])
    }

    @Test("R35: the supervisor becomes the owner, and the lock is stale when it has gone")
    func handOver() async throws {
        let lock = try SpecLock(taking: id, chantFolder: folder.chant)
        lock.handOver(to: 1)
        #expect(owner == 1)
        lock.handOver(to: 4_194_304)
        #expect(owner == nil)
        SpecLock.releaseStale(id, chantFolder: folder.chant)
        #expect(try folder.names(in: ".locks") == [])
    }

    @Test("R70: a spec named `server` leaves the service's own lock alone")
    func server() throws {
        try folder.write("\(getpid()) host address\n", to: ".locks/server.lock")
        let lock = try SpecLock(taking: try specID("server"), chantFolder: folder.chant)
        lock.release()
        #expect(try folder.text(".locks/server.lock") == "\(getpid()) host address\n")
    }
}
