@testable import ChantDomain

/// Makes an index from short lines: `id status key: value; key: value`.
///
/// `X pending depends_on: [A, B]` is a spec with that header; a status `unreadable` makes a file that is none, and an id that
/// ends in `!` an archived spec.
enum IndexFixture {
    static func index(_ lines: [String]) throws -> SpecIndex {
        var specs: [Spec] = []
        var unreadable: [UnreadableSpec] = []
        for line in lines {
            let parts = line.split(separator: " ", maxSplits: 2)
            let name = parts[0].hasSuffix("!") ? parts[0].dropLast() : parts[0]
            guard let id = SpecID(String(name)) else { throw Fault.noID(line) }
            if parts[1] == "unreadable" {
                let path = ".chant/specs/\(name).md"
                unreadable.append(UnreadableSpec(id: id.text, path: path, revision: "", detail: "broken", line: 2))
                continue
            }
            let keys = parts.count > 2 ? parts[2].replacing("; ", with: "\n") : ""
            let text = "---\nstatus: \(parts[1])\n\(keys)\n---\n# \(name)\n"
            let document = SpecDocument(bytes: Array(text.utf8))
            specs.append(
                try Spec(id: id, path: ".chant/specs/\(name).md", document: document, archived: parts[0].hasSuffix("!"))
            )
        }
        return SpecIndex(specs: specs, unreadable: unreadable)
    }

    static func spec(_ name: String, in index: SpecIndex) throws -> Spec {
        guard let spec = SpecID(name).flatMap({ index[$0] }) else { throw Fault.noID(name) }
        return spec
    }

    enum Fault: Error {
        case noID(String)
    }
}
