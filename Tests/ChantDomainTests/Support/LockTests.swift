import ChantTesting
import Foundation
import Synchronization
import Testing

@testable import ChantDomain

@Suite("Locks")
struct LockTests {
    private final class Seen: Sendable {
        let numbers = Mutex<[Int]>([])
    }

    @Test("R19: first come, first served, one at a time, with a named holder")
    func order() async throws {
        let lock = FIFOLock()
        let seen = Seen()
        let first = try await lock.acquire(as: "first")
        #expect(lock.holders == ["first"])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...20 {
                group.addTask {
                    let held = try await lock.acquire(as: "\(number)")
                    #expect(lock.holders == ["\(number)"])
                    seen.numbers.withLock { $0.append(number) }
                    lock.release(held)
                }
                try await eventually("\(number) waits") { lock.waiting == number }
            }
            lock.release(first)
            try await group.waitForAll()
        }
        #expect(seen.numbers.withLock { $0 } == Array(1...20))
        #expect(lock.holders.isEmpty)
        #expect(lock.waiting == 0)
    }

    @Test("a cancelled waiter leaves the line and holds nothing")
    func cancelled() async throws {
        let lock = FIFOLock()
        let held = try await lock.acquire(as: "holder")
        let waiter = Task { try await lock.acquire(as: "waiter") }
        try await eventually("the waiter waits") { lock.waiting == 1 }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        #expect(lock.waiting == 0)
        lock.release(held)
        lock.release(held)
        lock.release(try await lock.acquire(as: "next"))
        #expect(lock.holders.isEmpty)
    }

    @Test("several places let that many in")
    func places() async throws {
        let lock = FIFOLock(places: 2)
        let first = try await lock.acquire(as: "a")
        let second = try await lock.acquire(as: "b")
        let third = Task { try await lock.acquire(as: "c") }
        try await eventually("the third waits") { lock.waiting == 1 }
        #expect(lock.holders == ["a", "b"])
        lock.release(first)
        let last = try await third.value
        #expect(lock.holders == ["b", "c"])
        lock.release(second)
        lock.release(last)
        #expect(lock.holders.isEmpty)
    }

    @Test("R19: a file lock excludes other processes, and says who holds it")
    func otherProcess() async throws {
        let repository = try await TemporaryRepository(files: [:])
        let path = "\(repository.folder)/test.lock"
        let script = "echo 4711 somebody >\(path); sleep 600"
        let other = Task {
            try await SubprocessRunner().run(
                Command("flock", [path, "sh", "-c", script], folder: "/", environment: repository.environment)
            )
        }
        defer { other.cancel() }
        let lock = FileLock(path: path)
        try await eventually("the other process holds it") {
            repository.read("test.lock", in: repository.folder) == "4711 somebody\n"
        }
        await #expect(throws: FileLock.Failure.held(path: path, holder: "4711 somebody")) {
            try await lock.acquire(as: "test", within: .milliseconds(50))
        }
        other.cancel()
        _ = try await other.value
        let held = try await lock.acquire(as: "test", within: .seconds(20))
        #expect(repository.read("test.lock", in: repository.folder) == "\(getpid()) test\n")
        await #expect(throws: FileLock.Failure.self) { try await lock.acquire(as: "second", within: .zero) }
        held.release()
        try await lock.acquire(as: "second", within: .seconds(20)).release()
    }

    @Test("R19, R70: a copy of a lock's descriptor, as a program that is being started has, does not keep the lock")
    func forkedCopy() async throws {
        let folder = try ScratchFolder()
        let lock = FileLock(path: "\(folder.path)/test.lock")
        let held = try await lock.acquire(as: "first", within: .zero)
        let copy = try #require(Self.copy(ofDescriptorOf: lock.path))
        defer { close(copy) }
        held.release()
        try await lock.acquire(as: "second", within: .zero).release()

        let chant = "\(folder.path)/.chant"
        try FileManager.default.createDirectory(atPath: chant, withIntermediateDirectories: true)
        let locks = try ServiceLocks(chantFolder: chant, stateFolder: folder.path)
        let copies = ["\(chant)/.locks/server.lock", "\(folder.path)/server.lock"].compactMap(Self.copy)
        defer { for copy in copies { close(copy) } }
        #expect(copies.count == 2)
        locks.release()
        try ServiceLocks(chantFolder: chant, stateFolder: folder.path).release()
    }

    private static func copy(ofDescriptorOf path: String) -> Int32? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        let found = names.compactMap { Int32($0) }.first { number in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)"))
                == GitFiles.realPath(path)
        }
        return found.map { fcntl($0, F_DUPFD_CLOEXEC, 0) }
    }

    @Test("a lock file that cannot be opened is told with its error number")
    func unusable() async throws {
        let lock = FileLock(path: "/no/such/folder/x.lock")
        await #expect(throws: FileLock.Failure.unusable(path: lock.path, code: ENOENT)) {
            try await lock.acquire(as: "test", within: .zero)
        }
    }

    @Test(
        "R20: pauses double up to the cap, and end",
        arguments: [
            (1, true, RetryPolicy.Decision.retry(after: .milliseconds(20))),
            (2, true, .retry(after: .milliseconds(40))), (5, true, .retry(after: .milliseconds(320))),
            (6, true, .giveUp),
            (1, false, .giveUp),
        ]
    )
    func retries(attempt: Int, isTransient: Bool, decision: RetryPolicy.Decision) {
        #expect(RetryPolicy.git.decide(attempt: attempt, isTransient: isTransient, jitter: 0) == decision)
    }

    @Test("a retry's pause stays below the cap, jitter aside")
    func cap() {
        let policy = RetryPolicy(maxAttempts: 100, base: .seconds(1), cap: .seconds(8))
        #expect(policy.decide(attempt: 50, isTransient: true, jitter: 0) == .retry(after: .seconds(8)))
        #expect(policy.decide(attempt: 1, isTransient: true, jitter: 1) == .retry(after: .milliseconds(1250)))
    }
}
