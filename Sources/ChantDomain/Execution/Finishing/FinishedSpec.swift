import Foundation

/// Computes the finished bytes of a run's spec and of the drivers that it completes (R57, R13, R9, R8).
struct FinishedSpec: Sendable {
    let store: SpecStore
    let git: GitClient
    let now: @Sendable () -> Date
    let output: OutputCheck

    /// The files as they have to be on the target, from what stands in the checkout now.
    ///
    /// - Throws: `spec-gone`, `spec-edited`, `open-criteria`, `schema-mismatch`, `awaiting-approval`.
    func compute(_ finish: Finish, at moment: String, onto target: ObjectID) async throws(StageFailure) -> FinishedSpecs
    {
        let file = try await current(finish.spec)
        var warnings = try statusWarnings(file, finish)
        let merged = try await merge(finish, current: file.document.bytes, keepingCurrentBody: false)
        let judged = try judge(merged, finish, &warnings)
        try output.judge(judged, finish, &warnings)
        let lacksApproval = try judgeApproval(judged, finish)
        let finished = try completed(judged, finish, at: moment)
        let own = entry(file, finished, path: try await committedPath(of: file, in: target))
        return FinishedSpecs(
            files: [own] + (try await completedDrivers(of: finish.spec, at: moment)),
            warnings: warnings,
            lacksApproval: lacksApproval
        )
    }

    /// The files of a run whose commit is on the target already: nothing is judged any more.
    func afterwards(_ finish: Finish, at moment: String) async throws(StageFailure) -> FinishedSpecs {
        let file = try await current(finish.spec)
        let finished = SpecDocument(bytes: try await again(finish, onto: file.document.bytes, at: moment))
        let own = entry(file, finished)
        return FinishedSpecs(files: [own] + (try await completedDrivers(of: finish.spec, at: moment)), warnings: [])
    }

    /// R35: a status that somebody else wrote during the run is overwritten with a warning, except `cancelled`.
    private func statusWarnings(_ file: SpecFile, _ finish: Finish) throws(StageFailure) -> [RunWarning] {
        guard finish.word == nil else {
            do {
                _ = try file.spec().status.applying(.merge)
                return []
            } catch let error as InvalidTransition {
                throw .init(spec: .illegalTransition(error), finish.spec, while: "merging")
            } catch {
                throw .unexpected(error, while: "reading the spec before merging")
            }
        }
        guard let status = try? file.spec().status, status != .inProgress else { return [] }
        guard status != .cancelled else { throw .stopped(.specCancelled) }
        return [
            RunWarning(
                .statusChangedOutside,
                "The spec's status was \(status.rawValue) in the file when the run was finished."
            )
        ]
    }

    /// Where a spec's file lies inside the repository; `nil` where there is none.
    func path(of spec: SpecID) async -> String? { (try? await store.read(spec)).map(path) }

    private func path(_ file: SpecFile) -> String {
        git.repository.prefix + ".chant" + file.path.dropFirst(store.chantFolder.count)
    }

    /// Where the target has the spec.
    ///
    /// A person may have moved the file in the checkout without committing that: the finishing commit keeps it where the
    /// target has it, so that it is not there twice, and the move stays the person's to commit.
    private func committedPath(of file: SpecFile, in target: ObjectID) async throws(StageFailure) -> String {
        let path = path(file)
        do throws(GitError) {
            guard try await git.treeEntries([path], in: target)[path] == nil else { return path }
            let folder = git.repository.prefix + ".chant/"
            let answer = try await git.run(
                [
                    "ls-tree", "-r", "-z", "--name-only", "--full-tree", target.hex, "--", folder + "specs",
                    folder + "archive",
                ],
                environment: ["GIT_LITERAL_PATHSPECS": "1"]
            )
            let places = answer.fields.filter { $0.hasSuffix("/\(file.id).md") }
            return places.count == 1 ? places[0] : path
        } catch {
            throw .unexpected(error, while: "looking for the spec on the target")
        }
    }

    private func entry(_ file: SpecFile, _ finished: SpecDocument, path committed: String? = nil) -> FinishedSpecs.File
    {
        FinishedSpecs.File(
            spec: file.id,
            path: committed ?? path(file),
            before: file.document.bytes,
            finished: finished.bytes
        )
    }

