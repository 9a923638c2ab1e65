/// What libmicrohttpd 0.9.75 lets through and must not pass: requests that another program in between might read
/// differently, and paths that mean more than they say.
enum ProtocolChecks {
    /// The request without its body, if everything is in order.
    static func check(_ head: RequestHead) throws(Problem) -> HTTPRequest {
        guard head.isWellFormed else {
            throw malformed(
                "A line of the header does not end with CR LF, goes on in the next line, or holds a NUL."
            )
        }
        guard head.method.utf8.allSatisfy(isTokenByte) else {
            throw malformed("The method has characters that no method may have.")
        }
        try checkFields(head)
        try checkHost(head)
        try checkFraming(head)
        try checkBody(head)
        guard head.method != "CONNECT" else {
            throw Problem(.notImplemented, detail: "This service is no proxy.")
        }
        return try readTarget(head)
    }

    // MARK: - Header

    private static func checkFields(_ head: RequestHead) throws(Problem) {
        for field in head.headers.fields {
            guard !field.name.isEmpty, field.name.utf8.allSatisfy(isTokenByte) else {
                throw malformed("A header field's name has characters that no name may have.")
            }
            guard field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw malformed("The header \(field.name) holds control characters.")
            }
        }
    }

    private static func checkHost(_ head: RequestHead) throws(Problem) {
        let hosts = head.headers.all("Host")
        guard hosts.count <= 1 else { throw malformed("The header Host is given \(hosts.count) times.") }
        guard let host = hosts.first else {
            guard head.isHTTP10 else { throw malformed("The header Host is missing; HTTP/1.1 requires it.") }
            return
        }
        // An empty one is allowed where there is no authority to name.
        guard let named = Authority(host) ?? (host.isEmpty ? .nothing : nil) else {
            throw malformed("The header Host is no host name.")
        }
        guard let target = AbsoluteTarget(head.target) else { return }
        guard Authority(target.authority)?.isSame(as: named) == true else {
            throw malformed("The target and the header Host name different hosts.")
        }
    }

    /// Two readers that disagree on a body's length see different requests behind it.
    private static func checkFraming(_ head: RequestHead) throws(Problem) {
        let codings = head.headers.all("Transfer-Encoding")
        let lengths = head.headers.all("Content-Length")
        if !codings.isEmpty {
            guard lengths.isEmpty else {
                throw malformed("Content-Length and Transfer-Encoding contradict each other.")
            }
            guard !head.isHTTP10 else { throw malformed("HTTP/1.0 has no Transfer-Encoding.") }
            guard codings.count == 1, codings[0].equalsIgnoringCase("chunked") else {
                throw Problem(
                    .notImplemented,
                    detail: "The transfer coding \(codings.joined(separator: ", ")) is not supported; chunked is."
                )
            }
        }
        guard Set(lengths).count <= 1 else { throw malformed("Two different lengths are given for the body.") }
        guard lengths.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { byte in (0x30...0x39).contains(byte) } }) else {
            throw malformed("Content-Length is no number of bytes.")
        }
    }

    /// What a body may be announced with, whichever route it is for.
    private static func checkBody(_ head: RequestHead) throws(Problem) {
        for expectation in head.headers.all("Expect") where !expectation.equalsIgnoringCase("100-continue") {
            throw Problem(.expectationFailed, detail: "The expectation “\(expectation.prefix(100))” is not known.")
        }
        for coding in head.headers.all("Content-Encoding") where !coding.equalsIgnoringCase("identity") {
            throw Problem(
                .unsupportedMediaType,
                detail: "The body is coded as \(coding.prefix(100)); the service takes bodies as they are.",
                members: ["supported": ["identity"]],
                headers: ["Accept-Encoding": "identity"]
            )
        }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^")...UInt8(ascii: "`"), UInt8(ascii: "|"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    // MARK: - Target

    private static func readTarget(_ head: RequestHead) throws(Problem) -> HTTPRequest {
        // By bytes, here and below: to Swift a slash and a combining accent behind it are one character.
        guard head.target.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "#") }) else {
            throw malformed("The target has characters that must be escaped.")
        }
        // What is no UTF-8 came to us as this character.
        guard !head.target.unicodeScalars.contains("\u{FFFD}") else { throw malformed("The target is no UTF-8.") }
        if head.target == "*" {
            guard head.method == "OPTIONS" else { throw malformed("The target * is for OPTIONS alone.") }
            return head.request()
        }
        let local = try originForm(head.target)
        let end = local.utf8.firstIndex(of: UInt8(ascii: "?")) ?? local.endIndex
        let path = try segments(local.utf8[..<end])
        guard let query = QueryItems(parsing: local[end...].dropFirst()) else {
            throw malformed("The query has an invalid escape, a NUL, or is no UTF-8.")
        }
        return head.request(path: path, query: query)
    }

    /// The target from its path on: an absolute one (`http://host/path`) names the host once more.
    private static func originForm(_ target: String) throws(Problem) -> String {
        if target.utf8.first == UInt8(ascii: "/") { return target }
        guard let absolute = AbsoluteTarget(target), ["http", "https"].contains(absolute.scheme) else {
            throw malformed("The target must begin with a slash.")
        }
        guard absolute.scheme == "http" else {
            throw Problem(.unknownHost, detail: "The service speaks for no https address: it has no TLS.")
        }
        return absolute.local
    }

    /// Decodes segment by segment, so that `%2F` does not part what it stands in.
    private static func segments(_ path: Substring.UTF8View) throws(Problem) -> [String] {
        var segments: [String] = []
        for raw in path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let segment = PercentDecoding.decode(raw) else {
                throw malformed("The path has an invalid escape, a NUL, or is no UTF-8.")
            }
            guard segment != ".", segment != ".." else { throw malformed("The path has a segment \(segment).") }
            segments.append(segment)
        }
        return segments == [""] ? [] : segments
    }

    private static func malformed(_ detail: String) -> Problem {
        Problem(.malformedRequest, detail: detail)
    }
}
