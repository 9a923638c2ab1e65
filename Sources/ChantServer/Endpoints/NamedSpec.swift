import ChantDomain

/// The spec that a request names, by its full id or a part of it.
struct NamedSpec: Sendable {
    let id: SpecID
    private let isPartial: Bool

    /// Resolves `{id}` of the request's path.
    static func find(in context: RequestContext, _ specs: SpecService) async throws(Problem) -> NamedSpec {
        try await find(context.parameters["id"] ?? "", specs)
    }

    /// Resolves what somebody calls a spec; 422 `invalid-id` for what can be part of no id.
    ///
    /// - Parameters:
    ///   - text: the id, or a part of it.
    ///   - specs: who knows them.
    ///   - pointer: where it stands in the request's body; empty for the path.
    /// - Returns: the spec.
    /// - Throws: the problem.
    static func find(
        _ text: String,
        _ specs: SpecService,
        at pointer: String = ""
    ) async throws(Problem) -> NamedSpec {
        guard SpecID(text) != nil else { throw invalid(pointer) }
        do {
            let id = try await specs.resolve(text)
            return NamedSpec(id: id, isPartial: id.text != text)
        } catch {
            throw Problem(error)
        }
    }

    /// The spec of exactly this id, whether there is one or not.
    static func exact(_ text: String) throws(Problem) -> NamedSpec {
        guard let id = SpecID(text) else { throw invalid("") }
        return NamedSpec(id: id, isPartial: false)
    }

    private static func invalid(_ pointer: String) -> Problem {
        let detail = "cannot be one: ids are 1 to 200 bytes of UTF-8 without a slash, a NUL or control characters"
        return .complaining(.invalidID, [ValueComplaint(pointer: pointer, detail: detail)], about: "The id")
    }

    /// The full address, if the request named the spec by a part.
    ///
    /// - Parameter suffix: what follows the spec's own address in the route: `/work`.
    /// - Returns: the header, or none.
    func contentLocation(_ suffix: String = "") -> Headers {
        isPartial ? ["Content-Location": Self.path(id) + suffix] : Headers()
    }

    /// A spec's address.
    static func path(_ id: SpecID) -> String {
        "/specs/" + PathSegment.encoded(id.text)
    }
}

/// One segment of a path.
enum PathSegment {
    private static let unreserved = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8)
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// The segment with everything percent-encoded that RFC 3986 does not leave to us.
    static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if unreserved.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
