/// Which project something belongs to.
public struct ProjectIdentity: Sendable, Hashable {
    /// The project's name on the wire.
    public let name: String
    /// The real path of its `.chant` folder, which identifies it in the journal.
    public let path: String

    /// A project whose `.chant` folder really lies at `path`.
    public init(name: String, path: String) {
        self.name = name
        self.path = path
    }

    /// The folder in which `.chant` lies.
    public var folder: String {
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
