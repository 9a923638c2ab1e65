/// A strong validator of one representation (RFC 9110 §8.8.3).
///
/// The part before the first dot says what is stored, the part after it what is computed from elsewhere: a writer
/// names what was stored, so that what others' runs change never costs a 412.
struct EntityTag: Sendable, Hashable {
    /// The text between the quotes.
    let text: String

    /// A tag of visible ASCII without quotes: digests, generations and dots.
    init(_ text: String) {
        self.text = text
    }

    /// The text before the first dot.
    var stored: Substring { text.prefix { $0 != "." } }

    /// As it stands in a header field.
    var field: String { "\"\(text)\"" }
}

/// What `If-Match` or `If-None-Match` names: every tag there may be, or some.
enum EntityTagList: Sendable, Equatable {
    /// One named tag; a weak one says “as good as”, and is never the stored bytes.
    struct Named: Sendable, Equatable {
        let tag: EntityTag
        let isWeak: Bool
    }

    /// `*`: whatever there is, as long as there is something.
    case any
    case some([Named])

    /// Reads the values of the field; `nil` for what is no list of quoted tags.
    init?(_ values: [String]) {
        var named: [Named] = []
        for value in values {
            if value.trimmed() == "*" {
                guard values.count == 1 else { return nil }
                self = .any
                return
            }
            guard let tags = Self.tags(in: value) else { return nil }
            named += tags
        }
        guard !named.isEmpty else { return nil }
        self = .some(named)
    }

    /// Whether a tag of the list is as good as `tag`: for `If-None-Match`.
    func matchesWeakly(_ tag: EntityTag) -> Bool {
        switch self {
        case .any: true
        case .some(let named): named.contains { $0.tag == tag }
        }
    }

    private static func tags(in value: String) -> [Named]? {
        var named: [Named] = []
        var rest = Array(value.utf8)[...]
        while true {
            // Empty elements of a list are read over (RFC 9110 §5.6.1.2).
            rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") }
            guard !rest.isEmpty else { return named }
            let isWeak = rest.starts(with: "W/".utf8)
            if isWeak { rest = rest.dropFirst(2) }
            guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
            let text = rest.prefix { $0 != UInt8(ascii: "\"") && $0 > 0x20 && $0 != 0x7F }
            rest = rest.dropFirst(text.count)
            guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
            named.append(Named(tag: EntityTag(String(decoding: text, as: UTF8.self)), isWeak: isWeak))
            rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
            guard rest.first.map({ $0 == UInt8(ascii: ",") }) ?? true else { return nil }
        }
    }
}

extension HTTPRequest {
    /// What `If-Match` names; `nil` where the request does not have it.
    ///
    /// - Throws: 400 for what is no list of quoted tags: a writer's condition is never passed over.
    func ifMatch() throws(Problem) -> EntityTagList? {
        let values = headers.all("If-Match")
        guard !values.isEmpty else { return nil }
        guard let list = EntityTagList(values) else {
            let detail = "If-Match is `*` or a list of tags in double quotes, as ETag gave them; it came as"
            throw Problem(.malformedRequest, detail: "\(detail) \(values.joined(separator: ", ")).")
        }
        return list
    }

    /// Whether `If-None-Match` says that the client has what `tag` names; a field that cannot be read says nothing.
    func has(_ tag: EntityTag) -> Bool {
        EntityTagList(headers.all("If-None-Match"))?.matchesWeakly(tag) ?? false
    }
}

extension HTTPResponse {
    /// The answer under its tag: 304 without a body where the client has it already, by GET as by HEAD.
    ///
    /// - Parameters:
    ///   - tag: the tag.
    ///   - vary: the request's fields that choose between representations.
    ///   - request: what was asked.
    /// - Returns: the answer with `ETag` and `Vary`.
    func tagged(_ tag: EntityTag, vary: String? = nil, for request: HTTPRequest) -> HTTPResponse {
        var tagged = self
        tagged.headers["ETag"] = tag.field
        if let vary { tagged.headers["Vary"] = vary }
        guard status == 200, request.has(tag), request.method == "GET" || request.method == "HEAD" else {
            return tagged
        }
        tagged.headers["Content-Type"] = nil
        // The length that 200 would tell; the transport would else have to say that it is 0, or close.
        if case .bytes(let bytes) = body { tagged.headers["Content-Length"] = String(bytes.count) }
        tagged.status = 304
        tagged.body = .none
        return tagged
    }
}

extension String {
    /// The text without blanks and tabs at both ends.
    fileprivate func trimmed() -> Substring {
        var text = self[...]
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
