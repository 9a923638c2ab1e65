import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

/// A folder with everything that a real agent needs; it goes with the test.
final class AgentWorkshop: Sendable {
    let folder: String
    let runID = RunID(at: Date())
    let spawner: Spawner

    var runFolder: String { folder + "/run" }
    var workingFolder: String { folder + "/work" }

    init() throws {
        var template = Array(
            FileManager.default.temporaryDirectory.appendingPathComponent("chant-agent-XXXXXX").path.utf8CString
        )
        guard let path = mkdtemp(&template) else { throw POSIXError(.EIO) }
        folder = String(cString: path)
        spawner = Spawner(supervisorProgram: [try BuiltProducts.chantServer(), "supervise"])
        for name in ["run", "work"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The launch of any program, with limits that no test reaches by chance.
    func launch(
        _ program: String,
        _ arguments: [String] = [],
        wall: Duration = .seconds(60),
        idle: Duration = .seconds(60),
        grace: Duration = .seconds(20),
        logBytes: Int = 1 << 20
    ) -> AgentLaunch {
        AgentLaunch(
            runID: runID,
            runFolder: runFolder,
            program: program,
            arguments: arguments,
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
            workingFolder: workingFolder,
            limits: SupervisorLimits(wall: wall, idle: idle, stopGrace: grace, logBytes: logBytes),
            separateErrorFile: false
        )
    }

    func start(_ launch: AgentLaunch) async throws -> SupervisedAgent {
        try await spawner.start(launch, deadline: .seconds(30))
    }

    /// Starts an agent that is a piece of shell.
    func start(
        shell script: String,
        wall: Duration = .seconds(60),
        idle: Duration = .seconds(60),
        grace: Duration = .seconds(20),
        logBytes: Int = 1 << 20
    ) async throws -> SupervisedAgent {
        let limited = launch("/bin/sh", ["-c", script], wall: wall, idle: idle, grace: grace, logBytes: logBytes)
        return try await start(limited)
    }

    /// Runs an agent to its end.
    func record(of launch: AgentLaunch) async throws -> ExitRecord {
        let agent = try await start(launch)
        return try #require(await waitForEnd(of: agent))
    }

    /// The text of a file of the run.
    func text(_ name: String) -> String {
        String(decoding: SmallFile.read("\(runFolder)/\(name)", limit: 1 << 24) ?? [], as: UTF8.self)
    }

    /// The lines of a file of the run.
    func lines(_ name: String) -> [String] { text(name).split(separator: "\n").map(String.init) }

    /// The pid that an agent wrote into a file of its working folder, as soon as it is there.
    func pid(_ name: String) async throws -> Int32 {
        var pid: Int32?
        try await eventually("the agent writes \(name)") {
            let bytes = SmallFile.read("\(self.workingFolder)/\(name)") ?? []
            guard bytes.last == 10 else { return false }
            pid = Int32(String(decoding: bytes.dropLast(), as: UTF8.self))
            return pid != nil
        }
        return try #require(pid)
    }
}

/// Whether a process of this number still runs; a zombie does not.
func isRunning(_ pid: Int32) -> Bool { ProcessIdentity.of(pid: pid) != nil }

/// What `/proc/<pid>/status` says about one of its fields.
func status(_ pid: Int32, _ field: String) -> String? {
    let lines = String(decoding: SmallFile.read("/proc/\(pid)/status", limit: 1 << 16) ?? [], as: UTF8.self)
    let line = lines.split(separator: "\n").first { $0.hasPrefix(field + ":") }
    return line.map { $0.dropFirst(field.count + 1).trimmingCharacters(in: .whitespaces) }
}
