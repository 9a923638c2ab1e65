/// What a request's `Accept` says about media types (RFC 9110 §12.5.1).
struct AcceptedTypes: Sendable {
    private struct Range {
        let type: String
        let quality: Double

        /// How exactly it names `other`: 2 for the type itself, 1 for `text/*`, 0 for `*/*`; `nil` if it does not.
        func precision(for other: String) -> Int? {
            if type == other { return 2 }
            if type == "*/*" || type == "*" { return 0 }
            return type.hasSuffix("/*") && other.hasPrefix(type.dropLast()) ? 1 : nil
        }
    }

    private let ranges: [Range]

    init(_ request: HTTPRequest) {
        ranges = request.headers.all("Accept").flatMap { $0.split(separator: ",") }.compactMap { item in
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let type = parts.first, !type.isEmpty else { return nil }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Self.quality($0.dropFirst(2)) }
            return Range(type: type, quality: quality ?? 1)
        }
    }

    /// 0 to 1; what cannot be read counts as a plain wish.
    private static func quality(_ text: Substring) -> Double {
        guard let value = Double(text), (0...1).contains(value) else { return 1 }
        return value
    }

    /// The one of `offered` that the client likes best, the first of several that it likes equally well.
    ///
    /// - Throws: 406 `not-acceptable` where it likes none.
    func best(of offered: [String]) throws(Problem) -> String {
        var best: String?
        var highest = 0.0
        for type in offered where quality(of: type) > highest {
            best = type
            highest = quality(of: type)
        }
        guard let best else { throw Self.notAcceptable(offered) }
        return best
    }

    private static func notAcceptable(_ offered: [String]) -> Problem {
        Problem(
            .notAcceptable,
            detail: "Accept names none of \(offered.joined(separator: ", ")).",
            members: ["supported": JSONValue(offered)]
        )
    }

    private func quality(of type: String) -> Double {
        guard !ranges.isEmpty else { return 1 }
        var best: (precision: Int, quality: Double) = (-1, 0)
        for range in ranges {
            guard let precision = range.precision(for: type), precision > best.precision else { continue }
            best = (precision, range.quality)
        }
        return best.quality
    }
}
