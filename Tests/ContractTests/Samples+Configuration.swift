@testable import ChantDomain
@testable import ChantServer

extension Samples {
    /// A configuration that says everything, secrets among it.
    static var configuration: ServedConfiguration {
        var values = ProjectConfiguration()
        values.defaults.model = "opus"
        values.defaults.splitModel = "haiku"
        values.defaults.mainBranch = "main"
        values.defaults.promptExtensions = ["careful"]
        values.server.limits.costUSD = 2.5
        values.server.agentEnv.pass = ["MY_*"]
        values.server.agentEnv.set = ["MY_KEY": "hush"]
        values.server.retention.refsAge = .seconds(60)
        values.server.sign = "ABCD"
        values.server.worktree.setup = ["npm", "--token", "hush"]
        values.server.worktree.include = [IncludePattern(".env")].compactMap { $0 }
        values.server.worktree.keep = ["node_modules"]
        values.server.redact.valuesFrom = [".env"]
        let agent = Agent(
            name: "mine",
            provider: .command,
            command: ["./agent.sh", "--key", "hush"],
            maxConcurrent: 3,
            weight: 2
        )
        return ServedConfiguration(
            project: ProjectIdentity(name: "demo", path: "/p/.chant"),
            target: "main",
            values: values,
            agents: [agent],
            workers: 4,
            queueLimit: 1000,
            stateFolder: "/state",
            worktreesFolder: "/state/worktrees"
        )
    }

    static var settings: JSONObject {
        [
            "listen": "127.0.0.1:24268", "hosts": ["build.example.org"], "port_file": "/run/port", "log_format": "json",
            "on_stop": "drain",
            "log_level": "info",
        ]
    }
}
