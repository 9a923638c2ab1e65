import Foundation
import Synchronization

@testable import ChantDomain

/// Those who use the service, and those who edit files beside it.
final class People: Sendable {
    private struct State {
        var accepted: Set<RunID> = []
        var cancelled: Set<RunID> = []
        var orders: Set<OrderID> = []
        var edited: Set<String> = []
        var asked: [String: Set<SpecStatus>] = [:]
        var dirty = false
    }

    private let project: SimulatedProject
    private let clock: ManualClock
    private let trace: Trace
    private let state = Mutex(State())

    init(_ project: SimulatedProject, _ clock: ManualClock, _ trace: Trace) {
        self.project = project
        self.clock = clock
        self.trace = trace
    }

    /// The runs that the service said it had taken.
    var accepted: Set<RunID> { state.withLock { $0.accepted } }
    /// The runs of which it said that they stop.
    var cancelled: Set<RunID> { state.withLock { $0.cancelled } }
    /// The orders that the service said it had taken.
    var orders: Set<OrderID> { state.withLock { $0.orders } }
    /// The specs whose files somebody else changed.
    var edited: Set<String> { state.withLock { $0.edited } }

    /// What people said, or may have said, that a spec is to be.
    var asked: [String: Set<SpecStatus>] { state.withLock { $0.asked } }

    func note(accepted run: RunID) { state.withLock { _ = $0.accepted.insert(run) } }

    /// Before the service is asked: it may die right after it did so.
    func note(asking status: SpecStatus, of spec: String) {
        state.withLock { _ = $0.asked[spec, default: []].insert(status) }
    }

    /// One person's doings; a patient one comes back until everything was tried.
    func visit(_ domain: Domain, _ life: ServiceLife, _ dice: Dice, isPatient: Bool) async {
        let size = project.world.size
        for _ in 0..<dice.number(in: size == .tiny ? 1...2 : 1...4) {
            guard await pause(dice.one(of: [0, 5, 120, 900]), life) else { return }
            await act(domain, life, dice)
        }
        guard isPatient, size != .tiny else { return }
        for _ in 1...(size == .large ? 2 : 1) {
            if dice.happens(50) {
                await startOrder(domain, dice)
            } else {
                for spec in project.world.work where dice.happens(60) { await start(spec.id, domain, dice) }
            }
            guard await becomesQuiet(domain, life) else { return }
        }
    }

    /// Waits, though not for ever, until nothing is under way.
    private func becomesQuiet(_ domain: Domain, _ life: ServiceLife) async -> Bool {
        for _ in 0..<100 {
            if Simulation.isQuiet(domain) { return true }
            guard await pause(2000, life) else { return false }
        }
        return true
    }

    private func pause(_ milliseconds: Int, _ life: ServiceLife) async -> Bool {
        try? await life.sleep(for: .milliseconds(milliseconds))
        return !life.isDead
    }

    private func act(_ domain: Domain, _ life: ServiceLife, _ dice: Dice) async {
        let spec = dice.one(of: project.world.specs)
        switch dice.number(in: 0...99) {
        case 0..<34: await start(spec.id, domain, dice)
        case 34..<52: await startOrder(domain, dice)
        case 52..<59: await cancel(domain, dice)
        case 59..<63: await cancelOrder(domain, dice)
        case 63..<80: await edit(spec, domain, dice)
        case 80..<96: await PersonInControl(people: self, trace: trace).act(on: spec, domain, dice)
        default: await disturbCheckout(life, dice)
        }
    }

    private func start(_ spec: String, _ domain: Domain, _ dice: Dice) async {
        guard let id = SpecID(spec) else { return }
        var options = RunOptions()
        if dice.happens(40) { options.agent = dice.one(of: project.world.agents).name }
        if dice.happens(15) { options.skip = [.dependencies] }
        if dice.happens(15) { options.from = .branch }
        if dice.happens(15) { options.allowNoCommits = true }
        do {
            let run = try await domain.runs.start(StartRun(spec: id, options: options))
            state.withLock { _ = $0.accepted.insert(run.id) }
            trace.note("accepted \(spec)")
        } catch {
            trace.note("refused \(spec)")
        }
    }

