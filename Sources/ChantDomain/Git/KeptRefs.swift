import Foundation

/// A ref that holds what a run left for people: an old branch tip, or what an agent did not commit.
struct KeptRef: Sendable, Hashable {
    /// Its full name.
    let name: String
    /// What it holds.
    let commit: ObjectID
    /// The run that it is named after; `nil` for a name that the service does not give.
    let run: RunID?
    /// For a branch tip, the part that names the spec.
    let spec: String?
}

extension GitClient {
    /// The refs that only keep something, none of those that finishing needs; by run, the oldest first.
    func keptRefs() async throws(GitError) -> [KeptRef] {
        let format = "--format=%(objectname) %(refname)"
        let answer = try await run(["for-each-ref", format, "refs/chant/kept/", "refs/chant/left/"])
        let refs = answer.lines.compactMap { line -> KeptRef? in
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2, let commit = ObjectID(String(words[0])) else { return nil }
            // refs/chant/kept/<spec>/<run>, refs/chant/left/<run>
            let parts = words[1].split(separator: "/")
            return KeptRef(
                name: String(words[1]),
                commit: commit,
                run: parts.last.flatMap { RunID(String($0)) },
                spec: parts.count == 5 ? String(parts[3]) : nil
            )
        }
        return refs.sorted { ($0.run?.text ?? "", $0.name) < ($1.run?.text ?? "", $1.name) }
    }

    /// Keeps a branch's tip by a ref that is named after its run, or after a moment where that one holds other work (R49).
    ///
    /// - Parameters:
    ///   - tip: what is kept.
    ///   - spec: whose work it is.
    ///   - run: which run had made it.
    ///   - moment: names a further ref.
    /// - Throws: `GitError`; nothing was kept then.
    func keep(_ tip: ObjectID, of spec: SpecID, run: RunID, at moment: Date) async throws(GitError) {
        let held = try await keptRefs().filter { $0.spec == spec.refComponent }
        guard !held.contains(where: { $0.commit == tip }) else { return }
        let own = ChantRef.kept(spec, run)
        let name = held.contains { $0.name == own } ? ChantRef.kept(spec, RunID(at: moment)) : own
        try await updateRef(name, to: tip, from: nil)
    }

    /// The branches whose names begin so.
    func branches(withPrefix prefix: String) async throws(GitError) -> Set<String> {
        let answer = try await run(["for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/"])
        return Set(answer.lines.filter { $0.hasPrefix(prefix) })
    }

    /// Deletes refs that still hold what was seen; one that moved stays, and so do those that come with it.
    func drop(_ refs: [KeptRef]) async throws(GitError) {
        var input: [UInt8] = []
        for ref in refs { input += Array("delete \(ref.name)\0\(ref.commit.hex)\0".utf8) }
        try await run(["update-ref", "--no-deref", "--stdin", "-z"], input: input)
    }
}
