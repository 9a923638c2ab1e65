import ChantDomain
import Foundation
import Logging

/// What `serve` was asked to do: flags, environment and file, merged and validated once.
struct ServerConfiguration: Sendable {
    /// The project's folder as given; `nil`: the nearest folder upwards that has `.chant`.
    var projectFolder: String?
    /// The project's name, where the caller gave one.
    var projectName: String?
    var address: ListenAddress
    /// The socket that replaces it, where one was passed.
    var passed: PassedSocket?
    /// Names by which the service may be called besides loopback ones; in lower case.
    var hosts: Set<String>
    var portFile: String?
    var stateFolder: String
    var worktreesFolder: String
    var workers: Int
    /// What becomes of running agents when the service stops (R30).
    var onStop: StopMode
    var logFormat: LogFormat
    var logLevel: Logger.Level

    /// 24268 spells CHANT on a phone.
    static let defaultPort: UInt16 = 24268
    static let workerLimits = 1...256

    /// Merges and validates.
    ///
    /// - Parameters:
    ///   - flags: the texts of the flags that were given.
    ///   - environment: the process's environment.
    ///   - isTerminal: whether stderr is one, which decides the default log format.
    /// - Throws: `StartFailure` with 64 for flags, 78 for variables and the file.
    init(flags: [ServerSetting: String], environment: [String: String], isTerminal: Bool) throws(StartFailure) {
        let values = try SettingLayers(flags: flags, environment: environment).values
        let reader = SettingReader(values: values, home: Self.home(environment))
        (projectName, projectFolder) = try reader.project()
        address = try reader.address(default: ListenAddress(host: "127.0.0.1", port: Self.defaultPort))
        hosts = try reader.hosts()
        portFile = try reader.path(.portFile)
        stateFolder = try reader.path(.stateFolder) ?? Self.defaultStateFolder(environment)
        worktreesFolder = try reader.path(.worktreesFolder) ?? stateFolder + "/worktrees"
        workers = try reader.number(.workers, in: Self.workerLimits) ?? 4
        onStop = try reader.word(.onStop, StopMode.self) ?? .detach
        logFormat = try reader.word(.logFormat, LogFormat.self) ?? (isTerminal ? .text : .json)
        logLevel = try reader.word(.logLevel, Logger.Level.self) ?? .info
        passed = try PassedSocket.take(environment)
        if let passed { address = passed.address }
    }

    /// `$STATE_DIRECTORY` of systemd, else the user's state folder.
    static func defaultStateFolder(_ environment: [String: String]) -> String {
        if let folder = environment["STATE_DIRECTORY"]?.split(separator: ":").first, !folder.isEmpty {
            return String(folder)
        }
        if let folder = environment["XDG_STATE_HOME"], folder.hasPrefix("/") { return folder + "/chant-server" }
        return home(environment) + "/.local/state/chant-server"
    }

    /// The user's home: `$HOME`, else what the system knows.
    static func home(_ environment: [String: String]) -> String {
        guard let home = environment["HOME"], home.hasPrefix("/") else { return NSHomeDirectory() }
        return home
    }
}

/// Turns a setting's text into a value, or says where the text stands and what is wrong with it.
struct SettingReader {
    let values: [ServerSetting: SettingValue]
    /// What `~` stands for.
    let home: String
    /// Where relative paths begin.
    var folder = FileManager.default.currentDirectoryPath

    func fail(_ setting: ServerSetting, _ sentence: String) -> StartFailure {
        guard let value = values[setting] else { return StartFailure(.configuration, sentence) }
        return StartFailure(value.origin == .flag ? .usage : .configuration, "\(value.place(of: setting)): \(sentence)")
    }

    func project() throws(StartFailure) -> (name: String?, folder: String?) {
        guard let text = values[.project]?.text else { return (nil, nil) }
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let (name, folder) = parts.count == 2 && !parts[0].contains("/") ? (parts[0], parts[1]) : (nil, text)
        guard !folder.isEmpty, name != "" else { throw fail(.project, "give it as DIR or NAME=DIR") }
        return (name, absolute(folder))
    }

    func address(default standard: ListenAddress) throws(StartFailure) -> ListenAddress {
        guard let text = values[.listen]?.text else { return standard }
        guard !text.hasPrefix("unix:") else {
            throw fail(.listen, "Unix sockets come in a later version; give HOST:PORT")
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw fail(.listen, "“\(text)” is not HOST:PORT with a port from 0 to 65535")
        }
        let host = text[..<colon]
        if host == "localhost" { return .init(host: "127.0.0.1", port: port) }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        let bare = String(isBracketed ? host.dropFirst().dropLast() : host)
        // Names are not looked up: what they mean can change while the service runs.
        guard IPAddress.isLoopback(bare), isBracketed == IPAddress.isIPv6(bare) else {
            throw StartFailure(
                .configuration,
                "\(values[.listen]?.place(of: .listen) ?? "listen"): “\(host)” is not a loopback address; "
                    + "until there are tokens the service listens on 127.0.0.1, localhost or [::1] only"
            )
        }
        return .init(host: bare, port: port)
    }

    /// The names of `--host`, which `Host` may be besides loopback ones.
    func hosts() throws(StartFailure) -> Set<String> {
        guard let text = values[.hosts]?.text else { return [] }
        var hosts: Set<String> = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false) {
            let name = name.trimmingCharacters(in: .whitespaces)
            guard let authority = Authority(name), authority.port == nil, !name.hasSuffix(":") else {
                throw fail(.hosts, "“\(name)” is no host name; give it without scheme and port, as build.example.org")
            }
            hosts.insert(authority.host)
        }
        return hosts
    }

    func path(_ setting: ServerSetting) throws(StartFailure) -> String? {
        guard let text = values[setting]?.text else { return nil }
        guard !text.isEmpty else { throw fail(setting, "the path is empty") }
        return absolute(text)
    }

    func number(_ setting: ServerSetting, in range: ClosedRange<Int>) throws(StartFailure) -> Int? {
        guard let text = values[setting]?.text else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw fail(setting, "“\(text)” is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func word<Word: RawRepresentable & CaseIterable>(
        _ setting: ServerSetting,
        _: Word.Type
    ) throws(StartFailure) -> Word? where Word.RawValue == String {
        guard let text = values[setting]?.text else { return nil }
        guard let word = Word(rawValue: text) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw fail(setting, "“\(text)” is none of \(known)")
        }
        return word
    }

    /// The path made absolute from the folder in which the program was started, `~` expanded, without doubled or
    /// closing slashes and `.`; `..` stays, since what it means depends on links.
    private func absolute(_ path: String) -> String {
        let isInHome = path == "~" || path.hasPrefix("~/")
        let expanded = isInHome ? home + path.dropFirst() : path
        let whole = expanded.hasPrefix("/") ? expanded : folder + "/" + expanded
        return "/" + whole.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }
}