    private func startOrder(_ domain: Domain, _ dice: Dice) async {
        let named = project.world.specs.filter { _ in dice.happens(60) }.compactMap { SpecID($0.id) }
        var command = StartOrder(
            specs: dice.happens(50) || named.isEmpty ? nil : named,
            labels: dice.happens(20) ? ["sim"] : [],
            mode: dice.one(of: RunMode.allCases)
        )
        if dice.happens(40) { command.order.follow = dice.happens(50) }
        if dice.happens(40) { command.order.onFailure = dice.one(of: FailurePolicy.allCases) }
        if dice.happens(20) { command.order.maxSpecs = dice.number(in: 1...3) }
        if dice.happens(30) { command.order.maxConcurrent = dice.number(in: 1...2) }
        if command.specs != nil { command.labels = [] }
        do {
            let order = try await domain.runs.start(command)
            state.withLock { _ = $0.orders.insert(order.id) }
            trace.note("accepted a \(command.mode.rawValue) of \(order.specs)")
        } catch {
            trace.note("refused a \(command.mode.rawValue)")
        }
    }

    private func cancelOrder(_ domain: Domain, _ dice: Dice) async {
        guard let open = try? domain.runs.journal.openOrders(project: domain.project.path), !open.isEmpty else {
            return
        }
        let order = dice.one(of: open)
        let isDone = (try? await domain.runs.cancel(order, finishRunning: dice.happens(50))) != nil
        trace.note("\(isDone ? "cancelled" : "did not cancel") an order")
    }

    private func cancel(_ domain: Domain, _ dice: Dice) async {
        guard let live = try? domain.runs.journal.liveRuns(), !live.isEmpty else { return }
        let run = dice.one(of: live)
        do {
            let cancelled = try await domain.runs.cancel(run.id)
            if cancelled.cancelRequested { state.withLock { _ = $0.cancelled.insert(run.id) } }
            trace.note("cancelled \(run.specID), which was \(run.state.rawValue)")
        } catch {
            trace.note("not cancelled: \(run.specID)")
        }
    }

    /// An editor saves a spec's file, and somebody looks at the list.
    private func edit(_ spec: DrawnSpec, _ domain: Domain, _ dice: Dice) async {
        let path = project.path(of: spec.id)
        guard let bytes = DiskFile.read(path) else { return }
        var text = String(decoding: bytes, as: UTF8.self)
        switch dice.number(in: 0...9) {
        case 0..<5: text = text.replacingOccurrences(of: "More of it.", with: "More of it, at \(clock.milliseconds).")
        case 5..<7: text = text.replacingOccurrences(of: "# Do", with: "# Please do")
        case 7..<8: text += "\n- [ ] And this\n"
        default:
            guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("status: ") }) else { return }
            let word = dice.one(of: ["cancelled", "pending"])
            text = text.replacingOccurrences(of: line, with: "status: \(word)")
        }
        state.withLock { _ = $0.edited.insert(spec.id) }
        DiskFile.put(Array(text.utf8), at: path)
        trace.note("somebody edits \(spec.id)")
        if let id = SpecID(spec.id) { _ = try? await domain.specs.get(id) }
    }

    /// Somebody changes a tracked file in the checkout, and takes it back a while later.
    private func disturbCheckout(_ life: ServiceLife, _ dice: Dice) async {
        let isFirst = state.withLock { state in
            defer { state.dirty = true }
            return !state.dirty
        }
        guard isFirst, let before = DiskFile.read("\(project.checkout)/shared.txt") else { return }
        let changed = Array("somebody's own words\n".utf8)
        DiskFile.put(changed, at: "\(project.checkout)/shared.txt")
        trace.note("somebody changes shared.txt")
        _ = await pause(dice.one(of: [50, 2000]), life)
        if DiskFile.read("\(project.checkout)/shared.txt") == changed {
            DiskFile.put(before, at: "\(project.checkout)/shared.txt")
            trace.note("and takes it back")
        } else {
            trace.violation("R23: what a person had changed in the checkout was overwritten")
        }
        state.withLock { $0.dirty = false }
    }
}
