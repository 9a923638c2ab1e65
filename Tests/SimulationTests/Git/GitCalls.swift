import Foundation
import Synchronization

@testable import ChantDomain

/// One call of git as the simulated one sees it.
struct GitWords {
    var words: [String]
    let folder: String
    let environment: [String: String]
    let input: [UInt8]

    init(_ command: Command) {
        var rest = command.arguments[...]
        while rest.first == "-c" { rest = rest.dropFirst(2) }
        words = Array(rest)
        folder = command.folder
        environment = command.environment
        input = command.input ?? []
    }

    var verb: String { words.first ?? "" }
    /// What follows the verb.
    var rest: ArraySlice<String> { words.dropFirst() }
    var last: String { words.last ?? "" }
    func has(_ word: String) -> Bool { words.contains(word) }
    /// The words after `word`.
    func after(_ word: String) -> [String] {
        words.firstIndex(of: word).map { Array(words[($0 + 1)...]) } ?? []
    }
    /// The words that are neither the verb nor options.
    var plain: [String] { rest.filter { !$0.hasPrefix("-") } }
    /// The input's fields where a NUL ends each.
    var fields: [String] { input.split(separator: 0).map { String(decoding: $0, as: UTF8.self) } }
}

/// What a call answers.
struct GitReply {
    var code: Int32 = 0
    var output: [UInt8] = []
    var error = ""

    static func text(_ text: String) -> GitReply { GitReply(output: Array((text + "\n").utf8)) }
    static func lines(_ lines: [String]) -> GitReply {
        GitReply(output: Array(lines.map { $0 + "\n" }.joined().utf8))
    }
    static func fields(_ fields: [String]) -> GitReply { GitReply(output: fields.flatMap { Array($0.utf8) + [0] }) }
    static func refusal(_ code: Int32, _ error: String = "") -> GitReply { GitReply(code: code, error: error) }
    static let done = GitReply()
}

extension SimulatedGit {
    /// Does what a call asks, at one moment.
    func answer(_ call: GitWords) -> GitReply {
        state.withLock { state in
            switch call.verb {
            case "version": .text("git version 2.39.5")
            case "var": .text("Simulated User <user@example.com> 0 +0000")
            case "rev-parse": revParse(call, state)
            case "show-ref": state.refs[call.last].map(GitReply.text) ?? .refusal(128, "fatal: not a valid ref")
            case "for-each-ref": forEachRef(call, state)
            case "symbolic-ref": head(of: record(call)).map(GitReply.text) ?? .refusal(1)
            case "merge-base": mergeBase(call, state)
            case "cat-file": catFile(call, state)
            case "rev-list": revList(call, state)
            case "log": log(call, state)
            case "ls-tree": lsTree(call, state)
            case "diff-tree": diffTree(call, state)
            case "hash-object": .text(state.objects.add(blob: call.input))
            case "commit-tree": commitTree(call, &state)
            case "merge-tree": mergeTree(call, &state)
            case "update-ref": updateRef(call, &state)
            case "check-ignore": checkIgnore(call)
            case "merge-file": mergeFile(call)
            case "diff": .text("diff of \(call.plain.prefix(2).joined(separator: " and "))")
            case "config": .refusal(1)
            default: inWorkTree(call, &state)
            }
        }
    }

    private func inWorkTree(_ call: GitWords, _ state: inout State) -> GitReply {
        switch call.verb {
        case "ls-files": lsFiles(call, state)
        case "update-index": updateIndex(call, &state)
        case "read-tree": readTree(call, &state)
        case "write-tree": .text(state.objects.add(tree: state.indexes[index(call)] ?? [:]))
        case "diff-index": diffIndex(call, state)
        case "add": add(call, &state)
        case "commit": commit(call, &state)
        case "status": status(call, &state)
        case "reset": reset(call, &state)
        case "merge": fastForward(call, &state)
        case "worktree": worktree(call, &state)
        default: unknown(call)
        }
    }

    /// A call that nobody taught the simulation is a fault of the simulation, and is never passed over.
    func unknown(_ call: GitWords) -> GitReply {
        complain("the simulated git does not know: git \(call.words.joined(separator: " "))")
        return .refusal(129, "usage: unknown to the simulation")
    }

    /// The git directory of the work tree that a call is about.
    func record(_ call: GitWords) -> String {
        if let named = call.environment["GIT_DIR"] { return named }
        if call.folder == checkout { return gitDir }
        return records().first { $0.folder == call.folder }?.record ?? gitDir
    }

    /// The folder of that work tree.
    func workTree(_ call: GitWords) -> String {
        call.environment["GIT_WORK_TREE"] ?? (record(call) == gitDir ? checkout : call.folder)
    }

    /// The index file that a call uses.
    func index(_ call: GitWords) -> String { call.environment["GIT_INDEX_FILE"] ?? "\(record(call))/index" }
}
