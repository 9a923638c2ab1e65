/// What `CHANT_DEMO_*` variables make the demo agent do (R66); all are optional.
///
/// | variable | default | what it does |
/// | --- | --- | --- |
/// | `CHANT_DEMO_STEPS` | 3 | how many steps it takes, each with a line of output |
/// | `CHANT_DEMO_DELAY_MS` | 100 | how long each step takes |
/// | `CHANT_DEMO_OUTPUT_BYTES` | 0 | writes that many bytes of output besides |
/// | `CHANT_DEMO_HANG` | 0 | `1`: stops after its steps, silent and idle, until it is stopped |
/// | `CHANT_DEMO_IGNORE_TERM` | 0 | `1`: ignores SIGTERM, so that only SIGKILL ends it |
/// | `CHANT_DEMO_GRANDCHILD` | 0 | `1`: leaves a process in a session of its own, which sleeps for an hour |
/// | `CHANT_DEMO_CRITERIA` | 1 | `0`: leaves the boxes of the acceptance criteria open |
/// | `CHANT_DEMO_TOUCH` | – | a path in the worktree to which it adds a line, committed with the rest |
/// | `CHANT_DEMO_COMMIT` | 1 | `0`: commits nothing |
/// | `CHANT_DEMO_LEAVE_DIRTY` | 0 | `1`: changes a file again after the commit |
/// | `CHANT_DEMO_FAIL` | 0 | the exit code, after everything else |
struct DemoSettings: Sendable, Equatable {
    var steps = 3
    var delay: Duration = .milliseconds(100)
    var outputBytes = 0
    var hangs = false
    var ignoresTerm = false
    var leavesGrandchild = false
    var ticksCriteria = true
    var touch: String?
    var commits = true
    var leavesDirty = false
    var exitCode: Int32 = 0

    /// Reads the variables.
    ///
    /// - Throws: `Fault` for a value that is none, because a demo that silently does something else misleads.
    init(_ environment: [String: String]) throws(Fault) {
        let values = Values(environment: environment)
        steps = try values.number("STEPS", in: 0...100_000) ?? steps
        delay = try values.number("DELAY_MS", in: 0...86_400_000).map { .milliseconds($0) } ?? delay
        outputBytes = try values.number("OUTPUT_BYTES", in: 0...(1 << 40)) ?? outputBytes
        hangs = try values.flag("HANG") ?? hangs
        ignoresTerm = try values.flag("IGNORE_TERM") ?? ignoresTerm
        leavesGrandchild = try values.flag("GRANDCHILD") ?? leavesGrandchild
        ticksCriteria = try values.flag("CRITERIA") ?? ticksCriteria
        touch = values.text("TOUCH")
        commits = try values.flag("COMMIT") ?? commits
        leavesDirty = try values.flag("LEAVE_DIRTY") ?? leavesDirty
        exitCode = try values.number("FAIL", in: 0...255).map(Int32.init) ?? exitCode
    }

    /// A variable with a value that it cannot have.
    struct Fault: Error, Equatable {
        let detail: String
    }

    private struct Values {
        let environment: [String: String]

        func text(_ name: String) -> String? {
            environment["CHANT_DEMO_\(name)"].flatMap { $0.isEmpty ? nil : $0 }
        }

        func number(_ name: String, in range: ClosedRange<Int>) throws(Fault) -> Int? {
            guard let text = text(name) else { return nil }
            guard let number = Int(text), range.contains(number) else {
                let detail =
                    "CHANT_DEMO_\(name) is `\(text)`, not a number from \(range.lowerBound) to \(range.upperBound)"
                throw Fault(detail: detail)
            }
            return number
        }

        func flag(_ name: String) throws(Fault) -> Bool? {
            switch text(name) {
            case nil: return nil
            case "1", "true": return true
            case "0", "false": return false
            case .some(let text): throw Fault(detail: "CHANT_DEMO_\(name) is `\(text)`, neither 0 nor 1")
            }
        }
    }
}
