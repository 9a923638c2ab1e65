import ChantDomain
import Glibc

/// The program `chant-server`.
@main
struct ChantServerCommand {
    /// Not `async`: a supervisor stays the process with one thread that it starts as.
    static func main() {
        let words = CommandLine.arguments.dropFirst()
        if words.first == "supervise" { exit(AgentSupervisor.run(arguments: Array(words.dropFirst()))) }
    }
}
