import Testing

@Suite("Imports")
struct ImportTests {
    /// Modules that any file may import.
    private static let free: Set<String> = ["Foundation", "Synchronization", "Glibc"]

    /// Where every other module may be imported: the table of ARCHITECTURE.md, "Who may import what".
    private static let table: [String: [String]] = [
        "ChantDomain": [
            "ChantServer/Server/", "ChantServer/Endpoints/", "ChantServer/MCP/", "ChantServer/Metrics/",
        ],
        "CMicroHTTPD": ["ChantServer/Transport/"],
        "CLinux": ["ChantDomain/Processes/", "ChantDomain/Support/"],
        "GRDB": ["ChantDomain/Journal/"],
        "Subprocess": ["ChantDomain/Processes/"],
        "SystemPackage": ["ChantDomain/Processes/"],
        "Yams": ["ChantDomain/Specs/Document/", "ChantDomain/Configuration/", "ChantServer/Server/"],
        "Crypto": ["ChantDomain/Support/", "ChantServer/Middleware/"],
        "Logging": ["ChantServer/", "ChantDomain/Execution/", "ChantDomain/Services/", "ChantDomain/Domain.swift"],
        "Metrics": ["ChantServer/Metrics/", "ChantServer/Middleware/"],
        "ArgumentParser": ["ChantServer/Server/"],
        "ServiceLifecycle": ["ChantServer/Server/"],
        "UnixSignals": ["ChantServer/Server/"],
    ]

    /// Files with a narrower list of their own: the supervisor must stay small, because there is one for each agent.
    private static let narrower: [String: Set<String>] = ["AgentSupervisor.swift": ["CLinux", "Glibc"]]

    @Test("each foreign import has its room")
    func everyImportHasItsRoom() throws {
        for file in try SourceTree.swiftFiles(in: "Sources") {
            for (index, line) in file.code.enumerated() {
                guard let module = Self.imported(line) else { continue }
                let isAllowed = Self.mayImport(module, path: file.path)
                #expect(isAllowed, "\(file.place(index)): \(module) has no room here")
            }
        }
    }

    @Test(
        "the table refuses what it should",
        arguments: [
            ("import GRDB", "Sources/ChantDomain/Services/RunService.swift"),
            ("internal import CMicroHTTPD", "Sources/ChantServer/Server/Server.swift"),
            ("@testable import ChantDomain", "Sources/ChantServer/HTTP/Problem.swift"),
            ("import Foundation", "Sources/ChantDomain/Processes/AgentSupervisor.swift"),
            ("import struct Dispatch.DispatchTime", "Sources/ChantDomain/Git/GitClient.swift"),
        ]
    )
    func tableRefuses(line: String, path: String) throws {
        let module = try #require(Self.imported(Substring(line)))
        #expect(!Self.mayImport(module, path: path))
    }

    private static func mayImport(_ module: String, path: String) -> Bool {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        if let list = narrower[file] { return list.contains(module) }
        return free.contains(module) || table[module, default: []].contains { path.hasPrefix("Sources/\($0)") }
    }

    /// The module that a line imports.
    private static func imported(_ line: Substring) -> String? {
        var words = line.split(separator: " ")
        while let first = words.first, first.hasPrefix("@") || ["public", "package", "internal"].contains(first) {
            words.removeFirst()
        }
        guard words.first == "import" else { return nil }
        words.removeFirst()
        if words.count > 1 { words.removeFirst() }
        return words.first?.split(separator: ".").first.map(String.init)
    }
}
