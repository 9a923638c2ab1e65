/// An absolute target (`http://host/path`), taken apart; proxies get such, and servers must take them (RFC 9112 §3.2.2).
struct AbsoluteTarget {
    /// In lower case.
    let scheme: String
    let authority: Substring
    /// From the path on; never empty.
    let local: String

    /// `nil` where the target is not absolute.
    init?(_ target: String) {
        guard target.utf8.first != UInt8(ascii: "/"), let colon = target.firstIndex(of: ":"),
            target[colon...].hasPrefix("://")
        else {
            return nil
        }
        scheme = target[..<colon].lowercased()
        let rest = target[colon...].dropFirst(3)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        authority = rest[..<end]
        local = rest[end...].hasPrefix("/") ? String(rest[end...]) : "/" + rest[end...]
    }
}

extension HTTPRequest {
    /// The host, and the port where there is one, that the client believes to speak to; `nil` where it named none.
    var host: String? {
        AbsoluteTarget(rawTarget).map { String($0.authority) } ?? headers["Host"]
    }
}
