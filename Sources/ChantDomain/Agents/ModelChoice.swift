/// Which model a run asks for, and which one its spec names afterwards (R65, §3.1 of the reference).
public enum ModelChoice {
    /// The model to ask the agent for: the request's, `CHANT_MODEL`, `ANTHROPIC_MODEL`, `defaults.model`; empty means unset.
    ///
    /// - Parameters:
    ///   - request: the request's `model`.
    ///   - environment: the service's environment.
    ///   - configured: `defaults.model`.
    ///   - provider: the agent's kind; only the Claude CLI has a default of its own.
    /// - Returns: `nil` where nobody asked for one.
    public static func asked(
        request: String?,
        environment: [String: String],
        configured: String?,
        provider: Provider
    ) -> String? {
        let choices = [request, environment["CHANT_MODEL"], environment["ANTHROPIC_MODEL"], configured]
        let asked = choices.compactMap { $0 }.first { !$0.isEmpty }
        return asked ?? (provider == .claude ? "haiku" : nil)
    }

    /// What stands as `model` in the finished spec: what the agent reported, else what was asked for, else the agent's name.
    static func recorded(reported: String?, asked: String?, agent: String) -> String {
        [reported, asked].compactMap { $0 }.first { !$0.isEmpty }.map(normalised) ?? agent
    }

    /// The family of a Claude model; other names stay.
    static func normalised(_ model: String) -> String {
        let lowered = model.lowercased()
        return ["opus", "sonnet", "haiku"].first(where: lowered.contains) ?? model
    }
}
