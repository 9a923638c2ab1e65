import Foundation

/// The calls that only look at objects and refs.
extension SimulatedGit {
    /// The commit or tree that a revision names: a hash, a ref, `HEAD`, with `^1`, `^2`, `^{commit}`, `^{tree}`.
    func object(_ revision: String, _ state: State, head record: String) -> String? {
        var text = revision
        var wantsTree = false
        if text.hasSuffix("^{tree}") { (text, wantsTree) = (String(text.dropLast(7)), true) }
        if text.hasSuffix("^{commit}") { text = String(text.dropLast(9)) }
        var parent: Int?
        if text.hasSuffix("^1") { (text, parent) = (String(text.dropLast(2)), 0) }
        if text.hasSuffix("^2") { (text, parent) = (String(text.dropLast(2)), 1) }
        var id: String?
        if text == "HEAD" {
            id = head(of: record).flatMap { state.refs[$0] }
        } else if state.objects.commits[text] != nil || state.objects.trees[text] != nil {
            id = text
        } else {
            id = state.refs[text] ?? state.refs["refs/heads/\(text)"]
        }
        if let number = parent {
            id = id.flatMap { state.objects.commits[$0]?.parents.dropFirst(number).first }
        }
        return wantsTree ? id.flatMap { state.objects.commits[$0]?.tree ?? $0 } : id
    }

    func revParse(_ call: GitWords, _ state: State) -> GitReply {
        if call.has("--is-bare-repository") { return .lines(["false", "true"]) }
        if call.has("--show-toplevel") { return .lines([checkout, gitDir, gitDir, ""]) }
        if call.has("--short") { return .text(String(call.last.prefix(7))) }
        guard call.has("--verify") else { return unknown(call) }
        guard let id = object(call.last, state, head: record(call)) else {
            return .refusal(call.has("--quiet") ? 1 : 128, "fatal: Needed a single revision")
        }
        return .text(id)
    }

    func forEachRef(_ call: GitWords, _ state: State) -> GitReply {
        let patterns = call.plain.filter { $0.hasPrefix("refs/") }
        let holding = call.after("--contains").first
        guard let format = call.words.first(where: { $0.hasPrefix("--format=") }) ?? (call.has("--count=1") ? "" : nil)
        else { return unknown(call) }
        var lines: [String] = []
        for (ref, id) in state.refs.sorted(by: { $0.key < $1.key }) {
            let fits = patterns.isEmpty || patterns.contains { $0.hasSuffix("/") ? ref.hasPrefix($0) : ref == $0 }
            guard fits, holding.map({ state.objects.isAncestor($0, of: id) }) ?? true else { continue }
            switch format {
            case "--format=%(refname) %(objectname)": lines.append("\(ref) \(id)")
            case "--format=%(objectname) %(refname)": lines.append("\(id) \(ref)")
            case "--format=%(refname:lstrip=2)": lines.append(stripped(ref, 2))
            case "--format=%(refname:lstrip=3)": lines.append(stripped(ref, 3))
            case "--format=%(refname)", "": lines.append(ref)
            default: return unknown(call)
            }
        }
        return .lines(call.has("--count=1") ? Array(lines.prefix(1)) : lines)
    }

    private func stripped(_ ref: String, _ parts: Int) -> String {
        ref.split(separator: "/").dropFirst(parts).joined(separator: "/")
    }

    func mergeBase(_ call: GitWords, _ state: State) -> GitReply {
        let commits = call.plain
        guard commits.count == 2, commits.allSatisfy({ state.objects.commits[$0] != nil }) else {
            return .refusal(128, "fatal: Not a valid commit name")
        }
        if call.has("--is-ancestor") {
            return .refusal(state.objects.isAncestor(commits[0], of: commits[1]) ? 0 : 1)
        }
        return state.objects.mergeBase(commits[0], commits[1]).map(GitReply.text) ?? .refusal(1)
    }

    func catFile(_ call: GitWords, _ state: State) -> GitReply {
        if call.has("-e") { return .refusal(state.objects.commits[call.last] == nil ? 1 : 0) }
        guard call.has("blob"), let bytes = state.objects.blobs[call.last] else {
            return .refusal(128, "fatal: Not a valid object name \(call.last)")
        }
        return GitReply(output: bytes)
    }

    func revList(_ call: GitWords, _ state: State) -> GitReply {
        let (before, paths) = Self.split(Array(call.rest), at: "--")
        let (named, excluded) = Self.split(before, at: "--not")
        let revisions = named.filter { !$0.hasPrefix("-") }
        let known = excluded + revisions.filter { $0.hasPrefix("^") }.map { String($0.dropFirst()) }
        guard let tip = revisions.first(where: { !$0.hasPrefix("^") }), state.objects.commits[tip] != nil else {
            return .refusal(128, "fatal: bad revision")
        }
        var commits = state.objects.history(of: tip, without: known)
        if call.has("--no-merges") { commits.removeAll { (state.objects.commits[$0]?.parents.count ?? 0) > 1 } }
        if !paths.isEmpty { commits.removeAll { !state.objects.touches($0, paths) } }
        if let limit = call.words.first(where: { $0.hasPrefix("--max-count=") }).flatMap({ Int($0.dropFirst(12)) }) {
            commits = Array(commits.prefix(limit))
        }
        if call.has("--reverse") { commits.reverse() }
        guard call.has("--timestamp") else { return .lines(commits) }
        return .lines(commits.map { "\(state.objects.commits[$0]?.seconds ?? 0) \($0)" })
    }

