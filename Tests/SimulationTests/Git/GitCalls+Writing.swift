import Foundation

/// The calls that make objects and move refs.
extension SimulatedGit {
    func commitTree(_ call: GitWords, _ state: inout State) -> GitReply {
        var parents: [String] = []
        for (place, word) in call.words.enumerated() where word == "-p" { parents.append(call.words[place + 1]) }
        guard let tree = call.rest.first, state.objects.trees[tree] != nil,
            parents.allSatisfy({ state.objects.commits[$0] != nil })
        else { return .refusal(128, "fatal: not a valid object name") }
        let message = String(decoding: call.input, as: UTF8.self)
        let commit = GitObjects.Commit(tree: tree, parents: parents, message: message, seconds: seconds())
        return .text(state.objects.add(commit: commit))
    }

    func mergeTree(_ call: GitWords, _ state: inout State) -> GitReply {
        let sides = call.plain
        guard sides.count == 2, let merge = state.objects.merge(sides[0], sides[1]) else {
            return .refusal(128, "fatal: not something we can merge")
        }
        if sabotage == .takesOurSide || sabotage == .takesTheirSide {
            var tree = merge.tree
            let side = state.objects.tree(of: sides[sabotage == .takesOurSide ? 0 : 1]) ?? [:]
            for path in merge.conflicts { tree[path] = side[path] }
            return GitReply.fields([state.objects.add(tree: tree)])
        }
        let conflicts = merge.conflicts
        return GitReply(
            code: conflicts.isEmpty ? 0 : 1,
            output: GitReply.fields([state.objects.add(tree: merge.tree)] + conflicts).output
        )
    }

    func updateRef(_ call: GitWords, _ state: inout State) -> GitReply {
        if call.has("--stdin") {
            for field in stride(from: 0, to: call.fields.count - 1, by: 2) where call.fields[field].hasPrefix("delete ")
            {
                let ref = String(call.fields[field].dropFirst(7))
                if let reply = move(ref, to: nil, from: call.fields[field + 1], &state) { return reply }
            }
            return .done
        }
        var words = Array(call.rest.filter { $0 != "--no-deref" })
        if words.first == "-d", words.count == 3 {
            return move(words[1], to: nil, from: words[2], &state) ?? .done
        }
        if words.first == "-m" { words = Array(words.dropFirst(2)) }
        guard words.count == 3 else { return unknown(call) }
        return move(words[0], to: words[1], from: words[2], &state) ?? .done
    }

    /// Compare and swap; what it refuses is the answer.
    private func move(_ ref: String, to new: String?, from old: String, _ state: inout State) -> GitReply? {
        let now = state.refs[ref] ?? GitObjects.zero
        guard now == old else {
            return .refusal(128, "fatal: cannot lock ref '\(ref)': is at \(now) but expected \(old)")
        }
        if let new, state.objects.commits[new] == nil {
            return .refusal(128, "fatal: update_ref failed for ref '\(ref)': nonexistent object \(new)")
        }
        if sabotage == .forgetsKeptRefs, ref.hasPrefix("refs/chant/kept/") { return .done }
        if now != new, let user = whoHas(ref) { complain("\(ref) moves although \(user) has it checked out") }
        state.refs[ref] = new
        guard now != GitObjects.zero else { return nil }
        let before = state.objects.reachable(from: [now])
        let held = state.objects.reachable(from: Array(state.refs.values))
        for commit in state.precious.intersection(before).subtracting(held).sorted() {
            complain("moving \(ref) loses the agent's commit \(commit.prefix(7))")
        }
        return nil
    }

    /// The work tree that is on this ref.
    private func whoHas(_ ref: String) -> String? {
        if head(of: gitDir) == ref { return "the checkout" }
        return records().first { head(of: $0.record) == ref && access($0.folder, F_OK) == 0 }?.folder
    }

    // MARK: - Worktrees

    func worktree(_ call: GitWords, _ state: inout State) -> GitReply {
        switch call.rest.first {
        case "list": return list(state)
        case "add": return add(worktree: call, &state)
        default: return unknown(call)
        }
    }

