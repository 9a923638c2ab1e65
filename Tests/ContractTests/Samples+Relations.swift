@testable import ChantDomain

extension Samples {
    /// One member that can be read and has everything, and one that cannot.
    static var members: SpecMembers {
        SpecMembers(
            spec: spec,
            items: [
                member(title: "Say hello", .pending, blockedBy: [Blocker("x", .sibling)], run: run, nil),
                member(
                    title: nil,
                    nil,
                    blockedBy: [],
                    run: nil,
                    UnreadableSpec(id: "x", path: "p", revision: "", detail: "It never closes.", line: 2)
                ),
            ]
        )
    }

    private static func member(
        title: String?,
        _ status: SpecStatus?,
        blockedBy: [Blocker],
        run: RunID?,
        _ unreadable: UnreadableSpec?
    ) -> SpecMembers.Item {
        SpecMembers.Item(
            id: otherSpec,
            driver: spec,
            title: title,
            status: status,
            isArchived: false,
            ready: blockedBy.isEmpty,
            blockedBy: blockedBy,
            run: run,
            isLive: false,
            unreadable: unreadable
        )
    }

    /// A dependency that exists, one that does not, and one that waits.
    static var dependencies: SpecDependencies {
        SpecDependencies(
            spec: spec,
            ready: false,
            blockedBy: [Blocker("gone", .missing)],
            items: [
                SpecDependencies.Item(
                    id: otherSpec.text,
                    title: "Say hello",
                    status: .completed,
                    isArchived: true,
                    isDirect: true,
                    neededBy: spec,
                    why: nil
                ),
                SpecDependencies.Item(
                    id: "gone",
                    title: nil,
                    status: nil,
                    isArchived: false,
                    isDirect: false,
                    neededBy: spec,
                    why: .missing
                ),
            ],
            dependents: [SpecDependencies.Dependent(id: otherSpec, title: nil, status: .pending, waits: true)]
        )
    }
}
