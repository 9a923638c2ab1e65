import Testing

@testable import ChantDomain

@Suite("Patches of a whole spec")
struct SpecPatchTests {
    private func patch(_ change: (inout SpecPatch) -> Void) -> SpecPatch {
        var patch = SpecPatch()
        change(&patch)
        return patch
    }

    @Test(
        "what was read and comes back changes nothing, whatever bytes it has",
        arguments: [
            "---\nstatus: pending\n---\n# T\n", "# T\r\n\r\nText", "no title at all", "", "\u{FEFF}---\n---\n",
        ]
    )
    func roundTrip(_ text: String) throws {
        let old = document(text)
        #expect(try old.applying(patch { $0.body = old.body }) == old)
        let odd = SpecDocument(bytes: old.bytes + [0xFF, 0xFE, 0x0A])
        #expect(try odd.applying(patch { $0.body = odd.body }) == odd)
    }

    @Test("a title survives a body without one, and gives way to a body with one")
    func title() throws {
        let old = document("---\nstatus: pending\n---\n\n# T\n\nOld.\n")
        #expect(try old.applying(patch { $0.body = "New.\n" }).text == "---\nstatus: pending\n---\n\n# T\n\nNew.\n")
        #expect(
            try old.applying(patch { $0.body = "\n# U\n\nNew.\n" }).text == "---\nstatus: pending\n---\n\n# U\n\nNew.\n"
        )
        #expect(try old.applying(patch { ($0.title, $0.body) = ("V", "New.\n") }).title == "V")
    }

    @Test("a header whose closing marker ends the file takes a body and a title", arguments: ["\n", "\r\n"])
    func noLineEnd(_ end: String) throws {
        let old = document("---\(end)status: pending\(end)---")
        #expect(try old.applying(patch { $0.body = "x" }).text == old.text + end + "x")
        #expect(try old.applying(patch { $0.title = "T" }).text == old.text + end + "# T" + end)
    }

    @Test("a body cannot become a header", arguments: ["---\nstatus: completed\n---\n# T\n", "---\nnever closes\n"])
    func noHeader(_ body: String) throws {
        #expect {
            try document("Text\n").applying(patch { $0.body = body })
        } throws: { error in
            guard case .invalid(let complaints)? = error as? SpecError else { return false }
            return complaints.map(\.pointer) == ["/body"]
        }
        let old = document("---\nstatus: pending\n---\nText\n")
        #expect(try readSpec(old.applying(patch { $0.body = body }).text).status == .pending)
    }

    @Test("a key that cannot be edited alone is refused by its pointer")
    func alias() throws {
        let old = document("---\nlabels: &l [a]\ncontext: *l\n---\n")
        #expect {
            try old.applying(patch { $0.header = [HeaderEntry("labels", .null)] })
        } throws: { error in
            guard case .invalid(let complaints)? = error as? SpecError else { return false }
            return complaints.map(\.pointer) == ["/labels"]
        }
    }

    @Test(
        "every field of the table is a key that the reader knows, and takes a value of its shape",
        arguments: SpecField.allCases
    )
    func fields(_ field: SpecField) throws {
        let value = Self.sample(field.shape)
        let new = try document("# T\n").applying(patch { $0.header = [HeaderEntry(field.rawValue, value)] })
        let spec = try readSpec(new.text)
        #expect(spec.extra.isEmpty)
        #expect(spec.frontmatter.map(\.key) == [field.rawValue])
        let gone = try new.applying(patch { $0.header = [HeaderEntry(field.rawValue, .null)] })
        #expect(try readSpec(gone.text).frontmatter.isEmpty)
    }

    private static func sample(_ shape: SpecField.Shape) -> HeaderValue {
        switch shape {
        case .text: .text("some: text # not a comment")
        case .texts, .ids: .texts(["812e667", "a, b"])
        case .flag: .flag(true)
        case .integer: .integer(7)
        case .word(let words): .text(words[0])
        case .map(let shapes): .map(shapes.sorted { $0.key < $1.key }.map { HeaderEntry($0.key, sample($0.value)) })
        }
    }
}
