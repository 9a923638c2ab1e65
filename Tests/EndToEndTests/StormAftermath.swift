import ChantTesting
import Foundation
import Testing

/// What must be true of service, specs and repository when a storm is over.
struct StormAftermath {
    let plan: StormPlan
    let project: DemoProject
    let reader: StormReader

    // MARK: What the service says

    func check(_ server: ServerUnderTest) async throws {
        let runs = try await runs(server)
        let endings = Dictionary(grouping: runs.map { Ending($0).description }) { $0 }.mapValues(\.count)
        print("order storm: \(reader.events.count) events, \(endings.sorted { $0.key < $1.key })")
        #expect((endings["completed "] ?? 0) * 4 >= plan.specs.count, "a storm in which nothing is done tries nothing")
        checkOutcomes(runs)
        checkEvents(runs)
        let orders = try await server.client.json("/work?limit=500")["items"].list
        #expect(orders.allSatisfy { $0["state"].text == "settled" && $0["ended"].text != nil })
        #expect(try await server.client.json("/processes")["items"].list.isEmpty)
        let specs = try await server.client.json("/specs?limit=500")["items"].list
        #expect(specs.allSatisfy { $0["status"].text != "in_progress" && $0["stale"].flag != true })
        for entry in plan.specs {
            let latest = runs.first { $0["spec_id"].text == entry.id }
            try await checkSpec(entry, latest, server)
        }
        let members = specs.filter { ($0["id"].text ?? "").hasPrefix("\(StormPlan.driver).") }
        let driver = specs.first { $0["id"].text == StormPlan.driver }
        let isDone = members.allSatisfy { $0["status"].text == "completed" }
        #expect((driver?["status"].text == "completed") == isDone, "R9: \(String(describing: driver))")
    }

    /// All runs, the newest first.
    private func runs(_ server: ServerUnderTest) async throws -> [JSON] {
        var runs: [JSON] = []
        var target: String? = "/runs?limit=500"
        while let next = target {
            let page = try await server.client.json(next)
            runs += page["items"].list
            target = page["next"].text.map { "/runs?limit=500&cursor=\($0)" }
        }
        return runs
    }

