/// The last word about a run: from here on a stop comes too late, or the run is nobody's any more.
extension RunControl {
    /// How a run may be settled.
    enum Settling: Sendable, Equatable {
        /// As it ended.
        case asItEnded
        /// As stopped: whoever asked was told so, though the run ended by itself at the same moment.
        case stopped(StopReason)
        /// Not at all: somebody has settled it already, and its spec may belong to another run.
        case notAtAll
    }

    /// Decides how the run is settled; asked once, before anything of its end is written.
    ///
    /// Whoever wants it stopped after this is told that it is too late.
    func beginSettling() -> Settling {
        decide { phase in
            switch phase {
            case .givenUp: return .notAtAll
            case .stopping(.serviceStopped), .open, .moving, .committed, .settling:
                phase = .settling
                return .asItEnded
            case .stopping(let reason):
                phase = .settling
                return .stopped(reason)
            }
        }
    }

    /// Takes the run out of the hands of whoever carries it: nothing that it still does touches spec or target (R44).
    ///
    /// - Returns: `false` where it is just being merged or settled, so that it ends by itself.
    func giveUp() -> Bool {
        decide { phase in
            switch phase {
            case .moving, .committed, .settling: return false
            case .open, .stopping, .givenUp:
                phase = .givenUp
                return true
            }
        }
    }

    /// Whether somebody has given it up.
    var isGivenUp: Bool {
        decide { phase in
            if case .givenUp = phase { true } else { false }
        }
    }
}
