import Foundation

@testable import ChantDomain

/// A spec as the dice made it.
struct DrawnSpec: Sendable {
    var id: String
    var dependsOn: [String] = []
    var isDriver = false
    /// The driver that it is a member of.
    var driver: String?

    var text: String {
        var lines = ["---", "type: \(isDriver ? "driver" : "code")", "status: pending"]
        if !dependsOn.isEmpty { lines.append("depends_on: [\(dependsOn.joined(separator: ", "))]") }
        lines += ["labels: [sim]", "---", "", "# Do \(id)", "", "What to do.", "", "More of it.", ""]
        if !isDriver { lines += ["## Acceptance Criteria", "", "- [ ] It is done"] }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Everything about a simulated world that is decided before it begins.
struct DrawnWorld: Sendable {
    var specs: [DrawnSpec] = []
    var workers = 1
    /// The agents, each with its `max_concurrent`.
    var agents: [(name: String, limit: Int)] = []
    var serverKeys: [String] = []
    var rotation = "none"
    /// In how many of a hundred cases an agent rewrites the one file that all may rewrite.
    var contention = 20
    /// Most worlds are small, so that many fit into a suite; what goes wrong mostly goes wrong in small ones too.
    let size: Size

    enum Size: Sendable {
        case tiny
        case small
        case large
    }

    init(_ dice: Dice, _ wanted: Size?) {
        size =
            wanted ?? dice.one(of: Array(repeating: .tiny, count: 14) + Array(repeating: .small, count: 5) + [.large])
        rotation = dice.one(of: ["none", "none", "round-robin", "random"])
        workers = dice.number(in: 1...4)
        agents = [("alpha", dice.number(in: 1...3))]
        if dice.happens(50) { agents.append(("beta", dice.number(in: 1...2))) }
        contention = dice.one(of: [10, 20, 20, 90])
        if dice.happens(20) { serverKeys.append("criteria: tick") }
        if dice.happens(20) { serverKeys.append("uncommitted: commit") }
        if dice.happens(15) { serverKeys.append("merge: manual") }
        if dice.happens(20) { serverKeys.append("keep_failed: 0s") }
        for number in 1...dice.number(in: size == .large ? 3...5 : size == .small ? 2...3 : 1...2) {
            let id = "2026-01-05-00\(number)-aaa"
            let earlier = specs.filter { $0.driver == nil }.map(\.id)
            let needs = earlier.filter { _ in dice.happens(30) }
            specs.append(DrawnSpec(id: id, dependsOn: needs))
            guard dice.happens(20) else { continue }
            specs[specs.count - 1].isDriver = true
            for member in 1...2 { specs.append(DrawnSpec(id: "\(id).\(member)", driver: id)) }
        }
    }

    /// Those that can be run themselves.
    var work: [DrawnSpec] { specs.filter { !$0.isDriver } }
}

/// The project of a simulation on a disk in memory.
final class SimulatedProject: Sendable {
    let folder: String
    let world: DrawnWorld
    var checkout: String { "\(folder)/project" }
    var state: String { "\(folder)/state" }
    var worktrees: String { "\(folder)/worktrees" }

    init(_ world: DrawnWorld) throws {
        self.world = world
        let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()
        var template = Array("\(base)/chant-sim.\(getpid()).XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for name in ["home", "bin", "state", "worktrees"] { mkdir("\(folder)/\(name)", 0o700) }
        DiskFile.put(Array(configuration.utf8), at: "\(checkout)/.chant/config.md")
        DiskFile.put(Array("first line\n".utf8), at: "\(checkout)/README.md")
        DiskFile.put(Array("nobody\n".utf8), at: "\(checkout)/shared.txt")
        for spec in world.specs { DiskFile.put(Array(spec.text.utf8), at: path(of: spec.id)) }
        for agent in world.agents {
            try DiskFile.write(Array("#!/bin/sh\n".utf8), to: "\(folder)/bin/\(agent.name)", mode: 0o755)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(of spec: String) -> String { "\(checkout)/.chant/specs/\(spec).md" }

    private var configuration: String {
        let agents = world.agents.map { agent in
            "    - { name: \(agent.name), provider: command, command: [\(agent.name)], "
                + "max_concurrent: \(agent.limit) }"
        }
        let lines =
            ["---", "project:", "  name: sim", "defaults:", "  provider: command", "  main_branch: main"]
            + ["  rotation_strategy: \(world.rotation)"]
            + ["parallel:", "  stagger_delay_ms: 200", "  stagger_jitter_ms: 100", "  agents:"] + agents
            + ["watch:", "  failure: { max_retries: 2, retry_delay_ms: 1500 }"]
            + [
                "server:", "  limits: { stop_grace: 1s, wall: 60s }",
                "  floors: { disk: 0, disk_percent: 0, memory: 0, state: 0, ballast: 0, every: 600s }",
            ]
            + world.serverKeys.map { "  \($0)" } + ["---", "", "# Configuration", ""]
        return lines.joined(separator: "\n")
    }

    /// Waits until the locks of a service that is gone are free: a program that another test starts at this moment has
    /// them open, too, until its exec.
    func waitForLocks() {
        for path in ["\(state)/server.lock", "\(checkout)/.chant/.locks/server.lock"] {
            let file = open(path, O_RDWR | O_CLOEXEC)
            guard file >= 0 else { continue }
            for _ in 0..<10_000 where flock(file, LOCK_EX | LOCK_NB) != 0 { usleep(1000) }
            // Such a program has this very lock, too, where it began a moment ago.
            flock(file, LOCK_UN)
            close(file)
        }
    }

    /// A spec as its file is now.
    func spec(_ id: String) -> Spec? {
        guard let specID = SpecID(id), let bytes = DiskFile.read(path(of: id)) else { return nil }
        return try? Spec(id: specID, path: ".chant/specs/\(id).md", document: SpecDocument(bytes: bytes))
    }
}
