/// One setting of `serve`: its flag, its environment variable, its key in the server's file.
///
/// A flag wins over the environment, that over the file (docs/operations.md, "Starting").
enum ServerSetting: String, CaseIterable, Sendable {
    case project
    case listen
    case hosts
    case portFile = "port_file"
    case stateFolder = "state_dir"
    case worktreesFolder = "worktrees_dir"
    case workers
    case onStop = "on_stop"
    case logFormat = "log_format"
    case logLevel = "log_level"
    case configurationFile = "config"

    /// The long flag.
    var flag: String {
        // It is given once for each name.
        self == .hosts ? "--host" : "--" + rawValue.replacing("_", with: "-")
    }

    /// The environment variable.
    var variable: String {
        switch self {
        case .project: "CHANT_SERVER_PROJECTS"
        default: "CHANT_SERVER_" + rawValue.uppercased()
        }
    }

    /// The key in the file; the file does not name itself.
    var fileKey: String? {
        switch self {
        case .project: "projects"
        case .configurationFile: nil
        default: rawValue
        }
    }
}

/// A setting's text and where it was found, for errors that say what to mend.
struct SettingValue: Sendable, Equatable {
    enum Origin: Sendable, Equatable {
        case flag
        case variable
        case file(String)
    }

    var text: String
    var origin: Origin

    /// The place in words: `--workers`, `CHANT_SERVER_WORKERS`, `workers in /path/config.yaml`.
    func place(of setting: ServerSetting) -> String {
        switch origin {
        case .flag: setting.flag
        case .variable: setting.variable
        case .file(let path): "\(setting.fileKey ?? setting.rawValue) in \(path)"
        }
    }
}

/// Why the service does not start: a sentence and the exit code of the contract.
struct StartFailure: Error, Sendable, CustomStringConvertible {
    /// The exit codes of the contract.
    enum Code: Int32, Sendable {
        case usage = 64
        case projectUnusable = 66
        case addressTaken = 69
        case bug = 70
        case diskFull = 74
        case heldByOther = 75
        case configuration = 78
    }

    var code: Code
    var sentence: String

    init(_ code: Code, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }

    var description: String { sentence }
}
