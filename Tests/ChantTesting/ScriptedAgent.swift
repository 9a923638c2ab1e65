import Glibc

/// A real agent program for end-to-end tests: a shell script made of small steps.
package struct ScriptedAgent: Sendable {
    /// One thing that an agent does; it works in its worktree.
    package indirect enum Step: Sendable {
        /// Prints a line.
        case say(String)
        /// Prints a line to its standard error.
        case complain(String)
        /// Adds a line to a file.
        case append(String, to: String)
        /// Replaces a file's text by one line.
        case write(String, to: String)
        /// Ticks all boxes in its copy of the spec.
        case tick
        /// Commits everything in the worktree.
        case commit(String)
        /// Prints so many bytes, in numbered lines.
        case pour(Int)
        /// Goes on when the project's `release(name)` was called.
        case wait(for: String)
        /// Leaves a process in a session of its own; its pid is in the project's file `grandchild.<spec>`.
        case grandchild
        /// Ignores SIGTERM from here on.
        case ignoreTerm
        /// Silent and idle for an hour.
        case hang
        /// Any line of shell.
        case shell(String)
        /// Steps for one spec only; its id ends with the text.
        case onSpec(String, [Step])
        /// Ends with a code.
        case exit(Int)
    }

    package var steps: [Step]

    package init(_ steps: [Step]) { self.steps = steps }

    /// Writes a file of its own for each spec, ticks the criteria and commits.
    package static let diligent = ScriptedAgent([
        .say("working on it"),
        .append("worked", to: "work-$CHANT_SPEC_ID.txt"),
        .tick,
        .commit("chant($CHANT_SPEC_ID): work"),
        .say("done"),
    ])

    /// Works only when the project's `release("go")` was called.
    package static let held = ScriptedAgent([.say("waiting"), .wait(for: "go")] + diligent.steps)

    /// The script's text.
    ///
    /// - Parameter folder: where the files for waiting and for pids lie.
    /// - Returns: a script for `/bin/sh`.
    package func script(folder: String) -> String {
        let head = ["#!/bin/sh", "set -e", "folder='\(folder)'"]
        return (head + steps.map(Self.line)).joined(separator: "\n") + "\n"
    }

    private static func line(_ step: Step) -> String {
        switch step {
        case .say(let text): "echo \"\(text)\""
        case .complain(let text): "echo \"\(text)\" >&2"
        case .append(let text, let file): "echo \"\(text)\" >> \"\(file)\""
        case .write(let text, let file): "echo \"\(text)\" > \"\(file)\""
        case .tick: "sed -i 's/- \\[ \\]/- [x]/' \"$CHANT_SPEC_FILE\""
        case .commit(let message): "git add -A\ngit commit -q -m \"\(message)\""
        case .pour(let bytes): "seq -f 'line %015.0f' 1 \((bytes + 20) / 21) | head -c \(bytes)"
        case .wait(let name): "until [ -e \"$folder/release.\(name)\" ]; do sleep 0.02; done"
        case .grandchild:
            "setsid sleep 3600 </dev/null >/dev/null 2>&1 &\necho $! > \"$folder/grandchild.$CHANT_SPEC_ID\""
        case .ignoreTerm: "trap '' TERM"
        case .hang: "sleep 3600"
        case .shell(let line): line
        case .onSpec(let suffix, let steps):
            "case \"$CHANT_SPEC_ID\" in\n*\(suffix))\n\(steps.map(Self.line).joined(separator: "\n"))\n;;\nesac"
        case .exit(let code): "exit \(code)"
        }
    }
}
