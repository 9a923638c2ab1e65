/// Which agent works a spec whose request named none (§7.10 of the reference); pure.
struct AgentRotation: Sendable {
    let strategy: RotationStrategy
    /// The agents that could be started.
    let agents: [Agent]

    /// The agent for one run, and the place in the round afterwards.
    ///
    /// - Parameters:
    ///   - last: the place of the round's last choice; 0 where nothing is known, so that the second entry comes first,
    ///     as in the original.
    ///   - other: an agent that is not taken where there is another: the one that has just been refused (R50).
    ///   - random: a number that the choice is made with, from the caller's generator.
    /// - Returns: `nil` where there is no agent, or the strategy is `none`.
    func next(after last: Int, besides other: String? = nil, random: UInt64) -> (agent: Agent, place: Int)? {
        let list = agents.flatMap { Array(repeating: $0, count: max($0.weight, 1)) }
        guard !list.isEmpty else { return nil }
        switch strategy {
        case .none: return nil
        case .random:
            let others = list.filter { $0.name != other }
            let choice = others.isEmpty ? list : others
            return (choice[Int(random % UInt64(choice.count))], last)
        case .roundRobin:
            for step in 1...list.count {
                let place = (max(0, last % list.count) + step) % list.count
                if list[place].name != other { return (list[place], place) }
            }
            return (list[0], 0)
        }
    }

    /// The agent with the most room among those that have any; the first of equals.
    ///
    /// - Parameter busy: how many runs each agent has, by its name.
    /// - Returns: `nil` where all are full.
    static func roomiest(_ agents: [Agent], busy: [String: Int]) -> Agent? {
        func room(_ agent: Agent) -> Int { agent.maxConcurrent - busy[agent.name, default: 0] }
        return agents.filter { room($0) > 0 }.reduce(nil) { best, agent in
            best.map { room($0) >= room(agent) } ?? false ? best : agent
        }
    }
}
