import Testing

@Suite("Room order")
struct RoomOrderTests {
    /// The drawing in ARCHITECTURE.md from top to bottom.
    ///
    /// A room uses rooms on lower lines only, and rooms on one line do not know each other. The empty name is a module's
    /// root.
    private static let drawing: [String: [[String]]] = [
        "ChantDomain": [
            [""],
            ["Services"],
            ["Execution"],
            ["Lifecycle"],
            ["Journal"],
            ["Logs", "Events"],
            ["Checks"],
            ["Planning", "Agents", "Git"],
            ["Specs", "Processes", "Configuration"],
            ["Runs"],
            ["Support"],
        ],
        "ChantServer": [
            ["Server"],
            ["Endpoints", "MCP", "Dashboard", "Metrics"],
            ["Routing", "Middleware", "Transport"],
            ["HTTP"],
        ],
    ]

    @Test("every folder is a room of the drawing", arguments: ["ChantDomain", "ChantServer"])
    func everyFolderIsDrawn(module: String) throws {
        let rooms = Set(Self.drawing[module, default: []].joined())
        for file in try SourceTree.swiftFiles(in: "Sources/\(module)") {
            #expect(rooms.contains(file.room.room), "\(file.path):1: the drawing has no room \(file.room.room)")
        }
    }

    @Test("no file names a type of a higher line or of a neighbour", arguments: ["ChantDomain", "ChantServer"])
    func nothingPointsUpwards(module: String) throws {
        let files = try SourceTree.swiftFiles(in: "Sources/\(module)")
        let found = Self.violations(in: files, lines: Self.drawing[module, default: []])
        #expect(found.isEmpty, "\n\(found.joined(separator: "\n"))")
    }

    @Test("a file that names a higher room's type is found, one that names a lower room's is not")
    func theCheckCanFail() {
        let files = [
            SourceFile(path: "Sources/ChantDomain/Git/Low.swift", text: "struct Low {\n    let run: High\n}\n"),
            SourceFile(path: "Sources/ChantDomain/Execution/High.swift", text: "/// Not Low.\nstruct High {}\n"),
            SourceFile(path: "Sources/ChantDomain/Execution/Use.swift", text: "let low = Low(), text = \"High\"\n"),
        ]
        let found = Self.violations(in: files, lines: Self.drawing["ChantDomain", default: []])
        #expect(found == ["Sources/ChantDomain/Git/Low.swift:2: Git names High of Execution"])
    }

    private static func violations(in files: [SourceFile], lines: [[String]]) -> [String] {
        let heights = Dictionary(
            uniqueKeysWithValues: lines.enumerated().flatMap { line, rooms in rooms.map { ($0, line) } }
        )
        // Where each visible type is declared, and every name that a room declares, nested or not.
        var homes: [String: Set<String>] = [:]
        var local: [String: Set<String>] = [:]
        for file in files {
            for declared in file.code.compactMap(SwiftText.declaration) {
                local[file.room.room, default: []].insert(declared.name)
                guard declared.isTopLevel, declared.isVisible else { continue }
                homes[declared.name, default: []].insert(file.room.room)
            }
        }
        return files.flatMap { file -> [String] in
            let own = file.room.room
            return file.code.enumerated().flatMap { index, line in
                SwiftText.typeNames(in: line).compactMap { name -> String? in
                    // A name that the file's own room declares is taken to mean that one.
                    guard local[own]?.contains(name) != true, let rooms = homes[name] else { return nil }
                    let above = rooms.filter { heights[$0, default: 0] <= heights[own, default: 0] }
                    guard above.count == rooms.count, let room = above.min() else { return nil }
                    return "\(file.place(index)): \(own) names \(name) of \(room.isEmpty ? "the module's root" : room)"
                }
            }
        }
    }
}
