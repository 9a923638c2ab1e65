import CMicroHTTPD
import Foundation
import Glibc

/// The head of an answer whose body the hub writes.
enum AnswerHead {
    /// Status line and fields, up to the empty line; the body follows in chunks, and then the connection's end.
    static func bytes(_ response: HTTPResponse, at time: time_t = Glibc.time(nil)) -> [UInt8] {
        let phrase = MHD_get_reason_phrase_for(UInt32(response.status)).map { String(cString: $0) } ?? ""
        var head = "HTTP/1.1 \(response.status) \(phrase)\r\nDate: \(date(time))\r\n"
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

    /// A time as HTTP writes it, whatever the locale.
    static func date(_ time: time_t) -> String {
        var seconds = time
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) "
            + "\(parts.tm_year + 1900) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }
}
