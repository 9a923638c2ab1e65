import CMicroHTTPD

/// The head of an answer whose body the hub writes.
enum AnswerHead {
    /// Status line and fields, up to the empty line; the body follows in chunks, and then the connection's end.
    static func bytes(_ response: HTTPResponse, date: String = HTTPDate.now) -> [UInt8] {
        let phrase = MHD_get_reason_phrase_for(UInt32(response.status)).map { String(cString: $0) } ?? ""
        var head = "HTTP/1.1 \(response.status) \(phrase)\r\nDate: \(date)\r\n"
        for field in response.headers.fields where isUsable(field) {
            head += "\(field.name): \(field.value)\r\n"
        }
        head += "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        return Array(head.utf8)
    }

    /// A value that would begin another field is left out, and so is what is said here.
    private static func isUsable(_ field: Headers.Field) -> Bool {
        let taken = ["Connection", "Content-Length", "Date", "Transfer-Encoding"]
        return !taken.contains { field.name.equalsIgnoringCase($0) }
            && (field.name + field.value).utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}
