import ChantDomain
import Foundation
import Yams

/// Lays flags over environment over file, and refuses what it does not know by its nearest name.
struct SettingLayers {
    /// Each setting's winning text.
    let values: [ServerSetting: SettingValue]

    /// - Throws: `StartFailure` for an unknown variable or key, or a file that cannot be read.
    init(flags: [ServerSetting: String], environment: [String: String]) throws(StartFailure) {
        var values = try Self.environmentValues(environment)
        for (setting, text) in flags { values[setting] = SettingValue(text: text, origin: .flag) }
        for (setting, value) in try Self.fileValues(values[.configurationFile], environment)
        where values[setting] == nil {
            values[setting] = value
        }
        self.values = values
    }

    private static func environmentValues(
        _ environment: [String: String]
    ) throws(StartFailure) -> [ServerSetting: SettingValue] {
        let known = Dictionary(uniqueKeysWithValues: ServerSetting.allCases.map { ($0.variable, $0) })
        var values: [ServerSetting: SettingValue] = [:]
        for (name, text) in environment where name.hasPrefix("CHANT_SERVER_") {
            guard let setting = known[name] else {
                throw StartFailure(.configuration, "the variable \(name) is not known" + hint(name, Array(known.keys)))
            }
            if setting == .project, text.contains(":") {
                throw StartFailure(.configuration, "\(name): this version serves one project; several come later")
            }
            values[setting] = SettingValue(text: text, origin: .variable)
        }
        return values
    }

    private static func fileValues(
        _ named: SettingValue?,
        _ environment: [String: String]
    ) throws(StartFailure) -> [ServerSetting: SettingValue] {
        let reader = SettingReader(
            values: named.map { [.configurationFile: $0] } ?? [:],
            home: ServerConfiguration.home(environment)
        )
        let path = try reader.path(.configurationFile) ?? defaultFile(environment)
        guard named != nil || FileManager.default.fileExists(atPath: path) else { return [:] }
        let node: Node?
        do {
            node = try Yams.compose(yaml: String(contentsOfFile: path, encoding: .utf8))
        } catch {
            throw StartFailure(.configuration, "the configuration file \(path) cannot be read: \(error)")
        }
        guard let node, node != Node("") else { return [:] }
        guard let mapping = node.mapping else {
            throw StartFailure(.configuration, "the configuration file \(path) is not a YAML mapping")
        }
        return try values(in: mapping, of: path)
    }

    private static func values(
        in mapping: Node.Mapping,
        of path: String
    ) throws(StartFailure) -> [ServerSetting: SettingValue] {
        let pairs = ServerSetting.allCases.compactMap { setting in setting.fileKey.map { ($0, setting) } }
        let known = Dictionary(uniqueKeysWithValues: pairs)
        var values: [ServerSetting: SettingValue] = [:]
        for (key, value) in mapping {
            let name = key.scalar?.string ?? "?"
            guard let setting = known[name] else {
                throw StartFailure(
                    .configuration,
                    "\(path): the key \(name) is not known" + hint(name, Array(known.keys))
                )
            }
            guard let text = text(of: setting, value) else {
                throw StartFailure(.configuration, "\(path): \(name) has to be \(form(of: setting))")
            }
            values[setting] = SettingValue(text: text, origin: .file(path))
        }
        return values
    }

    private static func text(of setting: ServerSetting, _ node: Node) -> String? {
        switch setting {
        case .project: return projectText(node)
        case .hosts:
            let names = node.sequence?.map { $0.scalar?.string ?? "" } ?? []
            // A comma is what parts them in the variable: none may hide one.
            return names.isEmpty || names.contains { $0.isEmpty || $0.contains(",") }
                ? nil : names.joined(separator: ",")
        default: return node.scalar?.string
        }
    }

    private static func form(of setting: ServerSetting) -> String {
        switch setting {
        case .project: "a list with one {name, path}"
        case .hosts: "a list of names"
        default: "one plain value"
        }
    }

    /// `projects: [{name, path}]` as the flag would have it; `nil` when it is something else or names several.
    private static func projectText(_ node: Node) -> String? {
        guard let entries = node.sequence, entries.count == 1, let entry = entries.first?.mapping,
            entry.keys.allSatisfy({ ["name", "path"].contains($0.scalar?.string) }),
            let path = entry["path"]?.scalar?.string
        else { return nil }
        return entry["name"]?.scalar.map { "\($0.string)=\(path)" } ?? path
    }

    private static func defaultFile(_ environment: [String: String]) -> String {
        let folder = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (folder ?? ServerConfiguration.home(environment) + "/.config") + "/chant-server/config.yaml"
    }

    private static func hint(_ name: String, _ known: [String]) -> String {
        NearestName.to(name, among: known).map { "; did you mean \($0)?" }
            ?? "; known are \(known.sorted().joined(separator: ", "))"
    }
}
