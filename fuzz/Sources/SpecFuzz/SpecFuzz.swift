import ChantDomain
import Foundation

/// What libFuzzer calls with each input: the bytes of a spec file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    SpecFuzz(Array(UnsafeBufferPointer(start: start, count: count))).run()
    return 0
}

/// Reads one file and edits it in every way; whatever the bytes are, the promises of R2 and R3 hold.
struct SpecFuzz {
    let bytes: [UInt8]
    let document: SpecDocument

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        document = SpecDocument(bytes: bytes)
    }

    func run() {
        editBody()
        guard let spec = read(document) else {
            // An unreadable file's header is edited only where its YAML is sound; such an edit keeps R2 all the same.
            if let new = try? document.setting("status", to: .text("failed")) { check(new, "status", "failed") }
            return
        }
        for key in spec.frontmatter.prefix(6).map(\.key) + ["status", "fuzz key"] { editKey(key) }
        if let new = try? document.patching("fuzz", with: .map([HeaderEntry("a", .integer(1))])) { undo(new, "fuzz") }
        if let new = try? document.setting("fuzz", to: .text("a: b #c")) { undo(new, "fuzz") }
        merge(spec)
    }

    private func editKey(_ key: String) {
        for text in ["failed", "812e667", "two\nlines"] {
            if let new = try? document.setting(key, to: text) { check(new, key, text) }
        }
        if let new = try? document.settingList(key, to: ["a: b", "c"]) {
            check(new, key)
            require(EditOracle(new.bytes)?.list(key) == ["a: b", "c"], "the list of \(key)", new)
        }
        if let new = try? document.appending("added, #1", toList: key) {
            check(new, key)
            let list = EditOracle(new.bytes)?.list(key)
            require(
                list?.contains("added, #1") ?? (EditOracle(new.bytes)?.scalar(key) == "added, #1"),
                "an item of \(key)",
                new
            )
        }
        if let new = try? document.setting("by", inMap: key, to: .text("ann")) { check(new, key) }
        if let new = try? document.patching(
            key,
            with: .map([HeaderEntry("by", .null), HeaderEntry("n", .decimal(0.5))])
        ) {
            check(new, key)
        }
        if let new = try? document.removing(key) {
            check(new, key)
            require(!(EditOracle(new.bytes)?.keys.contains { $0.name == key } ?? true), "\(key) is still there", new)
        }
    }

    /// Body, title, sections, boxes: the header's bytes stay, and what was written is read back.
    private func editBody() {
        for text in ["", "new\n", "# New\n", "---\nstatus: completed\n---\n"] {
            guard let new = try? document.settingBody(text) else { continue }
            require(read(new)?.frontmatter == read(document)?.frontmatter, "the header after a new body", new)
            require(read(new)?.status == read(document)?.status, "the status after a new body", new)
            if let title = document.title { require(new.title == title || text == "# New\n", "the title", new) }
        }
        if let new = try? document.settingTitle("Fuzz #") {
            require(new.title == "Fuzz #", "the new title", new)
            require(read(new)?.frontmatter == read(document)?.frontmatter, "the header after a new title", new)
        }
        if let new = try? document.appendingSection("Fuzz", text: "text\n") {
            require(new.bytes.starts(with: bytes), "what stands before a new section", new)
            require(new.sections.last?.heading == "Fuzz", "the new section", new)
        }
        let ticked = document.tickingBoxes()
        require(ticked.bytes.count == bytes.count, "the size after ticking", ticked)
        require(zip(ticked.bytes, bytes).allSatisfy { $0 == $1 || ($0 == 0x78 && $1 == 0x20) }, "ticking", ticked)
        require(ticked.tickingBoxes() == ticked, "ticking twice", ticked)
    }

    /// Merging a file with itself and with an edited copy changes what the copy changed.
    private func merge(_ spec: Spec) {
        guard case .merged(let same) = SpecMerge.merge(placed: document, current: document, agent: document) else {
            return fail("a merge with itself", document)
        }
        require(same == document, "a merge with itself", same)
        guard let agent = try? document.setting("fuzz key", to: "x") else { return }
        if case .merged(let new) = SpecMerge.merge(placed: document, current: document, agent: agent) {
            check(new, "fuzz key", spec.frontmatter.contains { $0.key == "fuzz key" } ? nil : "x")
        }
    }

    private func undo(_ new: SpecDocument, _ key: String) {
        guard EditOracle(bytes)?.keys.contains(where: { $0.name == key }) == false else { return }
        check(new, key)
        guard EditOracle(bytes)?.header != nil else { return }
        do { require(try new.removing(key) == document, "undoing \(key)", new) } catch {
            fail("undoing \(key): \(error)", new)
        }
    }

    private func check(_ new: SpecDocument, _ key: String, _ text: String? = nil) {
        if let fault = EditOracle.fault(old: bytes, new: new.bytes, key: key) { fail("\(key): \(fault)", new) }
        if let text { require(EditOracle(new.bytes)?.scalar(key) == text, "\(key) is not \(text)", new) }
    }

    private func read(_ document: SpecDocument) -> Spec? {
        guard let id = SpecID("fuzz") else { return nil }
        return try? Spec(id: id, path: "", document: document)
    }

    private func require(_ holds: Bool, _ what: String, _ new: SpecDocument) {
        if !holds { fail(what, new) }
    }

    private func fail(_ what: String, _ new: SpecDocument) {
        let old = String(decoding: bytes, as: UTF8.self).debugDescription
        fatalError("\(what)\nold: \(old)\nnew: \(String(decoding: new.bytes, as: UTF8.self).debugDescription)")
    }
}
