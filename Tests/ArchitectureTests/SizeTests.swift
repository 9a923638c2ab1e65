import Testing

@Suite("Sizes")
struct SizeTests {
    private static let fileLimit = 250
    private static let functionLimit = 40

    /// Tables of data, which may be as long as what they list.
    private static let tables = [
        "Routes.swift", "Routes+", "ProblemName", "JournalSchema", "DomainProblems", "ContractDocument",
    ]

    @Test("no file is longer than 250 lines, tables of data apart", arguments: ["Sources", "Tests"])
    func filesAreSmall(folder: String) throws {
        for file in try SourceTree.swiftFiles(in: folder) where !Self.tables.contains(where: file.name.hasPrefix) {
            #expect(file.lines.count <= Self.fileLimit, "\(file.path):\(file.lines.count): more than 250 lines")
        }
    }

    @Test("no function is longer than 40 lines", arguments: ["Sources", "Tests/ChantTesting"])
    func functionsAreSmall(folder: String) throws {
        for file in try SourceTree.swiftFiles(in: folder) where !Self.tables.contains(where: file.name.hasPrefix) {
            for function in Self.functions(in: file) {
                let place = file.place(function.start)
                #expect(function.length <= Self.functionLimit, "\(place): a function of \(function.length) lines")
            }
        }
    }

    @Test("a function's length is that of its body")
    func theCheckCanFail() {
        let body = Array(repeating: "        call()", count: 41).joined(separator: "\n")
        let text = "struct S {\n    func long(\n        a: Int\n    ) {\n\(body)\n    }\n    var short: Int { 1 }\n}\n"
        let functions = Self.functions(in: SourceFile(path: "S.swift", text: text))
        #expect(functions.map(\.length) == [41])
    }

    /// Functions, initialisers and subscripts with the number of lines between their braces.
    private static func functions(in file: SourceFile) -> [(start: Int, length: Int)] {
        file.code.indices.compactMap { start in
            let words = file.code[start].split { !($0.isLetter || $0 == "@") }
            guard words.contains(where: { ["func", "init", "subscript", "deinit"].contains($0) }) else { return nil }
            guard !file.code[start].contains(".init") else { return nil }
            return length(from: start, in: file).map { (start, $0) }
        }
    }

    /// The lines between the first brace after `start` and the one that closes it; `nil` for a requirement without body.
    private static func length(from start: Int, in file: SourceFile) -> Int? {
        var depth = 0
        var parentheses = 0
        var opened: Int?
        for index in start..<file.code.count {
            if index > start, opened == nil, parentheses == 0, isNextDeclaration(file.code[index]) { return nil }
            for character in file.code[index] {
                switch character {
                case "(": parentheses += 1
                case ")": parentheses -= 1
                case "{" where parentheses == 0 || opened != nil:
                    opened = opened ?? index
                    depth += 1
                case "}" where opened != nil:
                    depth -= 1
                    if depth == 0, let opened { return max(0, index - opened - 1) }
                case "}" where parentheses == 0: return nil
                default: break
                }
            }
        }
        return nil
    }

    private static func isNextDeclaration(_ line: Substring) -> Bool {
        let words = line.split { !($0.isLetter) }
        return words.contains { ["func", "init", "var", "let", "case", "subscript"].contains($0) }
    }
}
