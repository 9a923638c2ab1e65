import CLinux
import Glibc

/// The program `chant-server supervise`: one agent's only parent, watch and executioner (architecture §1.2).
public struct AgentSupervisor {
    /// Runs one agent to its end.
    ///
    /// - Parameter arguments: the words after `supervise`.
    /// - Returns: the exit code: 0 with a record, 64 for words that mean nothing, 74 where the folder is of no use.
    public static func run(arguments: [String]) -> Int32 {
        SupervisorOrder(commandLine: arguments) == nil ? 64 : 0
    }
}
