import CLinux
import Glibc

extension AgentSupervisor {
    /// What `exit.json` says at the end.
    var record: String {
        Self.recordText(
            startedAt: startedAt,
            endedAt: endedAt,
            by: reason ?? .exit,
            ended: ended,
            leftovers: leftovers.count,
            startError: nil
        )
    }

    static func recordText(
        startedAt: Int64,
        endedAt: Int64,
        by reason: EndedBy,
        ended: clinux_ended?,
        leftovers: Int,
        startError: String?
    ) -> String {
        let usage = SupervisorUsage.ofReapedChildren
        return SupervisorJSON.object([
            ("version", "1"),
            ("code", ended.flatMap { $0.code < 0 ? nil : String($0.code) }),
            ("signal", ended.flatMap { $0.signal < 0 ? nil : String($0.signal) }),
            ("started_at", SupervisorJSON.string(SupervisorClock.text(startedAt))),
            ("ended_at", SupervisorJSON.string(SupervisorClock.text(endedAt))),
            ("by", SupervisorJSON.string(reason.rawValue)),
            (
                "usage",
                SupervisorJSON.object([
                    ("user_seconds", SupervisorUsage.seconds(usage.user)),
                    ("system_seconds", SupervisorUsage.seconds(usage.system)),
                    ("max_rss_bytes", String(usage.maxRSSBytes)),
                ])
            ),
            ("leftovers", String(leftovers)),
            ("start_error", startError.map(SupervisorJSON.string)),
        ])
    }
}

/// What processes have used, in microseconds and bytes.
struct SupervisorUsage {
    let user: Int64
    let system: Int64
    let maxRSSBytes: Int

    /// Of every child of this process that has ended, and of all that these had waited for.
    static var ofReapedChildren: SupervisorUsage {
        var usage = rusage()
        getrusage(RUSAGE_CHILDREN.rawValue, &usage)
        return SupervisorUsage(
            user: Int64(usage.ru_utime.tv_sec) * 1_000_000 + Int64(usage.ru_utime.tv_usec),
            system: Int64(usage.ru_stime.tv_sec) * 1_000_000 + Int64(usage.ru_stime.tv_usec),
            maxRSSBytes: usage.ru_maxrss * 1024
        )
    }

    /// Microseconds as decimal seconds.
    static func seconds(_ microseconds: Int64) -> String {
        let fraction = String(1_000_000 + microseconds % 1_000_000).dropFirst()
        return "\(microseconds / 1_000_000).\(fraction)"
    }
}
