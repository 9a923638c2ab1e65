import ChantTesting

@testable import ChantDomain

extension Situation {
    /// What arises between the acceptance of a run and its start in a worker.
    static let ofGates = [
        queued("file unreadable", .refused(.specUnreadable, nil)) { scene in
            try scene.edit("status: pending", "status: [pending")
        },
        queued("lint error", .refused(.lintFailed)) { scene in try scene.edit("# Do the work", "Do the work") },
        queued("file gone", .refused(.specGone, nil)) { scene in
            _ = try await scene.world.project.run("rm", scene.specs.map(scene.path))
        },
        queued("approval asked for", .refused(.needsApproval)) { scene in
            try scene.edit("type: code", "type: code\napproval: {required: true, status: pending}")
        },
        queued("rejected", .refused(.approvalRejected)) { scene in
            try scene.edit("type: code", "type: code\napproval: {required: true, status: rejected, by: ann}")
        },
        queued("a dependency that is missing", .refused(.notReady)) { scene in
            try scene.edit("type: code", "type: code\ndepends_on: [2026-01-05-077-zzz]")
        },
        queued("a cycle", .refused(.notReady)) { scene in
            for spec in scene.specs {
                let text = try scene.world.project.specText(spec)
                let edited = text.replacing("type: code", with: "type: code\ndepends_on: [\(spec)]")
                try scene.world.project.write(edited, to: scene.path(spec))
            }
        },
        queued("prompt asked for that is missing", .refused(.promptMissing)) { scene in
            try scene.edit("type: code", "type: code\nprompt: no-such-prompt")
        },
        queued("locked by another program", .refused(.lockedByOther)) { scene in
            for spec in scene.specs { try scene.world.project.write("1\n", to: ".chant/.locks/\(spec).lock") }
        },
        queued("a live watch", .refused(.chantWatchRunning)) { scene in
            let project = scene.world.project
            // It ends with its project.
            let child = try ChildProgram(
                "sh",
                ["-c", "while [ -d '\(project.checkout)' ]; do sleep 0.05; done", "chant", "watch"],
                environment: project.environment,
                folder: project.folder,
                output: "/dev/null",
                error: "/dev/null"
            )
            try project.write("\(child.pid)\n", to: ".chant/watch.pid")
            try await eventually("the watch is seen") {
                LiveWatch.pid(chantFolder: scene.domain.project.path) == child.pid
            }
        },
        queued("agent's program gone", .refused(.agentMissing)) { scene in
            _ = try await scene.world.project.run("mv", ["../agent.sh", "../elsewhere.sh"])
        },
        queued("target gone", .refused(.targetMissing)) { scene in
            try await scene.world.project.git("branch", "-q", "-m", "main", "trunk")
        },
        queued("completed meanwhile", .refused(.notStartable, .completed)) { scene in
            try scene.edit("status: pending", "status: completed")
        },
        queued("a dependency that was archived", .completed) { scene in
            let old = "2026-01-04-001-old"
            _ = try await scene.world.project.run("mkdir", ["-p", ".chant/archive/2026-01-04"])
            try scene.world.project.write(
                "---\nstatus: pending\n---\n# Old\n",
                to: ".chant/archive/2026-01-04/\(old).md"
            )
            try scene.edit("type: code", "type: code\ndepends_on: [\(old)]")
        },
        queued("a dependency that was cancelled", .completed) { scene in
            try scene.world.project.add(DemoSpec("2026-01-04-002-old", status: "cancelled"))
            try scene.edit("type: code", "type: code\ndepends_on: [2026-01-04-002-old]")
        },
    ]
}
