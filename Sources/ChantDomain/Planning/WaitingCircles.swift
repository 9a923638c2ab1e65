/// Who waits for himself: the circles of one snapshot, found as far as somebody asks, each spec visited once.
///
/// Two specs are in one circle where each waits for the other, along any way of what is not done (Tarjan's strongly connected
/// components). A list asks for many specs at once; walking anew for each would cost the square of a long chain.
struct WaitingCircles {
    private let order: WaitingOrder
    private var circles: [SpecID: Int] = [:]
    private var numbers: [SpecID: Int] = [:]
    private var lowest: [SpecID: Int] = [:]
    private var open: [SpecID] = []
    private var count = 0

    init(index: SpecIndex) { order = WaitingOrder(index: index) }

    /// Whether `id` and `other`, of which one waits for the other, are in one circle.
    mutating func joins(_ id: SpecID, _ other: SpecID) -> Bool {
        visit(id)
        visit(other)
        return circles[id] == circles[other]
    }

    private mutating func visit(_ root: SpecID) {
        guard numbers[root] == nil else { return }
        // A stack of our own: a chain of ten thousand specs is deeper than a thread's.
        var path = [enter(root)]
        while var step = path.popLast() {
            if let next = step.next() {
                path.append(step)
                if numbers[next] == nil {
                    path.append(enter(next))
                } else if circles[next] == nil {
                    lower(step.id, to: numbers[next])
                }
            } else {
                leave(step.id)
                if let below = path.last { lower(below.id, to: lowest[step.id]) }
            }
        }
    }

    private struct Step {
        let id: SpecID
        var rest: ArraySlice<SpecID>

        mutating func next() -> SpecID? { rest.popFirst() }
    }

    private mutating func enter(_ id: SpecID) -> Step {
        count += 1
        numbers[id] = count
        lowest[id] = count
        open.append(id)
        return Step(id: id, rest: order.isDone(id) ? [] : order.waitsFor(id)[...])
    }

    private mutating func lower(_ id: SpecID, to number: Int?) {
        guard let number, let known = lowest[id], number < known else { return }
        lowest[id] = number
    }

    private mutating func leave(_ id: SpecID) {
        guard lowest[id] == numbers[id], let circle = numbers[id] else { return }
        while let member = open.popLast() {
            circles[member] = circle
            if member == id { return }
        }
    }
}
