/// One row of the index: a file, read as a spec or not; without its text, which stays on disk.
public final class SpecRow: Sendable {
    /// The file's name without `.md`, whether it can be an id or not.
    let id: String
    /// The place in list order.
    let key: SpecID.SortKey
    /// The file's path below the project's folder.
    let path: String
    /// The spec, where the file can be read as one.
    let spec: Spec?
    /// What is wrong with it, where it cannot.
    let unreadable: UnreadableSpec?

    /// A row of a spec.
    init(_ spec: Spec) {
        id = spec.id.text
        key = spec.id.sortKey
        path = spec.path
        self.spec = spec.withoutText
        unreadable = nil
    }

    /// A row of a file that cannot be read.
    init(_ file: UnreadableSpec) {
        id = file.id
        key = SpecID(file.id)?.sortKey ?? SpecID.SortKey(name: file.id)
        path = file.path
        spec = nil
        unreadable = file
    }

    /// Whether the file lies in the archive.
    var isArchived: Bool { spec?.archived ?? unreadable?.isArchived ?? false }

    /// List order: by id, files of one name by path.
    func precedes(_ other: SpecRow) -> Bool {
        if key < other.key { return true }
        return !(other.key < key) && path.utf8.lexicographicallyPrecedes(other.path.utf8)
    }

    /// Whether a reader of lists would see no difference.
    func isSame(as other: SpecRow) -> Bool {
        path.hasSameBytes(as: other.path) && unreadable == other.unreadable && spec?.revision == other.spec?.revision
            && spec?.updatedAt == other.spec?.updatedAt && (spec == nil) == (other.spec == nil)
    }
}

extension Spec {
    /// The spec without its body and its header as written: what is kept of ten thousand.
    var withoutText: Spec {
        var spec = self
        spec.body = ""
        spec.frontmatter = []
        return spec
    }
}
