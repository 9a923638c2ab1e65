import Logging

/// Tells whoever schedules that specs have changed, whoever changed them: an edit, an approval, a merge by a person's word,
/// a reset, another program may have made one ready that an order waits for (R16).
struct SpecNews: Sendable {
    let journal: Journal
    let logger: Logger
    let changed: @Sendable () -> Void

    /// After it has told it says nothing for so long: a thousand edits are not a thousand looks at all specs.
    static let pause = Duration.milliseconds(100)

    /// Listens until its task is cancelled or the journal is closed.
    ///
    /// The last change is always told after it was made.
    func run() async {
        let (moments, told) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await listen { told.yield() }
                told.finish()
            }
            for await _ in moments {
                changed()
                try? await Surroundings.sleep(for: Self.pause)
            }
            group.cancelAll()
        }
    }

    private func listen(_ tell: () -> Void) async {
        while !Task.isCancelled {
            let events = journal.subscribe(after: nil)
            // What happened before this subscription, and after the one before.
            tell()
            for await event in events {
                if case .specChanged = event.event { tell() }
            }
            switch events.ending {
            case .overflowed: continue
            case .failed(let error):
                logger.warning("changes of specs not heard of for a moment", metadata: ["why": "\(error)"])
                try? await Surroundings.sleep(for: .seconds(1))
            case .finished, .cancelled, nil: return
            }
        }
    }
}
