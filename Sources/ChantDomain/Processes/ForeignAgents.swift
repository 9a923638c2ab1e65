public import Foundation
import Glibc

/// An agent that the original program started beside the service; it is shown and never signalled (R27, R35).
public struct ForeignAgent: Sendable {
    /// The spec that it works on, as its file is named.
    public let specID: String
    /// Its process id.
    public let pid: Int32
    /// When it was started.
    public let startedAt: Date
    /// What it and everything below it use.
    public let figures: TreeFigures
}

/// Finds the agents of the original program through `.chant/pids`, which only that program writes.
public enum ForeignAgents {
    /// Those that are alive now.
    ///
    /// A pid file may outlive its process, and its pid may be another's by now: the file was written after its process
    /// began, so that a process which began later than that is none of these.
    public static func alive(chantFolder: String) -> [ForeignAgent] {
        let folder = chantFolder + "/pids"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().filter { $0.hasSuffix(".pid") }.compactMap { name in
            agent(of: String(name.dropLast(4)), file: folder + "/" + name)
        }
    }

    private static func agent(of spec: String, file: String) -> ForeignAgent? {
        var status = stat()
        guard let text = SmallFile.read(file, limit: 32), lstat(file, &status) == 0,
            let pid = Int32(String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)),
            pid > 1, let entry = ProcessEntry.writer(pid, at: status.st_mtim), let began = entry.began
        else { return nil }
        let startedAt = Date(timeIntervalSince1970: began)
        return ForeignAgent(specID: spec, pid: pid, startedAt: startedAt, figures: figures(of: entry))
    }

    private static func figures(of agent: ProcessEntry) -> TreeFigures {
        let below = ProcessTable.descendants(of: agent.pid)
        let living = below.filter { !$0.hasEnded }
        let ticks = below.reduce(agent.ownTicks + agent.waitedTicks) { $0 + $1.ownTicks + $1.waitedTicks }
        let pages = living.reduce(agent.residentPages) { $0 + $1.residentPages }
        return TreeFigures(
            cpuSeconds: Double(ticks) / Double(ProcessTable.ticksPerSecond),
            rssBytes: Int(pages) * sysconf(Int32(_SC_PAGESIZE)),
            children: living.count
        )
    }
}
