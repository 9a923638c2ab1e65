import Testing

@testable import ChantDomain

/// Makes every kind of edit on one file, and holds each result against `EditOracle`.
struct EveryEdit {
    let name: String
    let old: SpecDocument
    /// What was wrong, with the edit's name.
    private(set) var faults: [String] = []
    /// How many edits were made, and the errors of those that were refused.
    private(set) var made = 0
    private(set) var refusals: [(edit: String, error: SpecError)] = []

    init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        old = SpecDocument(bytes: bytes)
        let keys = EditOracle(bytes)?.keys.map(\.name) ?? []
        for key in keys + ["status", "labels", "approval", "added"] { editHeader(key) }
        undo()
        editBody()
    }

    private mutating func editHeader(_ key: String) {
        attempt("set \(key)", key, scalar: "812e667") { old throws(SpecError) in try old.setting(key, to: "812e667") }
        attempt("set \(key) to a list", key, list: ["a: b", "c"]) { old throws(SpecError) in
            try old.settingList(key, to: ["a: b", "c"])
        }
        attempt("set a key in \(key)", key) { old throws(SpecError) in
            try old.setting("by", inMap: key, to: .text("ann"))
        }
        attempt("patch \(key)", key) { old throws(SpecError) in
            try old.patching(key, with: .map([HeaderEntry("at", .null), HeaderEntry("n", .decimal(0.5))]))
        }
        attempt("remove \(key)", key) { old throws(SpecError) in try old.removing(key) }
        attempt("append to \(key)", key) { old throws(SpecError) in try old.appending("new #1", toList: key) }
        attempt("set \(key) to two lines", key, scalar: "a\nb") { old throws(SpecError) in
            try old.setting(key, to: "a\nb")
        }
    }

    private mutating func attempt(
        _ edit: String,
        _ key: String,
        scalar: String? = nil,
        list: [String]? = nil,
        _ change: (SpecDocument) throws(SpecError) -> SpecDocument
    ) {
        let new: SpecDocument
        do { new = try change(old) } catch {
            refusals.append((edit, error))
            return
        }
        made += 1
        if let fault = EditOracle.fault(old: old.bytes, new: new.bytes, key: key) { faults.append("\(edit): \(fault)") }
        let after = EditOracle(new.bytes)
        if let scalar, after?.scalar(key) != scalar { faults.append("\(edit): is \(after?.scalar(key) ?? "nothing")") }
        if let list, after?.list(key) != list { faults.append("\(edit): is \(after?.list(key) ?? [])") }
        if edit == "remove \(key)", after?.keys.contains(where: { $0.name == key }) ?? true {
            faults.append("\(edit): still there")
        }
    }

    /// What is set and set back, or added and removed, leaves every byte as it was.
    private mutating func undo() {
        guard let before = EditOracle(old.bytes), before.header != nil else { return }
        do throws(SpecError) {
            let added: [SpecDocument] = [
                try old.setting("zzz", to: "x"), try old.settingList("zzz", to: ["a"]),
                try old.setting("a", inMap: "zzz", to: .integer(1)),
            ]
            for new in added where try new.removing("zzz") != old { faults.append("adding and removing") }
            if let word = before.scalar("status"), ["pending", "completed", "failed", "in_progress"].contains(word) {
                let there = try old.setting("status", to: "paused")
                if try there.setting("status", to: word) != old { faults.append("setting status and back") }
            }
        } catch {
            refusals.append(("undo", error))
        }
    }

    /// Edits of the body leave the header's bytes alone, and what stands before what they add.
    private mutating func editBody() {
        let head = old.bytes.prefix(old.bodyRange.lowerBound)
        func kept(_ new: SpecDocument) -> Bool { new.bytes.starts(with: head) }
        let ticked = old.tickingBoxes()
        let others = zip(ticked.bytes, old.bytes).filter { $0 != $1 }
        if ticked.bytes.count != old.bytes.count || !others.allSatisfy({ $0 == 0x78 && $1 == 0x20 }) {
            faults.append("ticking")
        }
        if ticked.criteria.checked != old.criteria.total { faults.append("ticking: boxes are left") }
        do throws(SpecError) {
            let section = try old.appendingSection("Every Edit", text: "a\nb")
            if !section.bytes.starts(with: old.bytes) { faults.append("appending a section") }
            let body = try old.settingBody("new text\n")
            if !kept(body) || body.title != old.title { faults.append("replacing the body") }
            if try old.settingBody(old.body) != old, !old.body.unicodeScalars.contains("\u{FFFD}") {
                faults.append("the same body")
            }
            let title = try old.settingTitle("Another")
            if !kept(title) || title.title != "Another" { faults.append("the title") }
            if let word = old.title, word.unicodeScalars.allSatisfy({ $0 != "\u{FFFD}" }), old.titleIsPlain,
                try title.settingTitle(word) != old
            {
                faults.append("the title and back")
            }
        } catch {
            refusals.append(("body", error))
        }
    }
}

extension SpecDocument {
    /// Whether the title's line is written in the usual form.
    fileprivate var titleIsPlain: Bool {
        guard let title else { return false }
        return bytes.split(separator: 0x0A).contains { line in
            line.elementsEqual("# \(title)".utf8) || line.elementsEqual("# \(title)\r".utf8)
        }
    }
}
