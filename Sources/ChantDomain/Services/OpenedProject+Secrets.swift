import Foundation

extension OpenedProject {
    /// What is secret in a project, and what a person should know about it.
    ///
    /// What stands in an agent's command is in the table of processes, which every user of the machine can read.
    static func secrets(
        _ chantFolder: String,
        _ settings: DomainSettings,
        _ configuration: ProjectConfiguration
    ) -> (values: Set<String>, notices: [String]) {
        let folder = (chantFolder as NSString).deletingLastPathComponent
        let secrets = SecretValues(
            environment: settings.environment,
            keys: configuration.server,
            projectFolder: folder
        )
        let commands =
            (configuration.agents ?? []).map { ("agent \($0.name)", $0.command ?? []) }
            + [
                ("server.provider_command", configuration.server.providerCommand ?? []),
                ("server.worktree.setup", configuration.server.worktree.setup),
            ]
        let redactor = SecretRedactor(secrets.values)
        let seen = commands.filter { _, words in words.contains { redactor.masked($0) != $0 } }.map { name, _ in
            "The command of \(name) holds a secret, which everybody can see in the list of processes; hand it over in the "
                + "environment (server.agent_env)."
        }
        return (secrets.values, secrets.notices + seen)
    }
}