    private func checkOutcomes(_ runs: [JSON]) {
        let byID = Dictionary(runs.map { ($0["id"].text ?? "", $0) }) { first, _ in first }
        #expect(byID.count == runs.count)
        for run in runs {
            #expect(run["state"].text == "settled", "R18: \(run)")
            let ending = Ending(run)
            let outside = ["cancelled", "interrupted", "refused"].contains(ending.outcome ?? "")
            let conduct = plan.specs.first { $0.id == run["spec_id"].text }?.conduct
            let fits = conduct?.endings.contains(ending.description) ?? false
            let isLimited = conduct == .limited && ending == Ending("failed", "rate-limited")
            // Cut off in its fourth start: the one word that a killed service may add.
            let isTired = ending == Ending("failed", "interrupted-too-often")
            #expect(outside || fits || isLimited || isTired, "\(String(describing: conduct)): \(run)")
            if let next = run["next_run"].text { #expect(byID[next]?["retry_of"].text == run["id"].text) }
            if ending.outcome == "interrupted" { #expect(run["next_run"].text != nil, "R45: \(run)") }
        }
    }

    /// Every run is queued once and settled once, and of the chain never two are in flight (R15).
    private func checkEvents(_ runs: [JSON]) {
        var queued: [String: Int] = [:]
        var settled: [String: Int] = [:]
        var inFlight: [String: Set<String>] = [:]
        var chains: Set<String> = []
        for event in reader.events {
            let run = event["run_id"].text ?? ""
            let order = event["order_id"].text ?? ""
            switch event["type"].text ?? "" {
            case "order.created": if event["mode"].text == "chain" { chains.insert(order) }
            case "run.queued": queued[run, default: 0] += 1
            case "run.started":
                inFlight[order, default: []].insert(run)
                if chains.contains(order) { #expect(inFlight[order]?.count == 1, "R15: \(order)") }
            case "run.settled":
                settled[run, default: 0] += 1
                inFlight[order]?.remove(run)
            default: break
            }
        }
        let once = Dictionary(runs.map { ($0["id"].text ?? "", 1) }) { first, _ in first }
        #expect(queued == once)
        #expect(settled == once)
        #expect(chains.count == 1)
    }

    /// The spec's status is what its last run's outcome says (I10), and what is completed is on the target once (R7).
    private func checkSpec(_ entry: StormPlan.Entry, _ run: JSON?, _ server: ServerUnderTest) async throws {
        let spec = try await server.client.json("/specs/\(entry.id)")
        let status = spec["status"].text ?? ""
        #expect(try project.header("status", of: entry.id) == status, "\(entry.id)")
        let finishing = try await finishingCommits(of: entry.id)
        #expect(finishing.count == (status == "completed" ? 1 : 0), "R7: \(entry.id) is \(status): \(finishing)")
        let said: String =
            switch run?["outcome"].text {
            case "completed": "completed"
            case "failed": "failed"
            case "needs_attention": "needs_attention"
            default: "pending"
            }
        // A run that was refused, or a later one of another order, never touched the file (R42).
        if run?["outcome"].text != "refused" {
            #expect(status == said, "\(entry.id), \(entry.conduct): \(run ?? .null)")
        }
        guard let commit = finishing.first else { return }
        let own = try await project.git(
            "rev-list",
            "--reverse",
            "--topo-order",
            "--no-merges",
            "\(commit)^2",
            "--not",
            "\(commit)^1"
        )
        let written = spec["commits"].texts
        let full = own.split(separator: "\n").map(String.init)
        #expect(written.count == full.count && zip(written, full).allSatisfy { $1.hasPrefix($0) }, "R51: \(entry.id)")
        #expect(!full.isEmpty)
    }

    private func finishingCommits(of spec: String) async throws -> [String] {
        let found = try await project.git(
            "log",
            "--first-parent",
            "--format=%H",
            "--grep=^Chant-Spec: \(spec)$",
            "main"
        )
        return found.split(separator: "\n").map(String.init)
    }

    // MARK: What the repository holds

    /// Asked when the service has stopped.
    func checkRepository() async throws {
        let changed = try await project.git("diff", "--name-only", "HEAD").split(separator: "\n")
        #expect(changed.allSatisfy { $0.hasPrefix(".chant/specs/") }, "R40: only statuses that are not committed")
        #expect(try await project.git("for-each-ref", "refs/chant/finish") == "")
        let (exit, _, complaints) = try await project.run("git", ["fsck", "--connectivity-only"])
        #expect(exit == .code(0), "\(complaints)")
        try await checkReplay()
        try await checkCommits()
        try await checkWorktrees()
        let locks = try FileManager.default.contentsOfDirectory(atPath: "\(project.checkout)/.chant/.locks")
        #expect(locks.filter { $0 != "server.lock" } == [])
        #expect(try agentProcesses() == [], "no process is left")
    }

    /// Merging the finishing commits' second parents one after the other again gives the same trees.
    private func checkReplay() async throws {
        let merges = try await project.git("log", "--first-parent", "--merges", "--reverse", "--format=%H %P", "main")
        for line in merges.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            let tree = try await project.git("merge-tree", "--write-tree", words[1], words[2])
            let differing = try await project.git("diff", "--name-only", tree, words[0])
            // The finished spec files are the service's own part of it.
            #expect(differing.split(separator: "\n").allSatisfy { $0.hasPrefix(".chant/specs/") }, "\(differing)")
        }
        let all = try await project.git("rev-list", "--count", "--first-parent", "main")
        #expect(Int(all) == merges.split(separator: "\n").count + 1, "nothing else is on the target")
    }

    /// No commit of any agent is lost (R21).
    private func checkCommits() async throws {
        let reachable = Set(try await project.git("rev-list", "--all").split(separator: "\n").map(String.init))
        for entry in plan.specs {
            let path = "\(project.folder)/made.\(entry.id)"
            guard project.exists(path) else { continue }
            let made = try project.text(atPath: path).split(separator: "\n").map(String.init)
            let lost = made.filter { !reachable.contains($0) }
            #expect(lost == [], "\(entry.id), \(entry.conduct): lost of \(made)")
        }
    }

    /// Those that are left are of specs that did not complete.
    private func checkWorktrees() async throws {
        let kept = try await project.git("worktree", "list", "--porcelain").split(separator: "\n")
            .filter { $0.hasPrefix("branch refs/heads/chant/") }.map { String($0.dropFirst(24)) }
        #expect(Set(kept).count == kept.count)
        for spec in kept {
            let status = try project.header("status", of: spec) ?? ""
            #expect(["failed", "needs_attention", "pending"].contains(status), "\(spec) is \(status)")
        }
    }

    private func agentProcesses() throws -> [String] {
        let home = Array("HOME=\(project.folder)/home".utf8)
        return try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
            guard Int(name) != nil, let bytes = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(name)/environ"))
            else { return false }
            return bytes.split(separator: 0).contains { $0.elementsEqual(home) }
        }
    }
}
