/// The keys of a spec's header that a request can set, and what their values look like (§3.2 of the reference).
///
/// `members` is not among them: on the wire it is computed, and the header's own list decides nothing.
public enum SpecField: String, CaseIterable, Sendable {
    case type, status, labels, context, prompt, branch, commits, model, tracks, origin, schedule, approval
    case dependsOn = "depends_on"
    case targetFiles = "target_files"
    case completedAt = "completed_at"
    case informedBy = "informed_by"
    case sourceBranch = "source_branch"
    case targetBranch = "target_branch"
    case conflictingFiles = "conflicting_files"
    case blockedSpecs = "blocked_specs"
    case originalSpec = "original_spec"
    case lastVerified = "last_verified"
    case verificationStatus = "verification_status"
    case verificationFailures = "verification_failures"
    case replayedAt = "replayed_at"
    case originalCompletedAt = "original_completed_at"
    case replayCount = "replay_count"
    case derivedFields = "derived_fields"
    case outputSchema = "output_schema"
    case isPublic = "public"
    case retryState = "retry_state"

    /// What a value may be.
    public indirect enum Shape: Sendable, Equatable {
        /// One line or several.
        case text
        case texts
        /// A list of what R37 allows as an id.
        case ids
        case flag
        case integer
        /// One of these words.
        case word([String])
        /// A map with these keys, which is merged into the one that is there.
        case map([String: Shape])
    }

    /// What the key's value may be.
    public var shape: Shape {
        switch self {
        case .type: .word(SpecKind.allCases.map(\.rawValue) + ["docs"])
        case .status: .word(SpecStatus.allCases.map(\.rawValue))
        case .dependsOn: .ids
        case .labels, .targetFiles, .context, .commits, .tracks, .informedBy, .origin, .conflictingFiles,
            .blockedSpecs, .verificationFailures, .derivedFields:
            .texts
        case .replayCount: .integer
        case .isPublic: .flag
        case .approval:
            .map([
                "required": .flag, "status": .word(Approval.Status.allCases.map(\.rawValue)), "by": .text, "at": .text,
            ])
        case .retryState:
            .map(["attempts": .integer, "last_retry_time": .integer, "next_retry_time": .integer])
        case .prompt, .branch, .completedAt, .model, .schedule, .sourceBranch, .targetBranch, .originalSpec,
            .lastVerified, .verificationStatus, .replayedAt, .originalCompletedAt, .outputSchema:
            .text
        }
    }
}
