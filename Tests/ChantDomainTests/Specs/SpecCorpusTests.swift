import Foundation
import Testing

@testable import ChantDomain

/// Real spec files, outside the package: the folder of `CHANT_CORPUS`, else `../shared/corpus/specs`.
enum SpecCorpus {
    static let folder: String? = {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let near = package.deletingLastPathComponent().appendingPathComponent("shared/corpus/specs").path
        let path = ProcessInfo.processInfo.environment["CHANT_CORPUS"] ?? near
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    static func files() throws -> [(name: String, bytes: [UInt8])] {
        guard let folder else { return [] }
        let files = LocalFileSystem()
        return try files.list(folder).filter { $0.name.hasSuffix(".md") }
            .map { ($0.name, try files.read("\(folder)/\($0.name)")) }
    }
}

@Suite("R2, R4: all files of the corpus", .enabled(if: SpecCorpus.folder != nil, "no corpus: set CHANT_CORPUS"))
struct SpecCorpusTests {
    /// What a simple reader of lines says of a header; the corpus holds no header that it cannot read.
    private struct Oracle {
        var scalars: [String: String] = [:]
        var lists: [String: [String]] = [:]
        var title: String?

        init(_ text: String) {
            var lines = text.components(separatedBy: "\n")[...]
            lines = lines.dropFirst()
            var key = ""
            while let line = lines.popFirst(), line != "---" {
                let trimmed = line.trimmingCharacters(in: .whitespaces)
                if trimmed.hasPrefix("- ") {
                    lists[key, default: []].append(Oracle.plain(String(trimmed.dropFirst(2))))
                } else if !line.hasPrefix(" "), let colon = line.firstIndex(of: ":") {
                    key = String(line[..<colon])
                    let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                    if value.hasPrefix("["), value.hasSuffix("]") {
                        let items = value.dropFirst().dropLast().components(separatedBy: ",")
                        lists[key] = items.map { Oracle.plain($0.trimmingCharacters(in: .whitespaces)) }.filter {
                            !$0.isEmpty
                        }
                    } else if !value.isEmpty {
                        scalars[key] = Oracle.plain(value)
                    }
                }
            }
            title = lines.first { $0.hasPrefix("# ") }.map {
                $0.dropFirst(2).trimmingCharacters(in: .whitespaces)
            }
        }

        static func plain(_ text: String) -> String {
            if text.count > 1, text.hasPrefix("'"), text.hasSuffix("'") {
                return text.dropFirst().dropLast().replacingOccurrences(of: "''", with: "'")
            }
            if text.count > 1, text.hasPrefix("\""), text.hasSuffix("\"") {
                return text.dropFirst().dropLast().replacingOccurrences(of: "\\\"", with: "\"")
            }
            return text.components(separatedBy: " #")[0].trimmingCharacters(in: .whitespaces)
        }
    }

    private func spec(_ file: (name: String, bytes: [UInt8])) throws -> Spec {
        let name = String(file.name.prefix { $0 != "@" })
        return try Spec(id: specID(name), path: "", document: SpecDocument(bytes: file.bytes))
    }

    @Test("R4: every file reads, and agrees with a simple reader of lines")
    func reads() throws {
        let files = try SpecCorpus.files()
        #expect(files.count >= 700)
        for file in files {
            let spec: Spec
            do { spec = try self.spec(file) } catch {
                Issue.record("\(file.name): \(error)")
                continue
            }
            let oracle = Oracle(String(decoding: file.bytes, as: UTF8.self))
            let status = oracle.scalars["status"].map { $0 == "blocked" ? "pending" : $0 }
            #expect(spec.status.rawValue == status ?? "pending", "\(file.name)")
            let kind = oracle.scalars["type"].map { $0 == "docs" ? "documentation" : $0 }
            #expect(spec.kind.rawValue == kind ?? "code", "\(file.name)")
            #expect(spec.title == oracle.title, "\(file.name)")
            #expect(spec.completedAt == oracle.scalars["completed_at"], "\(file.name)")
            #expect(spec.branch == oracle.scalars["branch"] && spec.prompt == oracle.scalars["prompt"], "\(file.name)")
            #expect(spec.commits == oracle.lists["commits"] ?? [], "\(file.name)")
            #expect(spec.labels == oracle.lists["labels"] ?? [], "\(file.name)")
            #expect(spec.targetFiles == oracle.lists["target_files"] ?? [], "\(file.name)")
            #expect(spec.context == oracle.lists["context"] ?? [], "\(file.name)")
            let dependsOn = oracle.lists["depends_on"] ?? oracle.scalars["depends_on"].map { [$0] }
            #expect(spec.dependsOn == dependsOn, "\(file.name)")
        }
    }

    @Test("§14: the statuses and types that appear")
    func words() throws {
        let specs = try SpecCorpus.files().map { try spec($0) }
        let statuses = Set(specs.map(\.status))
        #expect(statuses.isSuperset(of: [.pending, .inProgress, .completed, .failed, .cancelled]))
        #expect(Set(specs.map(\.kind)).isSuperset(of: [.code, .task, .documentation, .research]))
        #expect(specs.allSatisfy { $0.id.dated != nil && $0.title != nil })
    }

    @Test("R2: a status that is set and set back leaves the file byte for byte; so do a key, a list and a removal")
    func roundTrips() throws {
        for file in try SpecCorpus.files() {
            let old = SpecDocument(bytes: file.bytes)
            let word = try spec(file).frontmatter.first { $0.key == "status" }?.value
            let other = word == .text("paused") ? "failed" : "paused"
            let changed = try old.setting("status", to: other)
            #expect(changed != old, "\(file.name)")
            #expect(try changed.setting("status", to: #require(word)) == old, "\(file.name)")
            #expect(try old.setting("branch2", to: "x").removing("branch2") == old, "\(file.name)")
            #expect(try old.settingList("list2", to: ["a", "b"]).removing("list2") == old, "\(file.name)")
            #expect(changed.bodyBytes == old.bodyBytes, "\(file.name)")
        }
    }

    /// Each edit is held against a reader of lines and of YAML.
    ///
    /// That costs more than the edit: all files take two minutes of processor time. The suite takes every seventh; `CHANT_ALL_FILES=1` takes all.
    @Test("R2: every kind of edit on a file changes its key's lines and nothing else")
    func everyEdit() async throws {
        let step = ProcessInfo.processInfo.environment["CHANT_ALL_FILES"] == nil ? 7 : 1
        for (number, file) in try SpecCorpus.files().enumerated() where number % step == 0 {
            // Two cores are two threads for all tests: work without an end would stop every one of them.
            await Task.yield()
            let every = EveryEdit(file.name, file.bytes)
            #expect(every.faults.isEmpty, "\(file.name)")
            let refusals = every.refusals.filter { !$0.edit.hasPrefix("append to") }
            #expect(refusals.isEmpty, "\(file.name): \(refusals)")
        }
    }

    @Test("R38: criteria hidden by glued fences are found, and those in transcripts are not")
    func criteria() throws {
        for file in try SpecCorpus.files() {
            let text = String(decoding: file.bytes, as: UTF8.self)
            guard let output = text.range(of: "\n## Agent Output\n") else { continue }
            // Nothing of the corpus was written below a transcript, so cutting it off changes nothing.
            let cut = String(text[..<output.lowerBound])
            let whole = try spec(file).criteria
            let short = try Spec(id: specID("x"), path: "", document: document(cut)).criteria
            #expect(whole.items.map(\.text) == short.items.map(\.text), "\(file.name)")
        }
    }
}
