import ChantTesting
import Foundation
import Logging
import Testing

@testable import ChantDomain

@Suite("Floors")
struct FloorTests {
    private static let gigabyte = 1 << 30

    @Test(
        "R72: below 2 GB or 5 % of the worktrees' disk, or below 512 MiB of memory, something is short",
        arguments: [
            (3, 10, 600, 300, []), (1, 10, 600, 300, [.disk]), (3, 100, 600, 300, [.disk]), (6, 100, 600, 300, []),
            (3, 10, 511, 300, [.memory]), (3, 10, 512, 256, []), (3, 10, 600, 255, [.state]),
            (1, 10, 0, 0, [.disk, .memory, .state]),
        ] as [(Int, Int, Int, Int, [Shortage.What])]
    )
    func shortages(free: Int, total: Int, memory: Int, state: Int, expected: [Shortage.What]) {
        let resources = Resources(
            worktrees: DiskSpace(free: free * Self.gigabyte, total: total * Self.gigabyte),
            state: DiskSpace(free: state << 20, total: 10 * Self.gigabyte),
            memory: memory << 20
        )
        #expect(ServerKeys.Floors().shortages(resources).map(\.what) == expected)
    }

    @Test("R72: what nobody can tell holds nothing back, nor does a floor of 0")
    func unknown() {
        let nothing = Resources(worktrees: nil, state: nil, memory: nil)
        #expect(ServerKeys.Floors().shortages(nothing).isEmpty)
        var floors = ServerKeys.Floors()
        floors.disk = 0
        floors.diskPercent = 0
        floors.memory = 0
        floors.state = 0
        let empty = DiskSpace(free: 0, total: 100)
        #expect(floors.shortages(Resources(worktrees: empty, state: empty, memory: 0), ballast: 9).isEmpty)
    }

    @Test("R72: the ballast is real room, is given up once, and its room is needed again before runs are taken")
    func ballast() throws {
        let folder = try ScratchFolder()
        let ballast = Ballast(path: folder.file("ballast"), size: 1 << 20)
        var limits = ServerKeys.Floors()
        limits.state = 10 << 20
        limits.ballast = 1 << 20
        let space = Figure(11 << 20)
        let floors = Floors(
            limits,
            ballast: ballast,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            freshness: .zero
        ) {
            Resources(worktrees: nil, state: DiskSpace(free: space.value, total: 1 << 40), memory: nil)
        }
        try ballast.take()
        try ballast.take()
        var status = stat()
        #expect(stat(ballast.path, &status) == 0 && status.st_blocks * 512 >= 1 << 20)
        #expect(floors.refusal == nil)
        space.value = (10 << 20) - 1
        let shortage = try #require(floors.refusal)
        #expect(shortage.what == .state && shortage.sentence.contains("server.floors.state"))
        #expect(!ballast.isTaken && stat(ballast.path, &status) != 0)
        // Giving it up has made room, but not for new runs.
        space.value = (11 << 20) - 1
        #expect(floors.refusal?.floor == 11 << 20)
        space.value = 11 << 20
        #expect(floors.refusal == nil)
    }

    @Test("R72: memory is the machine's, or what the tightest group leaves without counting what is only cached")
    func memory() {
        let machine = ["/proc/meminfo": "MemTotal: 9 kB\nMemAvailable:    2048 kB\n"]
        #expect(bytes(machine) == 2048 << 10)
        #expect(bytes([:]) == nil)
        let two = [
            "/proc/self/cgroup": "0::/a/b\n",
            "/sys/fs/cgroup/a/b/memory.max": "max\n",
            "/sys/fs/cgroup/a/memory.max": "1000\n",
            "/sys/fs/cgroup/a/memory.current": "900\n",
            "/sys/fs/cgroup/a/memory.stat": "anon 1\ninactive_file 300\nactive_file 50\n",
        ]
        #expect(bytes(two.merging(machine) { $1 }) == 450)
        let one = [
            "/proc/self/cgroup": "8:pids:/x\n4:cpu,memory:/x\n",
            "/sys/fs/cgroup/memory/x/memory.limit_in_bytes": "5000\n",
            "/sys/fs/cgroup/memory/x/memory.usage_in_bytes": "6000\n",
            "/sys/fs/cgroup/memory/x/memory.stat": "active_file 9000\ntotal_active_file 30\n",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "/sys/fs/cgroup/memory/memory.usage_in_bytes": "1\n",
        ]
        #expect(bytes(one.merging(machine) { $1 }) == 0)
        #expect(bytes(["/proc/self/cgroup": "0::/../..\n", "/sys/fs/cgroup/memory.max": "7\n"]) == nil)
    }

    @Test("R72: who was held back is told, also where there was too little only between two looks")
    func betweenLooks() async throws {
        let memory = Figure(0)
        var limits = ServerKeys.Floors()
        limits.every = .milliseconds(5)
        let floors = Floors(
            limits,
            ballast: Ballast(path: "/not/there/ballast", size: 0),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            freshness: .zero
        ) {
            Resources(worktrees: nil, state: nil, memory: memory.value)
        }
        #expect(floors.holdsBack)
        memory.value = 1 << 30
        let told = Figure(0)
        let watching = Task { await floors.watch { told.value += 1 } }
        try await eventually("the word that there is enough") { told.value == 1 }
        memory.value = 0
        try await eventually("the word that something is short") { told.value == 2 }
        #expect(floors.holdsBack && floors.holding == [.memory])
        memory.value = 1 << 30
        try await eventually("the word that there is enough again") { told.value == 3 }
        watching.cancel()
        await watching.value
    }

    private func bytes(_ files: [String: String]) -> Int? {
        AvailableMemory.bytes { files[$0].map { Array($0.utf8) } }
    }

    @Test("R72: this machine tells its memory, and its disk also for a folder that is still to be made")
    func here() throws {
        #expect(try #require(AvailableMemory.bytes()) > 0)
        let folder = try ScratchFolder()
        let space = try #require(DiskSpace(of: folder.path))
        #expect(space.total > 0 && space.free <= space.total)
        #expect(DiskSpace(of: folder.file("not/yet/there"))?.total == space.total)
    }
}
