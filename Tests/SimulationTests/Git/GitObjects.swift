import Foundation

/// The objects of a repository in memory: what git keeps below `objects/`.
struct GitObjects {
    struct Commit: Sendable {
        var tree: String
        var parents: [String]
        var message: String
        var seconds: Int
    }

    struct Entry: Sendable, Hashable {
        var mode = "100644"
        var blob: String
    }

    typealias Tree = [String: Entry]

    static let zero = String(repeating: "0", count: 40)

    private(set) var blobs: [String: [UInt8]] = [:]
    private(set) var trees: [String: Tree] = [:]
    private(set) var commits: [String: Commit] = [:]

    mutating func add(blob bytes: [UInt8]) -> String {
        let id = Self.name(of: bytes, 1)
        blobs[id] = bytes
        return id
    }

    mutating func add(tree: Tree) -> String {
        let text = tree.sorted { $0.key < $1.key }.map { "\($0.value.mode) \($0.value.blob) \($0.key)" }
        let id = Self.name(of: Array(text.joined(separator: "\n").utf8), 2)
        trees[id] = tree
        return id
    }

    mutating func add(commit: Commit) -> String {
        let text = ([commit.tree] + commit.parents + [commit.message, "\(commit.seconds)"]).joined(separator: "\n")
        let id = Self.name(of: Array(text.utf8), 3)
        commits[id] = commit
        return id
    }

    /// The files of a commit or of a tree.
    func tree(of id: String) -> Tree? { commits[id].flatMap { trees[$0.tree] } ?? trees[id] }

    /// Two 64-bit sums over eight bytes at a time: fast in a debug build, and nobody attacks a test.
    private static func name(of bytes: [UInt8], _ kind: UInt64) -> String {
        var one = 0x9E37_79B9_7F4A_7C15 &+ kind
        var two = 0xC2B2_AE3D_27D4_EB4F ^ UInt64(bytes.count)
        bytes.withUnsafeBytes { raw in
            var place = 0
            while place < raw.count {
                var word: UInt64 = 0
                if place + 8 <= raw.count {
                    word = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                } else {
                    for index in place..<raw.count { word = word << 8 | UInt64(raw[index]) }
                }
                one = (one ^ word) &* 0xFF51_AFD7_ED55_8CCD
                one ^= one >> 29
                two = (two &+ word) &* 0xC4CE_B9FE_1A85_EC53
                two ^= two >> 31
                place += 8
            }
        }
        let three = UInt32(truncatingIfNeeded: (one &+ two) >> 17)
        return hex(one, 16) + hex(two, 16) + hex(UInt64(three), 8)
    }

    private static func hex(_ value: UInt64, _ width: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: width - text.count) + text
    }
}

// MARK: - History

extension GitObjects {
    /// A commit and all that it is made on.
    func reachable(from tips: [String]) -> Set<String> {
        var seen: Set<String> = []
        var open = tips
        while let next = open.popLast() {
            guard seen.insert(next).inserted, let commit = commits[next] else { continue }
            open += commit.parents
        }
        return seen
    }

    /// What `tip` has and `known` have not, parents after their children.
    func history(of tip: String, without known: [String]) -> [String] {
        let excluded = reachable(from: known)
        var order: [String] = []
        var seen: Set<String> = []
        func visit(_ id: String) {
            guard !excluded.contains(id), seen.insert(id).inserted, let commit = commits[id] else { return }
            for parent in commit.parents { visit(parent) }
            order.append(id)
        }
        visit(tip)
        return order.reversed()
    }

    func isAncestor(_ ancestor: String, of descendant: String) -> Bool {
        reachable(from: [descendant]).contains(ancestor)
    }

    /// A best common ancestor.
    func mergeBase(_ left: String, _ right: String) -> String? {
        let common = reachable(from: [left]).intersection(reachable(from: [right]))
        let best = common.filter { candidate in
            !common.contains { $0 != candidate && isAncestor(candidate, of: $0) }
        }
        return best.min()
    }

    /// Whether a commit changes one of these files against its first parent.
    func touches(_ id: String, _ files: [String]) -> Bool {
        guard let commit = commits[id], let new = trees[commit.tree] else { return false }
        let old = commit.parents.first.flatMap { tree(of: $0) } ?? [:]
        return files.contains { new[$0] != old[$0] }
    }

    /// The tree of a merge of whole files, and the files that both sides changed in different ways.
    func merge(_ ours: String, _ theirs: String) -> (tree: Tree, conflicts: [String])? {
        guard let left = tree(of: ours), let right = tree(of: theirs) else { return nil }
        let base = mergeBase(ours, theirs).flatMap { tree(of: $0) } ?? [:]
        var merged: Tree = [:]
        var conflicts: [String] = []
        for path in Set(left.keys).union(right.keys).union(base.keys).sorted() {
            let (one, two, old) = (left[path], right[path], base[path])
            if one != two, one != old, two != old { conflicts.append(path) }
            merged[path] = one == old ? two : one
        }
        return (merged, conflicts)
    }
}
