import Foundation
import Logging

/// A project that was found, checked and taken: what the rooms are built on.
struct OpenedProject: Sendable {
    let settings: DomainSettings
    let configuration: ProjectConfiguration
    /// The real path of `.chant`.
    let chantFolder: String
    let git: GitClient
    /// The branch that finished work goes to, fixed at start.
    let target: BranchName
    let journal: Journal
    let locks: ServiceLocks
    /// What a person should know although the service starts.
    let notices: [String]
    /// Masks what is secret on every way out (R34).
    let redactor: SecretRedactor

    /// Checks folder, configuration and repository, takes the locks and opens the journal, in this order.
    ///
    /// - Throws: `DomainStartError`; the locks are given up then.
    static func open(_ settings: DomainSettings) async throws(DomainStartError) -> OpenedProject {
        let chant = try ProjectFolder.chantFolder(
            of: settings.projectFolder,
            current: FileManager.default.currentDirectoryPath
        )
        let configuration = try configuration(chant, settings.environment)
        let secrets = secrets(chant, settings, configuration)
        let git = try await git(chant, settings)
        let target = try await target(git, configuration)
        try StateFolder.prepare(settings.stateFolder)
        let locks = try ServiceLocks(chantFolder: chant, stateFolder: settings.stateFolder)
        do throws(DomainStartError) {
            let journal = try journal(settings)
            let repair = journal.repair.map { [$0.sentence] } ?? []
            return OpenedProject(
                settings: settings,
                configuration: configuration,
                chantFolder: chant,
                git: git,
                target: target,
                journal: journal,
                locks: locks,
                notices: repair + (await notices(git, target, configuration)) + secrets.notices
                    + [LiveWatch.notice(chantFolder: chant)].compactMap(\.self),
                redactor: SecretRedactor(
                    secrets.values.union(SecretValues.passwords(inConfigurationOf: git.repository))
                )
            )
        } catch {
            locks.release()
            throw error
        }
    }

    /// The project's name: the caller's, else the configuration's, else the folder's.
    var identity: ProjectIdentity {
        let folder = (chantFolder as NSString).deletingLastPathComponent
        let configured = configuration.project.name.flatMap { $0.isEmpty ? nil : $0 }
        let name = settings.projectName ?? configured ?? (folder as NSString).lastPathComponent
        return ProjectIdentity(name: name, path: chantFolder)
    }
}
