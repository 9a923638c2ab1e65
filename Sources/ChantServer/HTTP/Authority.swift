import Foundation

/// A host and its port, as `Host` and absolute targets name them.
struct Authority: Sendable, Equatable {
    /// In lower case; without brackets, and without the dot that may close a name.
    let host: String
    /// `nil` where none was given.
    let port: UInt16?

    /// Reads `name`, `name:80`, `[::1]:80`; `nil` for what is none.
    init?(_ text: some StringProtocol) {
        // Names are almost always in lower case already, and `lowercased` makes a new string of them.
        let isLower = text.utf8.allSatisfy { $0 < 0x80 && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        let text = isLower ? String(text) : text.lowercased()
        let end: String.Index
        if text.utf8.first == UInt8(ascii: "[") {
            guard let close = text.firstIndex(of: "]") else { return nil }
            host = String(text[text.index(after: text.startIndex)..<close])
            guard IPAddress.isIPv6(host) else { return nil }
            end = text.index(after: close)
        } else {
            end = text.utf8.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
            let name = text[..<end]
            host = String(name.utf8.count > 1 && name.utf8.last == UInt8(ascii: ".") ? name.dropLast() : name)
            guard Self.isName(host) else { return nil }
        }
        let rest = text[end...]
        guard !rest.isEmpty else {
            port = nil
            return
        }
        let digits = rest.dropFirst().utf8
        guard rest.utf8.first == UInt8(ascii: ":"), digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        // A colon without a port is allowed, and means the usual one.
        port = UInt16(rest.dropFirst())
        guard port != nil || digits.isEmpty else { return nil }
    }

    /// What an empty `Host` names.
    static let nothing = Authority(host: "", port: nil)

    private init(host: String, port: UInt16?) {
        self.host = host
        self.port = port
    }

    /// Whether both name one place; without a port it is 80.
    func isSame(as other: Authority) -> Bool {
        host == other.host && (port ?? 80) == (other.port ?? 80)
    }

    /// Whether only this machine can be meant, whatever a name server says.
    ///
    /// Browsers and resolvers never ask anybody about `localhost` and names below it (RFC 6761).
    var isLoopback: Bool {
        host == "localhost" || host.hasSuffix(".localhost") || IPAddress.isLoopback(host)
    }

    private static func isName(_ host: String) -> Bool {
        !host.isEmpty && host.utf8.count <= 253
            && host.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}

/// Numeric addresses, read as strictly as the kernel writes them.
enum IPAddress {
    static func isIPv6(_ text: String) -> Bool {
        var address = in6_addr()
        return inet_pton(AF_INET6, text, &address) == 1
    }

    /// 127.0.0.0/8 or ::1; not `127.1`, and not an IPv4 address dressed as IPv6.
    static func isLoopback(_ text: String) -> Bool {
        var old = in_addr()
        if inet_pton(AF_INET, text, &old) == 1 { return UInt32(bigEndian: old.s_addr) >> 24 == 127 }
        var new = in6_addr()
        guard inet_pton(AF_INET6, text, &new) == 1 else { return false }
        return withUnsafeBytes(of: &new) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
    }
}
