import Foundation
import Logging

extension SpecLifecycle {
    /// The same, with what came of it in the service's log: a driver that is not completed is no reason to fail its member.
    ///
    /// - Parameters:
    ///   - member: the spec that is completed, cancelled, or gone.
    ///   - moment: what the drivers' `completed_at` will say.
    ///   - logger: hears which drivers were completed, and of those whose members were all cancelled.
    /// - Returns: the drivers that were completed, the innermost first.
    @discardableResult
    func completeDrivers(after member: SpecID, at moment: Date, _ logger: Logger) async -> [SpecGroup.Completion] {
        do {
            let completed = try await completeDrivers(after: member, at: moment)
            for completion in completed {
                let facts: Logger.Metadata = ["driver": "\(completion.driver)", "member": "\(member)"]
                if completion.allCancelled {
                    logger.warning("driver completed although all of its members were cancelled", metadata: facts)
                } else {
                    logger.info("driver completed", metadata: facts)
                }
            }
            return completed
        } catch {
            logger.error("driver not completed", metadata: ["member": "\(member)", "error": "\(error)"])
            return []
        }
    }
}

extension ExecutionRooms {
    /// Completes the drivers of a member that has just ended (R9), on whatever path that did not make a finishing commit.
    @discardableResult
    func completeDrivers(after member: SpecID) async -> [SpecGroup.Completion] {
        await lifecycle.completeDrivers(after: member, at: now(), logger)
    }
}

extension RunWarning {
    /// What a run, or the answer to a request, says of drivers whose members were all cancelled (R9).
    static func allMembersCancelled(_ completions: [SpecGroup.Completion]) -> RunWarning? {
        let drivers = completions.filter(\.allCancelled).map(\.driver.text)
        guard !drivers.isEmpty else { return nil }
        return RunWarning(
            .allMembersCancelled,
            "All members of \(drivers.joined(separator: ", ")) were cancelled, so it is completed without any work."
        )
    }
}
