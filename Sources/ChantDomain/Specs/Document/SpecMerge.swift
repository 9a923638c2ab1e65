/// Merges what an agent left in its worktree's copy of a spec into the file of the checkout (R39, R57).
///
/// The result is the checkout's file, byte for byte, but for the keys and the body that the agent changed. The
/// service's own keys always stay as the checkout has them. Bodies that both sides changed are left for
/// `git merge-file`.
public enum SpecMerge {
    /// The keys that an agent cannot change (R39).
    public static let serviceKeys: Set<String> = [
        "status", "approval", "commits", "completed_at", "model", "branch", "depends_on", "retry_state",
    ]

    /// What the three versions make.
    public enum Outcome: Sendable, Equatable {
        case merged(SpecDocument)
        case needsTextMerge(Unfinished)
        /// Both sides changed these keys, differently.
        case conflict(keys: [String])
        /// One of the files cannot be read as a spec.
        case unreadable(Side, HeaderProblem)
    }

    /// One of the three versions.
    public enum Side: String, Sendable {
        /// As it was placed into the worktree.
        case placed
        /// As it is in the checkout now.
        case current
        /// As the agent left it.
        case agent
    }

    /// A merge whose bodies both sides changed: the caller merges them as text and hands the result back.
    public struct Unfinished: Sendable, Equatable {
        /// The checkout's file with the agent's keys.
        let document: SpecDocument
        /// The body as it was placed.
        public let base: [UInt8]
        /// The checkout's body.
        public let ours: [UInt8]
        /// The agent's body.
        public let theirs: [UInt8]
        /// What somebody decided about the spec meanwhile, which comes behind the merged body.
        let discussion: [UInt8]

        /// The merged file.
        public func finish(body: [UInt8]) -> SpecDocument {
            document.replacingBody(with: SpecMerge.joined(body, discussion, document.bodyLineEnding))
        }
    }

    /// Merges the three versions of one spec.
    public static func merge(placed: SpecDocument, current: SpecDocument, agent: SpecDocument) -> Outcome {
        var lines: [Side: FrontmatterLines] = [:]
        for (side, document) in [(Side.placed, placed), (.current, current), (.agent, agent)] {
            do { lines[side] = try FrontmatterLines(document) } catch { return .unreadable(side, error) }
        }
        guard let base = lines[.placed], let ours = lines[.current], let theirs = lines[.agent] else {
            return .merged(current)
        }
        let changes = changes(base: base, ours: ours, theirs: theirs)
        guard changes.conflicts.isEmpty else { return .conflict(keys: changes.conflicts) }
        let document = apply(changes.taken, of: agent, theirs, to: current, ours)
        // Lines that lean on other lines of the agent's file (an alias, another indent) cannot be moved alone.
        guard (try? FrontmatterLines(document)) != nil else { return .conflict(keys: changes.taken) }
        return mergeBodies(placed, current, agent, document)
    }

    private static func mergeBodies(
        _ placed: SpecDocument,
        _ current: SpecDocument,
        _ agent: SpecDocument,
        _ document: SpecDocument
    ) -> Outcome {
        let (base, theirs) = (placed.bodyBytes, agent.bodyBytes)
        if theirs == base || theirs == current.bodyBytes { return .merged(document) }
        let (ours, discussion) = splitDiscussion(off: current, base, isNew: !placed.isDiscussed && !agent.isDiscussed)
        let rest = Unfinished(document: document, base: base, ours: ours, theirs: theirs, discussion: discussion)
        return ours == base ? .merged(rest.finish(body: theirs)) : .needsTextMerge(rest)
    }

    /// Takes the discussion off that an approval has put behind the body since: it is no change of the lines above it,
    /// the last of which an agent likes to tick.
    private static func splitDiscussion(
        off current: SpecDocument,
        _ base: [UInt8],
        isNew: Bool
    ) -> (body: [UInt8], discussion: [UInt8]) {
        let body = current.bodyBytes
        guard isNew, let section = current.sections.last, section.heading == SpecDocument.discussionHeading,
            section.range.upperBound == body.count
        else { return (body, []) }
        let discussion = Array(body[section.range])
        if joined(base, discussion, current.bodyLineEnding) == body { return (base, discussion) }
        return (Array(body[..<section.range.lowerBound]), discussion)
    }

    /// A body and a section behind it, a blank line between them.
    fileprivate static func joined(_ body: [UInt8], _ section: [UInt8], _ ending: [UInt8]) -> [UInt8] {
        guard !section.isEmpty else { return body }
        var joined = body
        if !joined.isEmpty, joined.last != 0x0A { joined += ending }
        if !joined.isEmpty, !joined.suffix(2 * ending.count).elementsEqual(ending + ending) { joined += ending }
        return joined + section
    }

    /// The agent's changed keys: those that the checkout left alone, and those that both changed differently.
    private static func changes(
        base: FrontmatterLines,
        ours: FrontmatterLines,
        theirs: FrontmatterLines
    ) -> (taken: [String], conflicts: [String]) {
        var taken: [String] = []
        var conflicts: [String] = []
        let removed = base.entries.map(\.key).filter { theirs[$0] == nil }
        for key in theirs.entries.map(\.key) + removed where !serviceKeys.contains(key) {
            let (old, our, their) = (value(key, base), value(key, ours), value(key, theirs))
            guard their != old, their != our else { continue }
            if our == old { taken.append(key) } else { conflicts.append(key) }
        }
        return (taken, conflicts)
    }

    /// A key's value as text and shape, so that another quote or line ending is no change.
    private static func value(_ key: String, _ lines: FrontmatterLines) -> HeaderValue? {
        lines[key].map { FrontmatterReader(lines: lines).written($0.value) }
    }

    private static func apply(
        _ keys: [String],
        of agent: SpecDocument,
        _ theirs: FrontmatterLines,
        to current: SpecDocument,
        _ ours: FrontmatterLines
    ) -> SpecDocument {
        var edits: [(range: Range<Int>, bytes: [UInt8])] = []
        var added: [UInt8] = []
        for key in keys {
            let new = theirs[key].map { raw(agent.bytes[theirs.byteRange($0.lines)], ending: current.lineEnding) }
            if let old = ours[key] {
                edits.append((ours.byteRange(old.lines), new ?? []))
            } else {
                added += new ?? []
            }
        }
        var document = current.insertingAtHeaderEnd(added)
        if added.isEmpty { document = current }
        // From the end, so that the ranges before stay true; insertion at the end moved none of them.
        for edit in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
            document = document.replacing(edit.range, with: edit.bytes)
        }
        return document
    }

    /// Lines with the checkout's ending.
    private static func raw(_ bytes: ArraySlice<UInt8>, ending: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes {
            guard byte == 0x0A else {
                result.append(byte)
                continue
            }
            if result.last == 0x0D { result.removeLast() }
            result += ending
        }
        return result
    }
}
