import Foundation
import Logging
import Testing

@testable import ChantServer

@Suite("The service's settings")
struct ServerConfigurationTests {
    private let folder: TestFolder
    /// No file of the machine's user is read.
    private var environment: [String: String] { ["HOME": folder.path] }

    init() throws { folder = try TestFolder() }

    private func read(
        _ flags: [ServerSetting: String] = [:],
        _ variables: [String: String] = [:],
        isTerminal: Bool = false
    ) throws(StartFailure) -> ServerConfiguration {
        try ServerConfiguration(
            flags: flags,
            environment: environment.merging(variables) { _, new in new },
            isTerminal: isTerminal
        )
    }

    private func failure(
        _ flags: [ServerSetting: String] = [:],
        _ variables: [String: String] = [:]
    ) -> StartFailure? {
        do throws(StartFailure) {
            _ = try read(flags, variables)
            return nil
        } catch {
            return error
        }
    }

    @Test("Without any setting the defaults of the contract hold")
    func defaults() throws {
        let configuration = try read()
        #expect(configuration.projectFolder == nil && configuration.projectName == nil)
        #expect(configuration.address == ListenAddress(host: "127.0.0.1", port: 24268))
        #expect(configuration.portFile == nil)
        #expect(configuration.stateFolder == "\(folder.path)/.local/state/chant-server")
        #expect(configuration.worktreesFolder == "\(folder.path)/.local/state/chant-server/worktrees")
        #expect(configuration.workers == 4)
        #expect(configuration.logFormat == .json && configuration.logLevel == .info)
        #expect(try read(isTerminal: true).logFormat == .text)
    }

    @Test("A flag wins over the environment, that over the file")
    func layers() throws {
        let file = try folder.write("workers: 2\nlisten: 127.0.0.1:2\nlog_level: debug\n", to: "server.yaml")
        let variables = ["CHANT_SERVER_WORKERS": "3", "CHANT_SERVER_LISTEN": "127.0.0.1:3"]
        let configuration = try read([.configurationFile: file, .workers: "5"], variables)
        #expect(configuration.workers == 5)
        #expect(configuration.address.port == 3)
        #expect(configuration.logLevel == .debug)
    }

    @Test("The file is found by flag, by variable, in XDG_CONFIG_HOME and in the home")
    func places() throws {
        let named = try folder.write("workers: 11\n", to: "named.yaml")
        _ = try folder.write("workers: 12\n", to: "xdg/chant-server/config.yaml")
        _ = try folder.write("workers: 13\n", to: ".config/chant-server/config.yaml")
        let xdg = ["XDG_CONFIG_HOME": "\(folder.path)/xdg"]
        #expect(try read([.configurationFile: named], xdg).workers == 11)
        #expect(try read([:], xdg.merging(["CHANT_SERVER_CONFIG": "~/named.yaml"]) { $1 }).workers == 11)
        #expect(try read([:], xdg).workers == 12)
        #expect(try read([:], ["XDG_CONFIG_HOME": "not/absolute"]).workers == 13)
    }

    @Test("An empty file is no setting", arguments: ["", "# only a comment\n", "---\n"])
    func emptyFile(text: String) throws {
        let file = try folder.write(text, to: "server.yaml")
        #expect(try read([.configurationFile: file]).workers == 4)
    }

    @Test("The state folder: flag, STATE_DIRECTORY of systemd, XDG_STATE_HOME, home")
    func stateFolder() throws {
        let all = ["STATE_DIRECTORY": "/var/lib/a:/var/lib/b", "XDG_STATE_HOME": "/xdg"]
        #expect(try read([.stateFolder: "/flag"], all).stateFolder == "/flag")
        #expect(try read([:], all).stateFolder == "/var/lib/a")
        #expect(try read([:], ["XDG_STATE_HOME": "/xdg"]).stateFolder == "/xdg/chant-server")
        #expect(try read([:], ["XDG_STATE_HOME": "xdg"]).stateFolder.hasPrefix(folder.path))
        #expect(try read([.stateFolder: "/flag"]).worktreesFolder == "/flag/worktrees")
        #expect(try read([.stateFolder: "/flag", .worktreesFolder: "/trees"]).worktreesFolder == "/trees")
    }

