/// Reads the result of an edit again, and refuses one that did anything else than it was asked for (R2).
///
/// Lines alone do not tell: an alias elsewhere may point into a key's value, a block of text above may swallow what
/// follows it. Whatever the reason, such an edit is an error with its place, and never a file.
extension SpecDocument {
    /// What a header edit was asked to do.
    struct Change {
        let path: [String]
        /// The value to set; `nil` to remove the key.
        let value: HeaderValue?
    }

    /// The edited document, if its header differs from this one's in the one value only, and its body not at all.
    func checked(
        _ new: SpecDocument,
        _ change: Change,
        _ lines: FrontmatterLines
    ) throws(SpecError) -> SpecDocument {
        if new.bytes == bytes { return self }
        let key = change.path[0]
        let line = lines[key].map { lines.fileLine($0.lines.lowerBound) }
        func refusal(_ why: String) -> SpecError {
            .header(
                HeaderProblem("`\(change.path.joined(separator: "."))` cannot be edited alone: \(why).", line: line)
            )
        }
        let edited: FrontmatterLines
        do { edited = try FrontmatterLines(new) } catch {
            throw refusal("the header could not be read afterwards (\(error.detail.trimmingFullStop))")
        }
        guard new.bodyBytes == bodyBytes else { throw refusal("the body would change") }
        let before = lines.entries.filter { $0.key != key }
        let after = edited.entries.filter { $0.key != key }
        guard before.map(\.key) == after.map(\.key) else { throw refusal("other keys would come or go") }
        let (old, now) = (FrontmatterReader(lines: lines), FrontmatterReader(lines: edited))
        for (one, other) in zip(before, after) where old.written(one.value) != now.written(other.value) {
            throw refusal("the value of `\(one.key)` depends on it")
        }
        guard holds(change, lines[key], lines, edited[key], edited) else {
            throw refusal("YAML would read another value than the one that was asked for")
        }
        return new
    }

    /// Whether the edited key says what was asked for, and the rest of its map what it said before.
    private func holds(
        _ change: Change,
        _ before: FrontmatterLines.Entry?,
        _ lines: FrontmatterLines,
        _ after: FrontmatterLines.Entry?,
        _ edited: FrontmatterLines
    ) -> Bool {
        let key = change.path[0]
        guard let after else { return change.path.count == 1 && change.value == nil }
        let isTyped = FrontmatterReader.isTyped(key)
        if change.path.count == 1 {
            return change.value.map { FrontmatterEdit.says($0, after, isTyped: isTyped, edited) } ?? false
        }
        let rest = Array(change.path.dropFirst())
        let old = before.map { FrontmatterReader(lines: lines).written($0.value) }
        let asked = FrontmatterEdit.setting(rest, to: change.value.map(FrontmatterEdit.words), in: old)
        guard FrontmatterReader(lines: edited).written(after.value) == asked else { return false }
        guard !isTyped else { return true }
        return FrontmatterEdit.value(at: rest, in: FrontmatterEdit.value(of: after, edited)) == change.value
    }
}

extension String {
    fileprivate var trimmingFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
