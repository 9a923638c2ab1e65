extension GitClient {
    /// What is shown of each side's changes at most.
    private static let longestDiff = 128 << 10

    /// What two branches changed in some files since they parted, each as a diff below its name.
    ///
    /// - Parameters:
    ///   - files: their paths in the repository; none means all.
    ///   - branch: the one branch's name, as somebody wrote it.
    ///   - other: the other one's.
    /// - Returns: the text; empty where one of the branches is gone.
    func bothSides(_ files: [String], of branch: String, and other: String) async -> String {
        do {
            guard let left = BranchName(branch), let right = BranchName(other), let leftTip = try await tip(of: left),
                let rightTip = try await tip(of: right), let base = try await mergeBase(leftTip, rightTip)
            else { return "" }
            let sides = try await [(left, diff(base, leftTip, files)), (right, diff(base, rightTip, files))]
            return sides.map { "Changed on `\($0.0)`:\n\n```diff\n\($0.1)\n```" }.joined(separator: "\n\n")
        } catch {
            return ""
        }
    }

    private func diff(_ from: ObjectID, _ to: ObjectID, _ files: [String]) async throws(GitError) -> String {
        let answer = try await run(
            [
                "diff", "--no-ext-diff", "--no-textconv", "--no-color", "-p", "--src-prefix=a/", "--dst-prefix=b/",
                from.hex, to.hex, "--",
            ] + files,
            environment: ["GIT_LITERAL_PATHSPECS": "1"]
        )
        guard answer.output.count > Self.longestDiff else { return answer.text }
        let kept = String(decoding: answer.output.prefix(Self.longestDiff), as: UTF8.self)
        return kept + "\n[cut after \(Self.longestDiff) of \(answer.output.count) bytes]"
    }
}
