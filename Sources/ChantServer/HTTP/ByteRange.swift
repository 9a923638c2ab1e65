/// What `Range` asks for of a document whose length is known (RFC 9110 §14).
enum ByteRange: Equatable {
    /// No range, none that we understand, or several: the whole document answers all of these.
    case whole
    /// These bytes; never none.
    case part(Range<Int>)
    /// Nothing of it is in the document.
    case unsatisfiable

    init(_ header: String?, size: Int) {
        guard let header, let specs = Self.specs(header) else {
            self = .whole
            return
        }
        let parts = specs.compactMap { $0.resolved(size) }
        self = parts.isEmpty ? .unsatisfiable : specs.count == 1 ? .part(parts[0]) : .whole
    }

    private enum Spec {
        case from(Int, through: Int?)
        case last(Int)

        func resolved(_ size: Int) -> Range<Int>? {
            switch self {
            case .from(let first, _) where first >= size: nil
            case .from(let first, let last): first..<(min(last ?? size, size - 1) + 1)
            case .last(let count): count == 0 || size == 0 ? nil : max(0, size - count)..<size
            }
        }
    }

    /// The ranges of the unit bytes; `nil` where one of them is none, since such a header is to be ignored.
    private static func specs(_ header: String) -> [Spec]? {
        let halves = header.split(separator: "=", maxSplits: 1).map(String.init)
        guard halves.count == 2, halves[0].trimmed.equalsIgnoringCase("bytes") else { return nil }
        var specs: [Spec] = []
        for text in halves[1].split(separator: ",") {
            guard let spec = spec(String(text).trimmed) else { return nil }
            specs.append(spec)
        }
        return specs.isEmpty ? nil : specs
    }

    private static func spec(_ text: String) -> Spec? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        switch (number(ends[0]), number(ends[1])) {
        case (let first?, let last?) where first <= last: return .from(first, through: last)
        case (let first?, nil) where ends[1].isEmpty: return .from(first, through: nil)
        case (nil, let count?) where ends[0].isEmpty: return .last(count)
        default: return nil
        }
    }

    /// A number too large for the machine is behind every end.
    private static func number(_ digits: Substring) -> Int? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(digits) ?? .max
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