    static func split(_ words: [String], at mark: String) -> (before: [String], after: [String]) {
        guard let place = words.firstIndex(of: mark) else { return (words, []) }
        return (Array(words[..<place]), Array(words[(place + 1)...]))
    }

    func log(_ call: GitWords, _ state: State) -> GitReply {
        if call.has("--no-walk=unsorted"), call.has("--format=%h") {
            return .lines(call.input.split(separator: 10).map { String(decoding: $0.prefix(7), as: UTF8.self) })
        }
        guard call.has("--first-parent"), let text = call.words.first(where: { $0.hasPrefix("--grep=") })?.dropFirst(7),
            let base = call.words.first(where: { $0.hasPrefix("^") }).map({ String($0.dropFirst()) })
        else { return unknown(call) }
        let excluded = state.objects.reachable(from: [base])
        var next: String? = call.last
        while let id = next, let commit = state.objects.commits[id], !excluded.contains(id) {
            if commit.message.contains(text) { return .text(id) }
            next = commit.parents.first
        }
        return .done
    }

    func lsTree(_ call: GitWords, _ state: State) -> GitReply {
        let (before, paths) = Self.split(Array(call.rest), at: "--")
        guard let tree = before.last.flatMap({ state.objects.tree(of: $0) }) else {
            return .refusal(128, "fatal: not a tree object")
        }
        let found = tree.filter { path, _ in paths.contains { path == $0 || path.hasPrefix($0 + "/") } }
        let sorted = found.sorted { $0.key < $1.key }
        if call.has("--name-only") { return .fields(sorted.map(\.key)) }
        return .fields(sorted.map { "\($0.value.mode) blob \($0.value.blob)\t\($0.key)" })
    }

    func diffTree(_ call: GitWords, _ state: State) -> GitReply {
        let (before, paths) = Self.split(Array(call.rest), at: "--")
        let revisions = before.filter { !$0.hasPrefix("-") }
        guard revisions.count == 2, let old = state.objects.tree(of: revisions[0]),
            let new = state.objects.tree(of: revisions[1])
        else { return .refusal(128, "fatal: bad object") }
        return .fields(
            Self.differences(old, new).filter { path in
                paths.isEmpty || paths.contains { path == $0 || path.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
            }.flatMap { [Self.raw(old[$0], new[$0]), $0] }
        )
    }

    static func differences(_ old: GitObjects.Tree, _ new: GitObjects.Tree) -> [String] {
        Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
    }

    static func raw(_ old: GitObjects.Entry?, _ new: GitObjects.Entry?) -> String {
        let letter = old == nil ? "A" : new == nil ? "D" : "M"
        return ":\(old?.mode ?? "000000") \(new?.mode ?? "000000") \(old?.blob ?? GitObjects.zero) "
            + "\(new?.blob ?? GitObjects.zero) \(letter)"
    }

    func checkIgnore(_ call: GitWords) -> GitReply {
        let ignored = call.fields.filter(WorkFiles.isIgnored)
        return ignored.isEmpty ? .refusal(1) : .fields(ignored)
    }

    /// Line by line, with one changed stretch on each side: more than that conflicts here.
    func mergeFile(_ call: GitWords) -> GitReply {
        let sides = ["ours", "base", "theirs"].map { name in
            DiskFile.read("\(call.folder)/\(name)")?.split(separator: 10, omittingEmptySubsequences: false).map(
                Array.init
            )
                ?? []
        }
        guard let merged = Self.merged(sides[0], sides[1], sides[2]) else {
            return GitReply(code: 1, output: Array(sides[0].joined(separator: [10])))
        }
        return GitReply(output: Array(merged.joined(separator: [10])))
    }

    private static func merged(_ ours: [[UInt8]], _ base: [[UInt8]], _ theirs: [[UInt8]]) -> [[UInt8]]? {
        if ours == base || ours == theirs { return theirs }
        if theirs == base { return ours }
        let (one, two) = (stretch(base, ours), stretch(base, theirs))
        let (first, second) = one.old.lowerBound <= two.old.lowerBound ? (one, two) : (two, one)
        guard first.old.upperBound < second.old.lowerBound else { return nil }
        return Array(base[..<first.old.lowerBound]) + first.new
            + Array(base[first.old.upperBound..<second.old.lowerBound]) + second.new
            + Array(base[second.old.upperBound...])
    }

    /// What of `base` became what.
    private static func stretch(_ base: [[UInt8]], _ new: [[UInt8]]) -> (old: Range<Int>, new: [[UInt8]]) {
        var front = 0
        while front < min(base.count, new.count), base[front] == new[front] { front += 1 }
        var back = 0
        while back < min(base.count, new.count) - front, base[base.count - 1 - back] == new[new.count - 1 - back] {
            back += 1
        }
        return (front..<(base.count - back), Array(new[front..<(new.count - back)]))
    }
}
