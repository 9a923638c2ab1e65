extension ExecutionRooms {
    /// Whether the project wants a person's word on this work: an AI has its name on it.
    func asksApproval(of commits: [ObjectID], in run: Run) async throws(StageFailure) -> Bool {
        guard configuration.approval.requiredForAgentWork, !run.options.skip.contains(.approval) else { return false }
        do throws(GitError) {
            return try await git.messages(of: commits).contains(where: AgentAuthorship.isClaimed)
        } catch {
            throw .unexpected(error, while: "reading who has written the run's commits")
        }
    }
}