    @Test("Paths become absolute and plain; ~ is the home")
    func paths() throws {
        let current = FileManager.default.currentDirectoryPath
        let table = [
            ("~", folder.path), ("~/a/", "\(folder.path)/a"), ("a/./b", "\(current)/a/b"), ("/a//b/../c", "/a/b/../c"),
            ("~name/a", "\(current)/~name/a"),
        ]
        for (text, expected) in table {
            #expect(try read([.stateFolder: text]).stateFolder == expected, "\(text)")
        }
    }

    @Test("A project is a folder, or a name and a folder")
    func project() throws {
        let table: [(String, String?, String)] = [
            ("/a/b", nil, "/a/b"), ("one=/a", "one", "/a"), ("/a=b", nil, "/a=b"),
            ("one=~/x", "one", "\(folder.path)/x"),
            ("one=/a=b", "one", "/a=b"),
        ]
        for (text, name, path) in table {
            let configuration = try read([.project: text])
            #expect(configuration.projectName == name, "\(text)")
            #expect(configuration.projectFolder == path, "\(text)")
        }
        let file = try folder.write("projects: [{name: two, path: /b}]\n", to: "server.yaml")
        #expect(try read([.configurationFile: file]).projectName == "two")
        #expect(try read([:], ["CHANT_SERVER_PROJECTS": "three=/c"]).projectFolder == "/c")
    }

    @Test("Loopback addresses are listened on")
    func addresses() throws {
        let table = [
            ("localhost:1", "127.0.0.1", 1), ("127.0.0.1:0", "127.0.0.1", 0), ("[::1]:65535", "::1", 65535),
            ("127.1.2.3:9", "127.1.2.3", 9), ("[0:0:0:0:0:0:0:1]:9", "0:0:0:0:0:0:0:1", 9),
        ]
        for (text, host, port) in table {
            #expect(try read([.listen: text]).address == ListenAddress(host: host, port: UInt16(port)), "\(text)")
        }
    }

    @Test(
        "A bad value is refused with its place: 64 for a flag, 78 for a variable",
        arguments: [
            (ServerSetting.workers, "many"), (.workers, "0"), (.workers, "257"), (.workers, ""),
            (.listen, "24268"), (.listen, "127.0.0.1:65536"), (.listen, "127.0.0.1:"), (.listen, "unix:/run/chant"),
            (.logFormat, "xml"), (.logLevel, "loud"), (.portFile, ""), (.stateFolder, ""),
            (.project, "name="), (.project, "=/a"), (.hosts, ""), (.hosts, "a,,b"), (.hosts, "http://a"),
            (.hosts, "a:80"),
            (.hosts, "a/b"), (.hosts, "*.example.org"), (.hosts, "a b"),
        ]
    )
    func badValues(setting: ServerSetting, text: String) throws {
        let flag = try #require(failure([setting: text]))
        #expect(flag.code == .usage)
        #expect(flag.sentence.hasPrefix("\(setting.flag): "), "\(flag)")
        let variable = try #require(failure([:], [setting.variable: text]))
        #expect(variable.code == .configuration)
        #expect(variable.sentence.hasPrefix("\(setting.variable): "), "\(variable)")
    }

