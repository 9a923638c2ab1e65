import Foundation
import Glibc
import Testing

@testable import ChantDomain

/// A `.chant` folder of a test's own, removed with it.
final class SpecFolder: Sendable {
    let root: String

    init() throws {
        var template = Array((NSTemporaryDirectory() + "/chant-specs-XXXXXX").utf8CString)
        root = try #require(mkdtemp(&template).map { String(cString: $0) })
        try FileManager.default.createDirectory(atPath: chant + "/specs", withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    var chant: String { root + "/.chant" }

    func path(_ name: String) -> String { chant + "/" + name }

    /// Writes as a person's editor does: in place.
    func write(_ text: String, to name: String) throws {
        let path = path(name)
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    func text(_ name: String) throws -> String {
        String(decoding: try LocalFileSystem().read(path(name)), as: UTF8.self)
    }

    func names(in folder: String) throws -> [String] {
        try LocalFileSystem().list(path(folder)).map(\.name)
    }
}

/// The id of a test.
func specID(_ text: String) throws -> SpecID { try #require(SpecID(text)) }

/// Reads text as a spec.
func readSpec(_ text: String, id: String = "2026-01-24-001-abc") throws -> Spec {
    try Spec(id: specID(id), path: ".chant/specs/\(id).md", document: SpecDocument(bytes: Array(text.utf8)))
}

func document(_ text: String) -> SpecDocument { SpecDocument(bytes: Array(text.utf8)) }

extension SpecDocument {
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// A generator whose numbers depend on the seed alone.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
