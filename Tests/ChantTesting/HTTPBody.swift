/// The head of an answer.
struct HTTPHead {
    let status: Int
    let headers: [String: String]

    /// How the body's end is told.
    var framing: HTTPBody.Framing {
        if status == 204 || status == 304 { return .length(0) }
        if headers["transfer-encoding"]?.lowercased() == "chunked" { return .chunked }
        return headers["content-length"].flatMap { Int($0) }.map { .length($0) } ?? .toEnd
    }

    /// The head and what follows it, once it is complete; an interim `100 Continue` is skipped.
    static func split(_ bytes: [UInt8]) -> (head: HTTPHead, rest: [UInt8])? {
        let mark = Array("\r\n\r\n".utf8)
        guard bytes.count >= 4 else { return nil }
        let end = (0...(bytes.count - 4)).first { bytes[$0..<($0 + 4)].elementsEqual(mark) }
        guard let end else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let rest = Array(bytes[(end + 4)...])
        if status == 100 { return split(rest) }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        return (HTTPHead(status: status, headers: headers), rest)
    }
}

/// Takes a body out of its framing as it arrives.
struct HTTPBody {
    /// How the body's end is told.
    enum Framing: Equatable {
        case chunked
        case length(Int)
        case toEnd
    }

    private enum Expects: Equatable {
        case size
        case data(Int)
        case lineEnd
        case trailer
    }

    private(set) var isComplete = false
    private let framing: Framing
    private var expects = Expects.size
    private var received: [UInt8] = []
    private var ready: [UInt8] = []

    init(framing: Framing) {
        self.framing = framing
        if framing == .length(0) { isComplete = true }
        if case .length(let count) = framing { expects = .data(count) }
    }

    /// Whether the connection may close here.
    var mayEndHere: Bool { framing == .toEnd || isComplete }

    /// What arrived since the last call.
    mutating func take() -> [UInt8] {
        defer { ready = [] }
        return ready
    }

    mutating func append(_ bytes: [UInt8]) {
        guard framing != .toEnd else {
            ready += bytes
            return
        }
        received += bytes
        while !isComplete, step() {}
    }

    /// Takes one part off what was received; false when more is needed.
    private mutating func step() -> Bool {
        switch expects {
        case .data(let count):
            guard !received.isEmpty else { return false }
            let part = received.prefix(count)
            ready += part
            received.removeFirst(part.count)
            let left = count - part.count
            expects = left > 0 ? .data(left) : .lineEnd
            if left == 0, framing != .chunked { isComplete = true }
            return true
        case .size:
            guard let line = line() else { return false }
            let size = Int(line.prefix { $0 != ";" }, radix: 16) ?? 0
            expects = size == 0 ? .trailer : .data(size)
            return true
        case .lineEnd:
            guard line() != nil else { return false }
            expects = .size
            return true
        case .trailer:
            guard let line = line() else { return false }
            isComplete = line.isEmpty
            return true
        }
    }

    private mutating func line() -> String? {
        guard let end = received.firstIndex(of: 10) else { return nil }
        let text = String(decoding: received[..<end].filter { $0 != 13 }, as: UTF8.self)
        received.removeFirst(end + 1)
        return text
    }
}