    @Test(
        "An address off loopback is 78, wherever it stands",
        arguments: [
            "0.0.0.0:1", "[::]:1", "example.org:80", ":80", "[::ffff:127.0.0.1]:1", "[::ffff:0.0.0.0]:1",
            "192.168.1.1:1",
            "127.1:1", "0177.0.0.1:1", "2130706433:1", "::1:1", "[127.0.0.1]:1", "localhost.example.org:1",
            "[::1%lo]:1",
            "*:1",
        ]
    )
    func offLoopback(text: String) throws {
        for found in [failure([.listen: text]), failure([:], ["CHANT_SERVER_LISTEN": text])] {
            let found = try #require(found)
            #expect(found.code == .configuration)
            #expect(found.sentence.contains("loopback"), "\(found)")
        }
    }

    @Test("Names of the service come from flags, the variable or the file, in lower case")
    func hosts() throws {
        #expect(try read().hosts == [])
        #expect(try read([.hosts: "Build.example.org,other"]).hosts == ["build.example.org", "other"])
        #expect(
            try read([:], ["CHANT_SERVER_HOSTS": "a, 10.0.0.1,[2001:db8::1]"]).hosts == [
                "a", "10.0.0.1", "2001:db8::1",
            ]
        )
        let file = try folder.write("hosts: [one, two.example.]\n", to: "server.yaml")
        #expect(try read([.configurationFile: file]).hosts == ["one", "two.example"])
        #expect(try read([.configurationFile: file, .hosts: "three"]).hosts == ["three"])
    }

    @Test("An unknown variable is 78 and names the nearest; others do not concern the service")
    func unknownVariable() throws {
        let found = try #require(failure([:], ["CHANT_SERVER_WORKER": "1"]))
        #expect(found.code == .configuration)
        #expect(found.sentence.contains("CHANT_SERVER_WORKER ") && found.sentence.contains("CHANT_SERVER_WORKERS?"))
        #expect(failure([:], ["CHANT_SERVER_": "1"])?.code == .configuration)
        #expect(failure([:], ["CHANT_SPEC_ID": "1", "CHANTSERVER": "1"]) == nil)
    }

    @Test(
        "What is wrong with the file is 78 and says where",
        arguments: [
            ("workres: 3\n", "did you mean workers?"), ("config: x\n", "known are"), ("- a\n", "mapping"),
            ("workers: [1]\n", "one plain value"), ("workers: many\n", "workers in"), ("a: [\n", "cannot be read"),
            ("projects: [{path: /a}, {path: /b}]\n", "one {name, path}"), ("projects: /a\n", "one {name, path}"),
            ("hosts: a\n", "a list of names"), ("hosts: []\n", "a list of names"),
            ("hosts: [[a]]\n", "a list of names"),
            ("hosts: [\"a,b\"]\n", "a list of names"), ("hosts: [\"a:1\"]\n", "without scheme and port"),
            ("projects: [{path: /a, nmae: x}]\n", "one {name, path}"), ("workers: 1\nworkers: 2\n", "cannot be read"),
        ]
    )
    func badFile(text: String, word: String) throws {
        let file = try folder.write(text, to: "server.yaml")
        let found = try #require(failure([.configurationFile: file]))
        #expect(found.code == .configuration)
        #expect(found.sentence.contains(file) && found.sentence.contains(word), "\(found)")
    }

    @Test("A file that was named has to be there")
    func missingFile() throws {
        let found = try #require(failure([.configurationFile: "~/nowhere.yaml"]))
        #expect(found.code == .configuration && found.sentence.contains("\(folder.path)/nowhere.yaml"))
    }

    @Test("Several projects come later")
    func severalProjects() throws {
        let found = try #require(failure([:], ["CHANT_SERVER_PROJECTS": "/a:/b"]))
        #expect(found.code == .configuration && found.sentence.contains("one project"))
    }

    @Test("Flag, variable and key of a setting have one name", arguments: ServerSetting.allCases)
    func names(setting: ServerSetting) {
        #expect(setting.flag.hasPrefix("--") && !setting.flag.contains("_"))
        #expect(setting.variable.hasPrefix("CHANT_SERVER_"))
        #expect(setting.fileKey?.contains("-") != true)
    }
}
