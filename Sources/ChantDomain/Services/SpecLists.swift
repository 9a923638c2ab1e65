import Foundation
import Synchronization

/// Where a page of a list begins.
public enum SpecPlace: Sendable, Equatable {
    case start
    /// Behind the file of this name and path, in the order of ids.
    case after(id: String, path: String)
    /// In an order that was written down when the walk began.
    case walk(WalkID, position: Int)
}

/// A part of a list of specs.
public struct SpecPage: Sendable {
    /// The rows.
    public let items: [SpecListing]
    /// How many rows the list has now.
    public let total: Int
    /// Where the next page begins; `nil` on the last one.
    public let next: SpecPlace?
}

/// Why there is no page.
public enum SpecListError: Error, Sendable {
    /// The walk was too long ago, and its order has been thrown away.
    case walkGone
    case spec(SpecError)
}

/// Answers lists of specs from snapshots; what a list costs does not depend on how many specs there are, as long as nothing
/// changes.
public final class SpecLists: Sendable {
    /// How often something was computed: what tests hold instead of times.
    struct Work: Sendable, Equatable {
        var selections = 0
        var views = 0
    }

    private struct Selected {
        let generation: Int
        let selection: SpecSelection
    }

    private struct State {
        var list = SpecListState()
        var circles = WaitingCircles(index: .empty)
        var circlesOf = -1
        var selections: [SpecQuery: Selected] = [:]
        var work = Work()
    }

    private static let rememberedSelections = 32

    private let project: ProjectIdentity
    private let store: SpecStore
    private let journal: Journal
    private let copyPath: @Sendable (SpecID) -> String
    private let walks: Walks
    private let search: SpecSearch
    private let state = Mutex(State())

    init(
        project: ProjectIdentity,
        store: SpecStore,
        journal: Journal,
        copyPath: @escaping @Sendable (SpecID) -> String,
        stateFolder: String
    ) {
        self.project = project
        self.store = store
        self.journal = journal
        self.copyPath = copyPath
        walks = Walks(folder: stateFolder + "/walks")
        search = SpecSearch(projectFolder: project.folder)
    }

    /// What has been computed so far.
    var work: Work { state.withLock { $0.work } }

    /// Everything that lists show now.
    public func moment() async throws(SpecListError) -> SpecListMoment {
        let index: SpecIndex
        do throws(SpecError) { index = try await store.index() } catch { throw .spec(error) }
        return state.withLock { $0.list.moment(index, journal, project, copyPath: copyPath) }
    }

    /// At most `limit` rows of the list, from a place on.
    ///
    /// What is in the list throughout a walk from page to page is in exactly one of them: by ids, because those never change;
    /// by anything else, because the walk keeps the order that it began with.
    public func page(
        _ query: SpecQuery,
        from place: SpecPlace,
        limit: Int,
        at moment: SpecListMoment
    ) async throws(SpecListError) -> SpecPage {
        let selection = await selection(query, moment)
        let rows: ArraySlice<SpecRow>
        var next: SpecPlace?
        switch place {
        case .start where query.order.key == .id:
            rows = selection.rows.prefix(limit)
            next = rows.endIndex < selection.rows.count ? after(rows) : nil
        case .after(let id, let path):
            rows = selection.rows(after: id, path, descending: query.order.isDescending).prefix(limit)
            next = rows.endIndex < selection.rows.count ? after(rows) : nil
        case .start:
            rows = selection.rows.prefix(limit)
            if rows.count < selection.rows.count {
                next = .walk(await walks.begin(selection.walkNames), position: rows.count)
            }
        case .walk(let walk, let position):
            guard let names = await walks.names(of: walk) else { throw .walkGone }
            let part = selection.rows(of: names, from: position, limit: limit)
            rows = part.rows[...]
            next = part.next.map { .walk(walk, position: $0) }
        }
        return SpecPage(items: listings(rows, moment), total: selection.rows.count, next: next)
    }

    private func after(_ rows: ArraySlice<SpecRow>) -> SpecPlace? {
        rows.last.map { .after(id: $0.id, path: $0.path) }
    }

    // MARK: - Selecting

    /// The rows of a query, remembered as long as nothing that it looks at has changed.
    private func selection(_ query: SpecQuery, _ moment: SpecListMoment) async -> SpecSelection {
        let generation = query.ready == nil ? moment.index.generation : moment.generation
        let known = state.withLock { $0.selections[query] }
        if let known, known.generation == generation { return known.selection }
        var rows = moment.index.rows.filter(query.fits)
        if let ready = query.ready {
            rows.removeAll { row in
                row.spec.map { isReady($0, moment) != ready } ?? true
            }
        }
        if let text = query.text { rows = await search.rows(with: text, in: rows) }
        let selection = SpecSelection(rows, order: query.order)
        state.withLock { state in
            if state.selections.count >= Self.rememberedSelections { state.selections.removeAll() }
            state.selections[query] = Selected(generation: generation, selection: selection)
            state.work.selections += 1
        }
        return selection
    }

    private func isReady(_ spec: Spec, _ moment: SpecListMoment) -> Bool {
        Readiness.isReady(spec, in: moment.index, hasLiveRun: moment.run(of: spec.id)?.isLive ?? false)
    }

    // MARK: - Showing

    private func listings(_ rows: ArraySlice<SpecRow>, _ moment: SpecListMoment) -> [SpecListing] {
        state.withLock { state in
            if state.circlesOf != moment.index.generation {
                state.circles = WaitingCircles(index: moment.index)
                state.circlesOf = moment.index.generation
            }
            state.work.views += rows.count
            return rows.compactMap { row in
                if let file = row.unreadable { return .unreadable(file) }
                return row.spec.map { .readable(view($0, moment, &state.circles)) }
            }
        }
    }

    private func view(_ spec: Spec, _ moment: SpecListMoment, _ circles: inout WaitingCircles) -> SpecView {
        let index = moment.index
        let run = moment.run(of: spec.id)
        let isLive = run?.isLive ?? false
        let boxes = CriteriaCount(total: spec.criteria.total, checked: spec.criteria.checked)
        return SpecView(
            spec: spec,
            driver: index.driver(of: spec.id),
            members: index.members(of: spec.id),
            ready: Readiness.isReady(spec, in: index, hasLiveRun: isLive),
            blockedBy: Readiness.blockers(of: spec, in: index, &circles),
            allowed: SpecService.allowed(spec, index, isLive: isLive, isStale: moment.stale.contains(spec.id)),
            criteria: isLive ? moment.criteria[spec.id] ?? boxes : boxes,
            stale: moment.stale.contains(spec.id),
            runID: run?.id,
            orderID: run?.orderID,
            usage: moment.usage[spec.id.text] ?? RunUsage()
        )
    }
}
