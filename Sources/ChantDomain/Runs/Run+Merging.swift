extension Run {
    /// Whether its work may still be brought to the target by a person's word: it ended, and not well (R59).
    public var mayBeMerged: Bool {
        switch outcome {
        case .failed, .needsAttention, .paused: mergeCommit == nil
        case .completed, .cancelled, .interrupted, .refused, nil: false
        }
    }
}