    /// The finished bytes once more, onto a file that was edited after the finishing commit was made (F4).
    ///
    /// What a person wrote in the meantime stays: where both sides changed the body, theirs remains.
    func again(_ finish: Finish, onto current: [UInt8], at moment: String) async throws(StageFailure) -> [UInt8] {
        let merged = try await merge(finish, current: current, keepingCurrentBody: true)
        var ignored: [RunWarning] = []
        let ticked = finish.criteria == .tick ? try judge(merged, finish, &ignored) : merged
        return try completed(ticked, finish, at: moment).bytes
    }

    private func current(_ spec: SpecID) async throws(StageFailure) -> SpecFile {
        do throws(SpecError) {
            let file = try await store.read(spec)
            _ = try file.spec()
            return file
        } catch {
            throw .init(spec: error, spec, while: "reading the spec before finishing")
        }
    }

    /// R57: the service's keys from the checkout, other keys and the body as `git merge-file` does.
    private func merge(
        _ finish: Finish,
        current: [UInt8],
        keepingCurrentBody: Bool
    ) async throws(StageFailure) -> SpecDocument {
        let placed = SpecDocument(bytes: finish.placed)
        let left = SpecDocument(bytes: finish.left)
        switch SpecMerge.merge(placed: placed, current: SpecDocument(bytes: current), agent: left) {
        case .merged(let document): return document
        case .unreadable(let side, let problem):
            // Where nothing can be taken over, what a person sees in the checkout stays.
            if keepingCurrentBody { return SpecDocument(bytes: current) }
            throw Self.edited(["the \(side.rawValue) file cannot be read: \(problem.detail)"])
        case .conflict(let keys):
            if keepingCurrentBody { return SpecDocument(bytes: current) }
            throw Self.edited(keys.map { "header key \($0)" })
        case .needsTextMerge(let pending):
            do throws(GitError) {
                let text = try await git.mergeText(base: pending.base, ours: pending.ours, theirs: pending.theirs)
                if !text.conflicted { return pending.finish(body: text.bytes) }
            } catch {
                throw .unexpected(error, while: "merging the spec's text")
            }
            if keepingCurrentBody { return pending.finish(body: pending.ours) }
            throw Self.edited(["body"])
        }
    }

    private static func edited(_ parts: [String]) -> StageFailure {
        StageFailure(
            .specEdited,
            "The spec was edited while the agent changed the same part of it; both versions are kept "
                + "(the agent's in the run's folder as spec.after).",
            ["parts": .texts(parts)]
        )
    }

    private func judge(
        _ document: SpecDocument,
        _ finish: Finish,
        _ warnings: inout [RunWarning]
    ) throws(StageFailure) -> SpecDocument {
        let criteria = document.criteria
        guard criteria.checked < criteria.total else { return document }
        switch finish.criteria {
        case .ignore: return document
        case .tick:
            warnings.append(
                RunWarning(.criteriaTicked, "The service ticked \(criteria.total - criteria.checked) open criteria.")
            )
            return document.tickingBoxes()
        case .require:
            throw StageFailure(
                .openCriteria,
                "\(criteria.total - criteria.checked) of \(criteria.total) acceptance criteria are open.",
                [
                    "criteria": .texts(criteria.open), "total": .number(criteria.total),
                    "checked": .number(criteria.checked),
                ]
            )
        }
    }

    private func completed(_ document: SpecDocument, _ finish: Finish, at moment: String) throws(StageFailure)
        -> SpecDocument
    {
        do {
            return try document.finished(commits: finish.commits, completedAt: moment, model: finish.model)
        } catch {
            throw .init(spec: error, finish.spec, while: "writing what the spec achieved")
        }
    }

    /// R9, decided under the target's lock: the drivers whose last open member this was, up the tree.
    private func completedDrivers(of spec: SpecID, at moment: String) async throws(StageFailure) -> [FinishedSpecs.File]
    {
        do throws(SpecError) {
            let index = try await store.index()
            var files: [FinishedSpecs.File] = []
            for completion in SpecGroup.completions(after: spec, becomes: .completed, in: index) {
                let file = try await store.read(completion.driver)
                files.append(entry(file, try file.document.finishedAsDriver(completedAt: moment)))
            }
            return files
        } catch {
            throw .init(spec: error, spec, while: "looking for drivers that this member completes")
        }
    }
}
