public import Foundation

/// The typed reading of one spec file; the bytes are in its `SpecDocument`.
///
/// Lists of the header are empty where the key is absent; of `dependsOn` the difference matters (readiness, rule 4).
public struct Spec: Sendable, Equatable {
    /// The file's name without `.md`.
    public let id: SpecID
    /// The file's path below the project's folder: `.chant/specs/<id>.md`.
    public let path: String
    /// Whether the file lies in the archive.
    public let archived: Bool
    /// When the file was last written.
    public let updatedAt: Date
    /// The first 16 digits of the digest of the file's bytes.
    public let revision: String

    /// The first level-1 heading outside code fences (R38).
    public internal(set) var title: String?
    /// `type`; `docs` reads as `documentation`.
    public internal(set) var kind = SpecKind.code
    /// `status`; a stored `blocked` reads as `pending` (R5).
    public internal(set) var status = SpecStatus.pending
    /// `depends_on`; `nil` where the key is absent, which differs from an empty list.
    public internal(set) var dependsOn: [String]?
    /// The key `labels`.
    public internal(set) var labels: [String] = []
    /// The key `target_files`.
    public internal(set) var targetFiles: [String] = []
    /// The key `context`.
    public internal(set) var context: [String] = []
    /// The key `prompt`.
    public internal(set) var prompt: String?
    /// The key `branch`: that of the current or last run.
    public internal(set) var branch: String?
    /// The key `commits`, as written.
    public internal(set) var commits: [String] = []
    /// The key `completed_at`, as written.
    public internal(set) var completedAt: String?
    /// `model`, reduced to `opus`, `sonnet` or `haiku` where it names one of them.
    public internal(set) var model: String?
    /// The key `tracks`.
    public internal(set) var tracks: [String] = []
    /// The key `informed_by`.
    public internal(set) var informedBy: [String] = []
    /// The key `origin`.
    public internal(set) var origin: [String] = []
    /// The key `schedule`.
    public internal(set) var schedule: String?
    /// The key `source_branch`.
    public internal(set) var sourceBranch: String?
    /// The key `target_branch`.
    public internal(set) var targetBranch: String?
    /// The key `conflicting_files`.
    public internal(set) var conflictingFiles: [String] = []
    /// The key `blocked_specs`.
    public internal(set) var blockedSpecs: [String] = []
    /// The key `original_spec`.
    public internal(set) var originalSpec: String?
    /// The key `last_verified`, as written.
    public internal(set) var lastVerified: String?
    /// The key `verification_status`.
    public internal(set) var verificationStatus: String?
    /// The key `verification_failures`.
    public internal(set) var verificationFailures: [String] = []
    /// The key `replayed_at`, as written.
    public internal(set) var replayedAt: String?
    /// The key `original_completed_at`, as written.
    public internal(set) var originalCompletedAt: String?
    /// The key `replay_count`.
    public internal(set) var replayCount: Int?
    /// The key `derived_fields`.
    public internal(set) var derivedFields: [String] = []
    /// The key `approval`.
    public internal(set) var approval: Approval?
    /// `members` as the header lists them; who really is a member is `SpecIndex.members(of:)`.
    public internal(set) var listedMembers: [String] = []
    /// The key `output_schema`.
    public internal(set) var outputSchema: String?
    /// The key `public`.
    public internal(set) var isPublic: Bool?
    /// The key `retry_state`.
    public internal(set) var retryState: RetryState?
    /// Keys that are none of these, with their values, in the file's order.
    public internal(set) var extra: [HeaderEntry] = []
    /// The header as the file has it: every key in order, every scalar as it is written.
    public internal(set) var frontmatter: [HeaderEntry] = []
    /// The boxes of the acceptance criteria.
    public internal(set) var criteria = AcceptanceCriteria.none
    /// The text after the header; bytes that are no UTF-8 are replaced here, never on disk.
    public internal(set) var body = ""
}

/// How often a spec has been tried again: `retry_state`.
public struct RetryState: Hashable, Sendable {
    /// Retries so far.
    public let attempts: Int
    /// The last one, in milliseconds since 1970.
    public let lastRetryTime: Int?
    /// The next one, in milliseconds since 1970.
    public let nextRetryTime: Int?
}
