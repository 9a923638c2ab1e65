import Foundation
import Glibc
import Logging

extension OpenedProject {
    /// What `.chant/config.md` and its neighbours say.
    static func configuration(
        _ chantFolder: String,
        _ environment: [String: String]
    ) throws(DomainStartError) -> ProjectConfiguration {
        do {
            return try ProjectConfiguration.load(chantFolder: chantFolder, environment: environment)
        } catch {
            throw DomainStartError(.configuration, "\(error)")
        }
    }

    /// The repository that the project lies in, refused where it cannot be served.
    static func git(
        _ chantFolder: String,
        _ settings: DomainSettings
    ) async throws(DomainStartError) -> GitClient {
        let runner = settings.runner
        let command = GitCommand(
            inheriting: settings.environment,
            ownProgram: settings.ownProgram,
            overrides: [ServiceMark.variable: ServiceMark.value(stateFolder: settings.stateFolder)]
        )
        do {
            let folder = (chantFolder as NSString).deletingLastPathComponent
            let repository = try await Repository.discover(projectFolder: folder, git: command, runner: runner)
            return GitClient(repository: repository, git: command, runner: runner)
        } catch {
            throw DomainStartError(.projectUnusable, error.sentence)
        }
    }

    /// The branch that finished work goes to, fixed at start.
    static func target(
        _ git: GitClient,
        _ configuration: ProjectConfiguration
    ) async throws(DomainStartError) -> BranchName {
        do {
            if let target = try await git.defaultTarget(configured: configuration.defaults.mainBranch) { return target }
        } catch {
            throw DomainStartError(.configuration, "defaults.main_branch: \(error.sentence)")
        }
        throw DomainStartError(
            .projectUnusable,
            "The repository has neither main nor master and its HEAD is on no branch; set defaults.main_branch in .chant/config.md."
        )
    }

    /// The journal of the state folder.
    static func journal(_ settings: DomainSettings) throws(DomainStartError) -> Journal {
        do {
            return try Journal.open(stateFolder: settings.stateFolder, clock: Surroundings.clock)
        } catch {
            throw DomainStartError(error)
        }
    }

    /// What a person should know although the service starts.
    static func notices(
        _ git: GitClient,
        _ target: BranchName,
        _ configuration: ProjectConfiguration
    ) async -> [String] {
        var notices = configuration.warnings
        if let head = try? await git.headBranch(), head != target {
            notices.append(
                "The checkout is on \(head) and finished work goes to \(target): git may refuse to switch branches over spec "
                    + "files that the service wrote. A clone of its own for the service avoids that."
            )
        }
        if access(git.repository.commonDir, W_OK) != 0 {
            let reason = String(cString: strerror(errno))
            notices.append(
                "\(git.repository.commonDir) cannot be written (\(reason)): every run will fail until it can."
            )
        }
        notices += git.repository.damagedRecords.map(Repository.sentence(ofDamaged:))
        if (try? await git.isEmpty()) == true {
            notices.append("The repository has no commit yet: no run can start before the first.")
        }
        if FileManager.default.fileExists(atPath: git.repository.checkout + "/.gitmodules") {
            notices.append("The repository has submodules; they are not fetched into a run's worktree.")
        }
        if let attributes = try? String(contentsOfFile: git.repository.checkout + "/.gitattributes", encoding: .utf8),
            attributes.contains("filter=lfs")
        {
            notices.append("The repository uses Git LFS; its contents are not fetched into a run's worktree.")
        }
        return notices
    }
}
