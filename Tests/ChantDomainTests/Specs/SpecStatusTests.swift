import Testing

@testable import ChantDomain

@Suite("R6: the one transition table")
struct SpecStatusTests {
    /// The table of the rules, drawn again: what is not in it is refused.
    static let table: [SpecStatus: [SpecEvent: SpecStatus]] = [
        .pending: [
            .start: .inProgress, .completeDriver: .completed, .cancel: .cancelled, .forcedReset: .pending,
        ],
        .inProgress: [
            .release: .pending, .resetStale: .pending, .pause: .paused, .takeover: .paused, .finish: .completed,
            .finalizeStale: .completed, .completeDriver: .completed, .fail: .failed, .flag: .needsAttention,
            .cancel: .cancelled, .forcedReset: .pending,
        ],
        .paused: [
            .reset: .pending, .start: .inProgress, .resume: .inProgress, .merge: .completed, .finalize: .completed,
            .completeDriver: .completed, .cancel: .cancelled, .forcedReset: .pending,
        ],
        .failed: [
            .reset: .pending, .start: .inProgress, .merge: .completed, .finalize: .completed,
            .completeDriver: .completed, .cancel: .cancelled, .forcedReset: .pending,
        ],
        .needsAttention: [
            .reset: .pending, .start: .inProgress, .merge: .completed, .finalize: .completed,
            .completeDriver: .completed, .cancel: .cancelled, .forcedReset: .pending,
        ],
        .completed: [
            .reset: .pending, .drift: .needsAttention, .verify: .needsAttention, .forcedReset: .pending,
        ],
        .cancelled: [.reset: .pending, .forcedReset: .pending],
    ]

    @Test("R6: every status with every event", arguments: SpecStatus.allCases, SpecEvent.allCases)
    func transitions(status: SpecStatus, event: SpecEvent) {
        let expected = SpecStatusTests.table[status]?[event]
        do {
            let next = try status.applying(event)
            #expect(next == expected)
        } catch {
            #expect(expected == nil)
            #expect(error == InvalidTransition(from: status, event: event))
        }
    }

    @Test(
        "R6: what a refusal says can be asked for",
        arguments: [
            (.pending, [.inProgress, .cancelled]),
            (.inProgress, [.pending, .paused, .completed, .failed, .needsAttention, .cancelled]),
            (.paused, [.pending, .inProgress, .completed, .cancelled]),
            (.failed, [.pending, .inProgress, .completed, .cancelled]),
            (.needsAttention, [.pending, .inProgress, .completed, .cancelled]),
            (.completed, [.pending, .needsAttention]), (.cancelled, [.pending]),
        ] as [(SpecStatus, [SpecStatus])]
    )
    func allowed(status: SpecStatus, targets: [SpecStatus]) { #expect(status.allowed == targets) }

    @Test(
        "R5: words on disk",
        arguments: [
            ("blocked", .pending), ("in_progress", .inProgress), ("needs_attention", .needsAttention),
            ("inprogress", nil), ("ready", nil), ("Pending", nil), ("", nil),
        ] as [(String, SpecStatus?)]
    )
    func words(word: String, status: SpecStatus?) { #expect(SpecStatus(word: word) == status) }

    @Test(
        "R4: words of types",
        arguments: [("docs", .documentation), ("conflict", .conflict), ("Code", nil)] as [(String, SpecKind?)]
    )
    func kinds(word: String, kind: SpecKind?) { #expect(SpecKind(word: word) == kind) }

    @Test("§5.4: an approval is open until it is given")
    func approvals() {
        #expect(Approval(required: true).isOpen)
        #expect(Approval(required: true, status: .rejected).isOpen)
        #expect(Approval(required: true, status: .rejected).isRejected)
        #expect(!Approval(required: true, status: .approved).isOpen)
        #expect(!Approval(required: false).isOpen)
        #expect(!Approval(required: false, status: .rejected).isRejected)
    }
}
