import ChantDomain
import Foundation

/// The list of specs: filtered, sorted, page by page.
struct SpecListEndpoints: Sendable {
    /// The names that the query may hold.
    static let query = [
        "status", "type", "label", "ready", "approval", "q", "created_after", "updated_after", "archived", "sort",
        "limit", "cursor",
    ]

    let lists: SpecLists
    let pages = PageCache()
    /// Tells the generations of one service from those of the next.
    private let boot = RequestID.fresh()

    init(_ domain: Domain) {
        lists = domain.specs.lists
    }

    /// Answers `GET /specs`.
    func list(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let query = try SpecQuery(request.query)
        let limit = try request.query.limit()
        let list = Cursor.List("specs", query.canonical)
        let place = try Cursor.place(in: request.query, of: list)
        do {
            let moment = try await lists.moment()
            let key = Digest(of: Array("\(list.digest) \(limit) \(place ?? [])".utf8)).short16
            let page: PageCache.Page
            if let known = pages.page(key, generation: moment.generation) {
                page = known
            } else {
                let found = try await lists.page(query, from: try Self.place(place), limit: limit, at: moment)
                page = Self.write(found, list)
                pages.put(page, key, generation: moment.generation)
            }
            let tag = EntityTag("\(boot).\(moment.generation).\(key)")
            return .bytes(page.bytes, type: "application/json", headers: Page.link(page.next, request))
                .tagged(tag, for: request)
        } catch let error as SpecListError {
            throw Problem(error)
        } catch let error as Problem {
            throw error
        } catch {
            throw .internalFailure("\(error)")
        }
    }

    private static func write(_ page: SpecPage, _ list: Cursor.List) -> PageCache.Page {
        let next = page.next.map { Cursor(list, words($0)) }
        var json = JSONWriter(capacity: 1500 * page.items.count + 100)
        json.raw(#"{"items":["#)
        for (number, item) in page.items.enumerated() {
            if number > 0 { json.raw(",") }
            SpecItemWriter.write(item, to: &json)
        }
        json.number(#"],"total":"#, page.total)
        json.text(#","next":"#, next?.text)
        json.raw("}")
        return PageCache.Page(bytes: json.bytes, next: next)
    }

    private static func words(_ place: SpecPlace) -> [String] {
        switch place {
        case .start: ["start"]
        case .after(let id, let path): ["after", id, path]
        case .walk(let walk, let position): ["walk", walk.text, String(position)]
        }
    }

    private static func place(_ words: [String]?) throws(Problem) -> SpecPlace {
        guard let words else { return .start }
        switch words.first {
        case "after" where words.count == 3: return .after(id: words[1], path: words[2])
        case "walk" where words.count == 3:
            if let walk = WalkID(words[1]), let position = Int(words[2]), position > 0 {
                return .walk(walk, position: position)
            }
        default: break
        }
        throw Cursor.unknown
    }
}

extension SpecQuery {
    private static let longestText = 200

    /// Reads the filters and the order of a request.
    fileprivate init(_ query: QueryItems) throws(Problem) {
        self.init()
        statuses = Set(try query.words("status", of: SpecStatus.self))
        kinds = Set(try query.words("type", of: SpecKind.self))
        labels = Set(query.all("label"))
        ready = try query.flag("ready")
        approval = try query.word("approval", of: Approval.Status.self)
        archived = try query.flag("archived") ?? false
        text = try query.single("q")
        if let text, !(1...Self.longestText).contains(text.utf8.count) {
            throw query.invalid("q", "must be 1 to \(Self.longestText) bytes")
        }
        updatedAfter = try query.moment("updated_after", allowsDay: true)
        createdAfter = try query.moment("created_after", allowsDay: true).map { LocalDay(of: $0) }
        if let order = try query.single("sort") {
            let key = order.hasPrefix("-") ? String(order.dropFirst()) : order
            guard let key = SpecOrder.Key(rawValue: key) else {
                let known = SpecOrder.Key.allCases.map(\.rawValue).joined(separator: ", ")
                throw query.invalid("sort", "must be one of \(known), with - in front for descending")
            }
            self.order = SpecOrder(key, isDescending: order.hasPrefix("-"))
        }
    }
}
