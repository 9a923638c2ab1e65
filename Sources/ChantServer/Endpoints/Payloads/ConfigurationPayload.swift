import ChantDomain

/// The wire form of what is in force; values that may be secret are not in it.
enum ConfigurationPayload {
    /// The project, the service and the configuration with its defaults; `settings` is what the domain does not know of
    /// how the server was started.
    static func json(_ served: ServedConfiguration, _ settings: JSONObject, version: String) -> JSONValue {
        var service: JSONObject = [
            "workers": JSONValue(served.workers),
            "queue_limit": JSONValue(served.queueLimit),
            "state_dir": .string(served.stateFolder),
            "worktrees_dir": .string(served.worktreesFolder),
        ]
        service.merge(settings)
        return [
            "version": .string(version),
            "project": ["name": .string(served.project.name), "path": .string(served.project.path)],
            "target": .string(served.target),
            "service": .object(service),
            "defaults": defaults(served.values.defaults),
            "agents": .array(served.agents.map(agent)),
            "parallel": [
                "stagger_delay_ms": JSONValue(Int(served.values.stagger.delay / .milliseconds(1))),
                "stagger_jitter_ms": JSONValue(Int(served.values.stagger.jitter / .milliseconds(1))),
            ],
            "watch": ["failure": failure(served.values.retries)],
            "server": server(served.values.server),
            "approval": [
                "rejection_action": .string(served.values.approval.rejectionAction.rawValue),
                "require_approval_for_agent_work": .bool(served.values.approval.requiredForAgentWork),
            ],
            "validation": ["strict_output_validation": .bool(served.values.validation.strictOutput)],
            "lint": lint(served.values.lint),
        ]
    }

    private static func failure(_ keys: RetryKeys) -> JSONValue {
        [
            "max_retries": JSONValue(keys.maxRetries),
            "retry_delay_ms": JSONValue(Int(keys.delay / .milliseconds(1))),
            "backoff_multiplier": .double(keys.multiplier),
            "retryable_patterns": JSONValue(keys.patterns),
        ]
    }

    private static func lint(_ lint: ProjectConfiguration.Lint) -> JSONValue {
        [
            "thresholds": [
                "complexity_criteria": JSONValue(lint.complexity.criteria),
                "complexity_files": JSONValue(lint.complexity.files),
                "complexity_words": JSONValue(lint.complexity.words),
                "simple_criteria": JSONValue(lint.simple.criteria),
                "simple_files": JSONValue(lint.simple.files),
                "simple_words": JSONValue(lint.simple.words),
            ],
            "disable": JSONValue(lint.disabled.sorted()),
        ]
    }

    private static func defaults(_ defaults: ProjectConfiguration.Defaults) -> JSONValue {
        [
            "prompt": .string(defaults.prompt),
            "branch_prefix": .string(defaults.branchPrefix),
            "model": JSONValue(defaults.model),
            "split_model": JSONValue(defaults.splitModel),
            "main_branch": JSONValue(defaults.mainBranch),
            "provider": .string(defaults.provider),
            "rotation_strategy": .string(defaults.rotationStrategy.rawValue),
            "prompt_extensions": JSONValue(defaults.promptExtensions),
        ]
    }

    /// The program without its arguments, among which people put keys.
    private static func agent(_ agent: Agent) -> JSONValue {
        [
            "name": .string(agent.name),
            "provider": .string(agent.provider.word),
            "program": JSONValue(agent.command.first),
            "max_concurrent": JSONValue(agent.maxConcurrent),
            "weight": JSONValue(agent.weight),
        ]
    }

    private static func server(_ keys: ServerKeys) -> JSONValue {
        [
            "limits": limits(keys.limits),
            "criteria": .string(keys.criteria.rawValue),
            "merge": .string(keys.merge.rawValue),
            "uncommitted": .string(keys.uncommitted.rawValue),
            "keep_failed_seconds": seconds(keys.keepFailed),
            "commit_specs": .bool(keys.commitSpecs),
            "agent_may_write": JSONValue(keys.agentMayWrite),
            "agent_env": [
                "pass": JSONValue(keys.agentEnv.pass),
                // The names alone: a value may be a key.
                "set": JSONValue(keys.agentEnv.set.keys.sorted()),
            ],
            "identity": .string(keys.identity.description),
            "service_identity": .string(keys.serviceIdentity.description),
            "agent_signing": .string(keys.agentSigning.rawValue),
            "sign": JSONValue(keys.sign),
            "worktree": [
                "setup": JSONValue(keys.worktree.setup.first),
                "include": JSONValue(keys.worktree.include.map(\.text)),
                "keep": JSONValue(keys.worktree.keep),
            ],
            "retention": retention(keys.retention),
            "floors": floors(keys.floors),
            "redact": ["env": JSONValue(keys.redact.env), "values_from": JSONValue(keys.redact.valuesFrom)],
        ]
    }

    private static func limits(_ limits: ServerKeys.Limits) -> JSONValue {
        [
            "wall_seconds": seconds(limits.wall),
            "idle_seconds": seconds(limits.idle),
            "stop_grace_seconds": seconds(limits.stopGrace),
            "setup_seconds": seconds(limits.setup),
            "log_bytes": JSONValue(limits.logBytes),
            "cost_usd": JSONValue(limits.costUSD),
        ]
    }

    private static func retention(_ keys: ServerKeys.Retention) -> JSONValue {
        [
            "runs_age_seconds": seconds(keys.runsAge),
            "runs_bytes": JSONValue(keys.runsBytes),
            "runs_count": JSONValue(keys.runsCount),
            "events_age_seconds": seconds(keys.eventsAge),
            "events_count": JSONValue(keys.eventsCount),
            "refs_age_seconds": keys.refsAge.map(seconds) ?? .null,
            "refs_count": JSONValue(keys.refsCount),
            "every_seconds": seconds(keys.every),
        ]
    }

    private static func floors(_ keys: ServerKeys.Floors) -> JSONValue {
        [
            "disk_bytes": JSONValue(keys.disk),
            "disk_percent": JSONValue(keys.diskPercent),
            "memory_bytes": JSONValue(keys.memory),
            "state_bytes": JSONValue(keys.state),
            "ballast_bytes": JSONValue(keys.ballast),
            "every_seconds": seconds(keys.every),
        ]
    }

    private static func seconds(_ duration: Duration) -> JSONValue { .double(duration / .seconds(1)) }
}
