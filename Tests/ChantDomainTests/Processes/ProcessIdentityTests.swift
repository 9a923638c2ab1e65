import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Process identity")
struct ProcessIdentityTests {
    @Test("R27: this process is alive, and the same in every reading")
    func own() throws {
        let own = try #require(ProcessIdentity.own)
        #expect(own.pid == getpid())
        #expect(own.liveness == .alive)
        #expect(own == ProcessIdentity.of(pid: getpid()))
        #expect(!own.isOfEarlierBoot)
        #expect(try JSONDecoder().decode(ProcessIdentity.self, from: JSONEncoder().encode(own)) == own)
    }

    @Test("R27: a pid that was given to another process is gone")
    func recycled() throws {
        let own = try #require(ProcessIdentity.own)
        let earlier = ProcessIdentity(
            pid: own.pid,
            startTicks: own.startTicks - 1,
            bootID: own.bootID,
            pidNamespace: own.pidNamespace
        )
        #expect(earlier.liveness == .gone)
    }

    @Test("R27: another boot means gone, another namespace means unverifiable")
    func elsewhere() throws {
        let own = try #require(ProcessIdentity.own)
        let other = ProcessIdentity(
            pid: own.pid,
            startTicks: own.startTicks,
            bootID: own.bootID,
            pidNamespace: "pid:[1]"
        )
        #expect(other.liveness == .unverifiable)
        let earlier = ProcessIdentity(
            pid: own.pid,
            startTicks: own.startTicks,
            bootID: "00000000-0000-0000-0000-000000000000",
            pidNamespace: own.pidNamespace
        )
        #expect(earlier.liveness == .gone)
        #expect(earlier.isOfEarlierBoot)
    }

    @Test("R27: a zombie is gone, and has no identity")
    func zombie() async throws {
        var pid: pid_t = 0
        let started = CStrings.with(["/bin/true"]) { posix_spawn(&pid, "/bin/true", nil, nil, $0, nil) }
        try #require(started == 0)
        defer { waitpid(pid, nil, 0) }
        try await eventually("the child is a zombie") { ProcessEntry.read(pid)?.state == UInt8(ascii: "Z") }
        let entry = try #require(ProcessEntry.read(pid))
        let own = try #require(ProcessIdentity.own)
        #expect(ProcessIdentity.of(pid: pid) == nil)
        let identity = ProcessIdentity(
            pid: pid,
            startTicks: entry.startTicks,
            bootID: own.bootID,
            pidNamespace: own.pidNamespace
        )
        #expect(identity.liveness == .gone)
    }

    @Test("R27: a pid that nobody has, has no identity")
    func nobody() { #expect(ProcessIdentity.of(pid: Int32.max) == nil) }

    @Test("R27: names with blanks and parentheses do not shift the fields")
    func oddNames() throws {
        let line = "7 (a) b) (c) R 3 5 5 0 -1 0 0 0 0 0 11 12 13 14 20 0 4 0 99 1 25 0"
        let entry = try #require(ProcessEntry(pid: 7, stat: Array(line.utf8)))
        #expect(entry.state == UInt8(ascii: "R"))
        #expect(entry.parent == 3 && entry.group == 5 && entry.threads == 4)
        #expect(entry.ownTicks == 23 && entry.waitedTicks == 27)
        #expect(entry.startTicks == 99 && entry.residentPages == 25)
    }

    @Test(
        "R27: a leader that has ended while its threads run is no zombie",
        arguments: [("Z", 1, true), ("Z", 2, false), ("X", 1, true), ("S", 1, false), ("D", 1, false)]
    )
    func threads(state: String, threads: Int, hasEnded: Bool) throws {
        let line = "7 (x) \(state) 3 5 5 0 -1 0 0 0 0 0 11 12 13 14 20 0 \(threads) 0 99 1 25 0"
        #expect(try #require(ProcessEntry(pid: 7, stat: Array(line.utf8))).hasEnded == hasEnded)
    }

    @Test("R27: half a line is no process", arguments: ["", "7 (x", "7 (x) R 1 2"])
    func broken(line: String) { #expect(ProcessEntry(pid: 7, stat: Array(line.utf8)) == nil) }
}