    private func list(_ state: State) -> GitReply {
        var fields: [String] = []
        let all = [(record: gitDir, folder: checkout)] + records()
        for (record, folder) in all {
            let ref = head(of: record)
            fields += ["worktree \(folder)", "HEAD \(ref.flatMap { state.refs[$0] } ?? GitObjects.zero)"]
            fields += [ref.map { "branch \($0)" } ?? "detached"]
            if access(folder, F_OK) != 0 { fields.append("prunable gitdir file points to non-existent location") }
            fields.append("")
        }
        return .fields(fields)
    }

    private func add(worktree call: GitWords, _ state: inout State) -> GitReply {
        let words = call.plain.dropFirst()
        guard call.has("--no-checkout"), words.count == 2, let path = words.first, let branch = words.last else {
            return unknown(call)
        }
        let ref = "refs/heads/\(branch)"
        guard state.refs[ref] != nil else { return .refusal(128, "fatal: invalid reference: \(branch)") }
        if let user = whoHas(ref) { return .refusal(128, "fatal: '\(branch)' is already checked out at '\(user)'") }
        guard access(path, F_OK) != 0 else { return .refusal(128, "fatal: '\(path)' already exists") }
        let record = "\(gitDir)/worktrees/\(path.split(separator: "/").last ?? "")"
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: record, withIntermediateDirectories: true)
            try DiskFile.write(Array("ref: \(ref)\n".utf8), to: "\(record)/HEAD")
            try DiskFile.write(Array("../..\n".utf8), to: "\(record)/commondir")
            try DiskFile.write(Array("\(path)/.git\n".utf8), to: "\(record)/gitdir")
            try DiskFile.write(Array("gitdir: \(record)\n".utf8), to: "\(path)/.git")
        } catch {
            return .refusal(128, "fatal: could not create work tree dir '\(path)': \(error)")
        }
        return .done
    }

    /// Writes all files of HEAD into the work tree.
    func reset(_ call: GitWords, _ state: inout State) -> GitReply {
        let record = record(call)
        let folder = workTree(call)
        guard call.has("--hard"), let tip = head(of: record).flatMap({ state.refs[$0] }),
            let tree = state.objects.tree(of: tip)
        else { return unknown(call) }
        for path in (state.indexes[index(call)] ?? [:]).keys where tree[path] == nil { unlink("\(folder)/\(path)") }
        for (path, entry) in tree { DiskFile.put(state.objects.blobs[entry.blob] ?? [], at: "\(folder)/\(path)") }
        state.indexes[index(call)] = tree
        mark(index(call))
        return .done
    }

    /// The index's file: that there is one says that the work tree was filled.
    private func mark(_ index: String) { try? DiskFile.write(Array("DIRC\n".utf8), to: index) }

    /// `git merge --ff-only`: moves the branch and the files, or refuses as a whole.
    func fastForward(_ call: GitWords, _ state: inout State) -> GitReply {
        let record = record(call)
        let folder = workTree(call)
        guard call.has("--ff-only"), let ref = head(of: record), let old = state.refs[ref],
            let before = state.objects.tree(of: old), let after = state.objects.tree(of: call.last)
        else { return unknown(call) }
        if state.objects.isAncestor(call.last, of: old) { return .done }
        guard state.objects.isAncestor(old, of: call.last) else {
            return .refusal(128, "fatal: Not possible to fast-forward, aborting.")
        }
        var index = state.indexes[index(call)] ?? [:]
        var writes: [String] = []
        var inTheWay: [String] = []
        for path in Self.differences(before, after) where index[path] != after[path] {
            let here = DiskFile.read("\(folder)/\(path)").map { state.objects.add(blob: $0) }
            if index[path] == before[path], here == before[path]?.blob {
                writes.append(path)
            } else {
                inTheWay.append(path)
            }
        }
        guard inTheWay.isEmpty else {
            let names = inTheWay.map { "\t\($0)\n" }.joined()
            return .refusal(
                1,
                "error: Your local changes to the following files would be overwritten by merge:\n\(names)"
            )
        }
        for path in Self.differences(before, after) { index[path] = after[path] }
        for path in writes {
            guard let blob = after[path]?.blob else {
                unlink("\(folder)/\(path)")
                continue
            }
            DiskFile.put(state.objects.blobs[blob] ?? [], at: "\(folder)/\(path)")
        }
        state.indexes[self.index(call)] = index
        state.refs[ref] = call.last
        return .done
    }
}
