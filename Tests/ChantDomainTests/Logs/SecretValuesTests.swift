import Foundation
import Testing

@testable import ChantDomain

@Suite("R34: which values are secret")
struct SecretValuesTests {
    @Test("variables by their names, and passwords in addresses")
    func environment() {
        let found = SecretValues(environment: [
            "ANTHROPIC_API_KEY": "sk-ant-1234", "GH_TOKEN": "ghp_1234", "HOME": "/home/someone", "EMPTY_KEY": "",
            "PIN_KEY": "1234", "https_proxy": "http://ann:p%40ssw0rd@proxy:3128", "DATABASE_URL": "pg://u:abc:def@h/d",
            "PLAIN_URL": "http://host:80/a@b", "key": "lowercase", "REMOTE": "https://ghp_0123456789abcdefgh@host/",
        ])
        #expect(
            found.values == [
                "sk-ant-1234", "ghp_1234", "p%40ssw0rd", "p@ssw0rd", "abc:def", "ghp_0123456789abcdefgh",
            ]
        )
        #expect(found.notices.count == 1)
        #expect(found.notices[0].contains("PIN_KEY") && !found.notices[0].contains("1234"))
    }

    @Test("a project's own globs, its variables for agents, and files of values")
    func project() throws {
        let folder = try ScratchFolder()
        let file = """
            # settings
            PLAIN=first-value
            export QUOTED="second value"
              SINGLE = not-a-name
            just-a-token-1
            QUJDREVGR0g==
            SHORT=ab

            """
        try folder.write(Array(file.utf8), to: "secrets.env")
        var keys = ServerKeys()
        keys.redact.env = ["MY_*"]
        keys.redact.valuesFrom = ["secrets.env", "missing", "~/home.env"]
        keys.agentEnv.set = ["MY_ONE": "from-the-config", "OTHER_KEY": "not-matched"]
        try folder.write(Array("IN_HOME=third-value\n".utf8), to: "home.env")
        let environment = ["MY_TWO": "from-outside", "A_KEY": "not-matched-2", "HOME": folder.path]
        let found = SecretValues(environment: environment, keys: keys, projectFolder: folder.path)
        #expect(
            found.values == [
                "from-the-config", "from-outside", "first-value", "second value", "SINGLE = not-a-name",
                "just-a-token-1", "QUJDREVGR0g==", "third-value",
            ]
        )
        #expect(found.notices.count == 2)
        #expect(found.notices.contains { $0.contains("missing") })
        #expect(found.notices.contains { $0.contains("line 7 of secrets.env") })
    }

    /// Of files that programs read as settings: what follows a value there is no part of it.
    @Test(
        "files as editors and other systems write them",
        arguments: [
            ("\u{FEFF}ONE=first-value\r\nTWO=second-value\r\n", ["first-value", "second-value"]),
            ("ONE=first-value # of ann\n", ["first-value", "first-value # of ann"]),
            ("ONE=\"first value\" # of ann\n", ["first value", "\"first value\" # of ann"]),
            ("ONE='first#value'  # of 'ann'\n", ["first#value", "'first#value'  # of 'ann'"]),
            ("ONE=first#value\n", ["first#value"]),
            ("ONE=\"first\\\"value\\nand-more\"\n", ["first\\\"value\\nand-more", "first\"value\nand-more"]),
        ]
    )
    func files(text: String, values: [String]) throws {
        let folder = try ScratchFolder()
        try folder.write(Array(text.utf8), to: "values.env")
        var keys = ServerKeys()
        keys.redact.valuesFrom = ["values.env"]
        let found = SecretValues(environment: [:], keys: keys, projectFolder: folder.path)
        #expect(found.values == Set(values) && found.notices.isEmpty)
    }
}
