import Foundation
import Glibc

/// One thing that `chant-server check` has to say.
public struct CheckFinding: Sendable, Equatable {
    /// How bad it is.
    public enum Severity: String, Sendable {
        case ok
        case warning
        case error
    }

    /// How bad it is.
    public let severity: Severity
    /// What is there, or what is wrong and what to do.
    public let sentence: String
}

/// Looks at a machine and a project in the style of a doctor, for what would keep a run from working.
public struct ProjectCheck: Sendable {
    let settings: DomainSettings
    private var findings: [CheckFinding] = []
    private var redactor: SecretRedactor

    /// Looks at everything and changes nothing; with `journal`, the journal is read through as well (R73).
    public static func findings(_ settings: DomainSettings, journal: Bool = false) async -> [CheckFinding] {
        var check = ProjectCheck(settings: settings)
        await check.look()
        if journal { check.checkJournal() }
        let redactor = check.redactor
        return check.findings.map { CheckFinding(severity: $0.severity, sentence: redactor.masked($0.sentence)) }
    }

    private init(settings: DomainSettings) {
        self.settings = settings
        redactor = SecretRedactor(SecretValues(environment: settings.environment).values)
    }

    private mutating func look() async {
        checkHome()
        checkState()
        let chant: String
        let configuration: ProjectConfiguration
        let git: GitClient
        do throws(DomainStartError) {
            chant = try ProjectFolder.chantFolder(
                of: settings.projectFolder,
                current: FileManager.default.currentDirectoryPath
            )
            ok("The project is \(chant).")
            configuration = try OpenedProject.configuration(chant, settings.environment)
            let secrets = OpenedProject.secrets(chant, settings, configuration)
            redactor = SecretRedactor(secrets.values)
            for notice in secrets.notices { add(.warning, notice) }
            git = try await OpenedProject.git(chant, settings)
            redactor.learn(SecretValues.passwords(inConfigurationOf: git.repository))
            let target = try await OpenedProject.target(git, configuration)
            ok("Finished work goes to \(target).")
            for notice in await OpenedProject.notices(git, target, configuration) { add(.warning, notice) }
            if try await exists(target, git) == false { add(.error, "The target branch \(target) does not exist.") }
        } catch {
            add(.error, error.sentence)
            return
        }
        await checkGit(git)
        await checkSigning(git, configuration)
        checkAgents(chant, configuration)
        checkPrompt(chant, configuration)
        await checkWorktrees(chant, git, configuration)
        await checkSpecs(chant)
    }

    private func exists(_ target: BranchName, _ git: GitClient) async throws(DomainStartError) -> Bool {
        do throws(GitError) {
            let isEmpty = try await git.isEmpty()
            return try await git.tip(of: target) != nil || isEmpty
        } catch {
            throw DomainStartError(.projectUnusable, error.sentence)
        }
    }

    private mutating func checkHome() {
        guard let home = settings.environment["HOME"], home.hasPrefix("/") else {
            add(.warning, "HOME is not set: agents and git look there for their settings and credentials.")
            return
        }
        if !FileManager.default.isWritableFile(atPath: home) {
            add(.warning, "HOME is \(home), which cannot be written: many agents keep their state there.")
        }
    }

    private mutating func checkState() {
        for folder in [settings.stateFolder] where FileManager.default.fileExists(atPath: folder) {
            if let fault = StateFolder.fault(of: folder) {
                add(.error, fault)
            } else {
                ok("The state folder is \(folder).")
            }
        }
    }

    private mutating func checkJournal() {
        do throws(JournalError) {
            guard let found = try Journal.check(stateFolder: settings.stateFolder) else {
                return add(.warning, "There is no journal in \(settings.stateFolder) yet.")
            }
            ok(
                "The journal can be read: version \(found.version), \(found.runs) runs, \(found.orders) orders, "
                    + "\(found.events) events."
            )
        } catch {
            add(.error, "\(error)")
        }
    }

    private mutating func checkGit(_ git: GitClient) async {
        do throws(GitError) {
            ok("git is \(try await git.version()).")
            if try await git.userIdentity(in: git.repository.checkout) == false {
                add(
                    .warning,
                    "git has no identity for this user: agents commit as server.identity. Set user.name and user.email to change that."
                )
            }
        } catch {
            add(.error, error.sentence)
        }
    }

    private mutating func checkAgents(_ chant: String, _ configuration: ProjectConfiguration) {
        let catalog = AgentCatalog(
            configuration,
            projectFolder: (chant as NSString).deletingLastPathComponent,
            ownProgram: settings.ownProgram,
            searchPath: settings.environment["PATH"] ?? "",
            isRoot: geteuid() == 0,
            isSandbox: settings.environment["IS_SANDBOX"] == "1"
        )
        for agent in catalog.agents {
            if let fault = catalog.fault(of: agent) {
                add(.error, "\(fault)")
            } else {
                ok("Agent \(agent.name) is there (provider \(agent.provider), at most \(agent.maxConcurrent) at once).")
            }
        }
    }

    private mutating func checkPrompt(_ chant: String, _ configuration: ProjectConfiguration) {
        let prompts = PromptLibrary(
            chantFolder: chant,
            extensions: configuration.defaults.promptExtensions
        )
        let name = prompts.name(
            request: nil,
            spec: nil,
            isDocumentation: false,
            configured: configuration.defaults.prompt
        )
        if let fault = prompts.fault(ofPromptNamed: name) { add(.error, "\(fault)") }
    }

    private mutating func checkSpecs(_ chant: String) async {
        do throws(SpecError) {
            let index = try await SpecStore(chantFolder: chant, intents: VolatileWriteIntents()).index()
            ok("\(index.active.count) specs can be read.")
            for spec in index.unreadable {
                add(
                    .warning,
                    "\(spec.path) cannot be read as a spec: \(spec.detail)" + (spec.line.map { " (line \($0))" } ?? "")
                )
            }
        } catch {
            add(.error, "The specs cannot be read: \(error).")
        }
    }

    mutating func ok(_ sentence: String) { add(.ok, sentence) }

    mutating func add(_ severity: CheckFinding.Severity, _ sentence: String) {
        findings.append(CheckFinding(severity: severity, sentence: sentence))
    }
}
