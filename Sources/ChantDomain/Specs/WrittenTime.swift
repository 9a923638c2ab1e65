/// A time as people and programs write it into headers: RFC 3339, or a day alone.
enum WrittenTime {
    /// Seconds since 1970, of a day alone those of its beginning in UTC; `nil` for what is no such time.
    static func seconds(_ text: String) -> Double? {
        var rest = Array(text.utf8)[...]
        guard let day = day(&rest) else { return nil }
        guard let separator = rest.popFirst() else { return Double(day * 86_400) }
        guard "Tt ".utf8.contains(separator), let hour = number(&rest, 2), rest.popFirst() == UInt8(ascii: ":"),
            let minute = number(&rest, 2), hour < 24, minute < 60
        else { return nil }
        var seconds = Double(day * 86_400 + hour * 3600 + minute * 60)
        if rest.first == UInt8(ascii: ":") {
            rest.removeFirst()
            guard let second = number(&rest, 2), second <= 60 else { return nil }
            seconds += Double(second) + fraction(&rest)
        }
        guard let offset = offset(&rest), rest.isEmpty else { return nil }
        return seconds - Double(offset)
    }

    private static func day(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard let year = number(&rest, 4), rest.popFirst() == UInt8(ascii: "-"), let month = number(&rest, 2),
            rest.popFirst() == UInt8(ascii: "-"), let day = number(&rest, 2), (1...12).contains(month),
            (1...31).contains(day)
        else { return nil }
        // Days from the civil calendar, with years that begin in March, so that the leap day comes last.
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, _ digits: Int) -> Int? {
        let text = rest.prefix(digits)
        guard text.count == digits, text.allSatisfy({ (48...57).contains($0) }) else { return nil }
        rest = rest.dropFirst(digits)
        return text.reduce(0) { $0 * 10 + Int($1 - 48) }
    }

    private static func fraction(_ rest: inout ArraySlice<UInt8>) -> Double {
        guard rest.first == UInt8(ascii: ".") else { return 0 }
        rest.removeFirst()
        let digits = rest.prefix { (48...57).contains($0) }
        rest = rest.dropFirst(digits.count)
        return digits.reversed().reduce(0) { ($0 + Double($1 - 48)) / 10 }
    }

    /// Seconds east of UTC; without any word it is UTC.
    private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard let sign = rest.popFirst() else { return 0 }
        if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return 0 }
        guard "+-".utf8.contains(sign), let hour = number(&rest, 2) else { return nil }
        if rest.first == UInt8(ascii: ":") { rest.removeFirst() }
        guard let minute = number(&rest, 2) else { return nil }
        return (sign == UInt8(ascii: "+") ? 1 : -1) * (hour * 3600 + minute * 60)
    }
}
