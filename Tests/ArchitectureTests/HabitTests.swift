import Foundation
import Testing

@Suite("Habits")
struct HabitTests {
    @Test("no folder, file or type is called Utils, Helper, Manager or Common", arguments: ["Sources", "Tests"])
    func namesSayWhatThingsAre(folder: String) throws {
        let empty = ["Util", "Helper", "Manager", "Common", "Misc"]
        for file in try SourceTree.swiftFiles(in: folder) {
            for word in empty {
                #expect(!file.path.contains(word), "\(file.path):1: \(word) says nothing")
            }
            for (index, line) in file.code.enumerated() {
                guard let name = SwiftText.declaration(in: line)?.name else { continue }
                let isEmpty = empty.contains { name.hasSuffix($0) || name.hasSuffix($0 + "s") || name.hasPrefix($0) }
                #expect(!isEmpty, "\(file.place(index)): \(name) does not say what it is")
            }
        }
    }

    @Test("no unstructured task but in the files that are there for it")
    func tasksAreStructured() throws {
        // A request's task, the tail of a run that a cancelled task must still finish, and the program's entry, which
        // is not asynchronous because a supervisor is started through it too.
        let allowed: Set<String> = ["Exchange+Handler.swift", "WithoutCancellation.swift", "ChantServerCommand.swift"]
        for file in try SourceTree.swiftFiles(in: "Sources") where !allowed.contains(file.name) {
            guard file.room != ("ChantDomain", "Services") else { continue }
            for (index, line) in file.code.enumerated() {
                #expect(!Self.startsTask(line), "\(file.place(index)): an unstructured task")
            }
        }
    }

    @Test(
        "an unstructured task is recognised",
        arguments: [
            ("        Task { await run() }", true),
            ("let task = Task<Void, Never> {", true),
            ("Task.detached(priority: .low) {", true),
            ("Task.immediate {", true),
            ("let task = state.withLock { state -> Task<Void, Never>? in", false),
            ("try await Task.sleep(for: .seconds(1))", false),
            ("if Task.isCancelled { return }", false),
            ("struct DemoTask {", false),
        ]
    )
    func tasksAreRecognised(line: String, expected: Bool) {
        #expect(Self.startsTask(Substring(line)) == expected)
    }

    @Test("nothing starts processes through Foundation, and nothing starts a shell")
    func processesHaveOneDoor() throws {
        for file in try SourceTree.swiftFiles(in: "Sources") {
            for (index, line) in file.code.enumerated() {
                let starts =
                    line.contains("Foundation.Process") || line.contains("= Process()") || line.contains("NSTask")
                #expect(!starts, "\(file.place(index)): Foundation's Process")
            }
            for (index, line) in file.lines.enumerated() {
                #expect(!line.contains("\"/bin/sh\""), "\(file.place(index)): a shell")
            }
        }
    }

    @Test("the code leaves no marks of unfinished work", arguments: ["Sources", "Tests", "scripts", "deploy"])
    func nothingIsLeftForLater(folder: String) throws {
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK"]
        for path in try SourceTree.files(in: folder) where !path.contains("Fixtures/") {
            try Self.eachLine(of: path) { number, line in
                for mark in marks {
                    #expect(!line.contains(mark), "\(path):\(number): \(mark)")
                }
            }
        }
    }

    @Test("no file names a folder of the machine that built it", arguments: ["Sources", "Tests", "scripts", "docs"])
    func nothingNamesTheMachine(folder: String) throws {
        var names = ["/ro" + "ot/", "/Use" + "rs/"]
        // The place of this very checkout, unless it is so short that it could be a route.
        if SourceTree.root.split(separator: "/").count > 1 { names.append(SourceTree.root + "/") }
        for path in try SourceTree.files(in: folder) where !path.contains("Fixtures/") {
            try Self.eachLine(of: path) { number, line in
                for name in names {
                    #expect(!line.contains(name), "\(path):\(number): \(name)")
                }
            }
        }
    }

    private static func startsTask(_ line: Substring) -> Bool {
        var rest = line
        while let range = rest.range(of: "Task") {
            let before = line[..<range.lowerBound].last
            let after = rest[range.upperBound...].drop { $0 == " " }
            rest = rest[range.upperBound...]
            if let before, before.isLetter || before.isNumber || before == "_" || before == "." { continue }
            // `Task<Void, Never>` alone is a type's name; with a brace or a parenthesis behind it, it starts one.
            let plain = after.first == "<" ? after.drop { $0 != ">" }.dropFirst().drop { $0 == " " } : after
            if ["{", "(", ".detached", ".immediate"].contains(where: plain.hasPrefix) { return true }
        }
        return false
    }

    private static func eachLine(of path: String, _ look: (Int, Substring) -> Void) throws {
        let text = try String(contentsOfFile: "\(SourceTree.root)/\(path)", encoding: .utf8)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            look(index + 1, line)
        }
    }
}
