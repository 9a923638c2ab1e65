import Foundation

/// The calls about an index and the files beside it.
extension SimulatedGit {
    func lsFiles(_ call: GitWords, _ state: State) -> GitReply {
        let index = state.indexes[index(call)] ?? [:]
        if call.has("--others") { return .fields(WorkFiles(workTree(call)).paths().filter { index[$0] == nil }) }
        guard call.has("--stage") else { return unknown(call) }
        let paths = call.after("--")
        let found = index.filter { path, _ in paths.contains { path == $0 || path.hasPrefix($0 + "/") } }
        return .fields(
            found.sorted { $0.key < $1.key }.map { "\($0.value.mode) \($0.value.blob) 0\t\($0.key)" }
        )
    }

    func updateIndex(_ call: GitWords, _ state: inout State) -> GitReply {
        if call.has("--refresh") { return .done }
        var index = state.indexes[index(call)] ?? [:]
        for field in call.fields {
            if call.has("--force-remove") {
                index[field] = nil
                continue
            }
            // <mode> <object>\t<path>
            let (head, path) = Self.cut(field, at: "\t")
            let words = head.split(separator: " ").map(String.init)
            guard call.has("--index-info"), words.count == 2 else { return unknown(call) }
            index[path] = words[0] == "0" ? nil : GitObjects.Entry(mode: words[0], blob: words[1])
        }
        state.indexes[self.index(call)] = index
        return .done
    }

    private static func cut(_ text: String, at mark: Character) -> (String, String) {
        guard let place = text.firstIndex(of: mark) else { return (text, "") }
        return (String(text[..<place]), String(text[text.index(after: place)...]))
    }

    func readTree(_ call: GitWords, _ state: inout State) -> GitReply {
        guard let tree = state.objects.tree(of: call.last) else { return .refusal(128, "fatal: not a tree object") }
        state.indexes[index(call)] = tree
        return .done
    }

    func diffIndex(_ call: GitWords, _ state: State) -> GitReply {
        guard call.has("--cached"), let head = state.objects.tree(of: call.last) else { return unknown(call) }
        let index = state.indexes[index(call)] ?? [:]
        let added = Self.differences(head, index).filter { head[$0] == nil }
        return .fields(added.flatMap { [Self.raw(nil, index[$0]), $0] })
    }

    /// `add --all` of everything that is not excluded, or `add --update`.
    func add(_ call: GitWords, _ state: inout State) -> GitReply {
        let folder = workTree(call)
        // The private index of leftovers is a copy of the worktree's own, made file by file.
        var index = state.indexes[index(call)] ?? state.indexes["\(record(call))/index"] ?? [:]
        let specs = call.has("--pathspec-from-file=-") ? call.fields : call.after("--")
        let mark = ":(top,exclude,literal)"
        let excluded = Set(specs.filter { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) })
        let present = Set(WorkFiles(folder).paths())
        let candidates = call.has("--all") ? present.union(index.keys) : Set(index.keys)
        for path in candidates.sorted() where !excluded.contains(path) {
            guard present.contains(path), let bytes = DiskFile.read("\(folder)/\(path)") else {
                index[path] = nil
                continue
            }
            index[path] = GitObjects.Entry(mode: index[path]?.mode ?? "100644", blob: state.objects.add(blob: bytes))
        }
        state.indexes[self.index(call)] = index
        return .done
    }

    /// `commit` on the branch of the work tree, as `server.uncommitted: commit` does it for an agent.
    func commit(_ call: GitWords, _ state: inout State) -> GitReply {
        guard let ref = head(of: record(call)), let tip = state.refs[ref] else { return unknown(call) }
        let commit = GitObjects.Commit(
            tree: state.objects.add(tree: state.indexes[index(call)] ?? [:]),
            parents: [tip],
            message: call.last,
            seconds: seconds()
        )
        let id = state.objects.add(commit: commit)
        state.refs[ref] = id
        state.precious.insert(id)
        return .done
    }

    func status(_ call: GitWords, _ state: inout State) -> GitReply {
        let folder = workTree(call)
        let head = head(of: record(call)).flatMap { state.refs[$0] }.flatMap { state.objects.tree(of: $0) } ?? [:]
        let index = state.indexes[index(call)] ?? [:]
        var fields: [String] = []
        for path in Set(head.keys).union(index.keys).sorted() {
            let (old, staged) = (head[path], index[path])
            let here = staged == nil ? nil : DiskFile.read("\(folder)/\(path)").map { state.objects.add(blob: $0) }
            let first = old == staged ? " " : old == nil ? "A" : staged == nil ? "D" : "M"
            let second = staged == nil || here == staged?.blob ? " " : here == nil ? "D" : "M"
            if first + second != "  " { fields.append("\(first)\(second) \(path)") }
        }
        if !call.has("--untracked-files=no") {
            let others = WorkFiles(folder).paths().filter { index[$0] == nil }
            fields += (call.has("--untracked-files=all") ? others : folded(others, index)).map { "?? \($0)" }
        }
        return .fields(fields)
    }

    /// A folder without tracked files is one entry.
    private func folded(_ paths: [String], _ index: GitObjects.Tree) -> [String] {
        var entries: Set<String> = []
        for path in paths {
            var entry = path
            var parts = path.split(separator: "/").dropLast()
            while !parts.isEmpty {
                let folder = parts.joined(separator: "/") + "/"
                if index.keys.contains(where: { $0.hasPrefix(folder) }) { break }
                entry = folder
                parts = parts.dropLast()
            }
            entries.insert(entry)
        }
        return entries.sorted()
    }
}
