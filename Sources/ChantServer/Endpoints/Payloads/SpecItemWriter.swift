import ChantDomain

/// Writes specs of lists straight into bytes: the same members as `SpecPayload.item`, to which a test holds it.
///
/// A list has hundreds of them; building a tree of values for each costs many times more than its text.
enum SpecItemWriter {
    static func write(_ listing: SpecListing, to json: inout JSONWriter) {
        switch listing {
        case .readable(let view):
            file(view.spec, &json)
            header(view.spec, &json)
            lists(view.spec, &json)
            conflictAndVerification(view.spec, &json)
            computed(view, &json)
            json.raw("}")
        case .unreadable(let file): unreadable(file, &json)
        }
    }

    private static func unreadable(_ file: UnreadableSpec, _ json: inout JSONWriter) {
        json.text(#"{"id":"#, file.id)
        json.text(#","path":"#, file.path)
        json.text(#","revision":"#, file.revision.isEmpty ? nil : file.revision)
        json.text(#","unreadable":{"detail":"#, file.detail)
        json.number(#","line":"#, file.line)
        json.raw("}}")
    }

    private static func file(_ spec: Spec, _ json: inout JSONWriter) {
        json.text(#"{"id":"#, spec.id.text)
        json.text(#","title":"#, spec.title)
        json.text(#","path":"#, spec.path)
        json.text(#","updated_at":"#, Timestamp.text(spec.updatedAt))
        json.flag(#","archived":"#, spec.archived)
        json.text(#","revision":"#, spec.revision)
    }

    private static func header(_ spec: Spec, _ json: inout JSONWriter) {
        json.text(#","type":"#, spec.kind.rawValue)
        json.text(#","status":"#, spec.status.rawValue)
        json.text(#","prompt":"#, spec.prompt)
        json.text(#","branch":"#, spec.branch)
        json.text(#","completed_at":"#, spec.completedAt)
        json.text(#","model":"#, spec.model)
        json.text(#","schedule":"#, spec.schedule)
        json.text(#","output_schema":"#, spec.outputSchema)
        json.flag(#","public":"#, spec.isPublic)
        json.raw(#","approval":"#)
        if let approval = spec.approval {
            json.flag(#"{"required":"#, approval.required)
            json.text(#","status":"#, approval.status.rawValue)
            json.text(#","by":"#, approval.by)
            json.text(#","at":"#, approval.at)
            json.raw("}")
        } else {
            json.raw("null")
        }
        json.raw(#","retry_state":"#)
        if let retry = spec.retryState {
            json.number(#"{"attempts":"#, retry.attempts)
            json.number(#","last_retry_time":"#, retry.lastRetryTime)
            json.number(#","next_retry_time":"#, retry.nextRetryTime)
            json.raw("}")
        } else {
            json.raw("null")
        }
        json.raw(#","extra":"#)
        if spec.extra.isEmpty { json.raw("{}") } else { json.write(SpecPayload.json(spec.extra)) }
    }

    private static func lists(_ spec: Spec, _ json: inout JSONWriter) {
        if let dependsOn = spec.dependsOn {
            json.texts(#","depends_on":"#, dependsOn)
        } else {
            json.raw(#","depends_on":null"#)
        }
        json.texts(#","labels":"#, spec.labels)
        json.texts(#","target_files":"#, spec.targetFiles)
        json.texts(#","context":"#, spec.context)
        json.texts(#","commits":"#, spec.commits)
        json.texts(#","tracks":"#, spec.tracks)
        json.texts(#","informed_by":"#, spec.informedBy)
        json.texts(#","origin":"#, spec.origin)
        json.texts(#","derived_fields":"#, spec.derivedFields)
    }

    private static func conflictAndVerification(_ spec: Spec, _ json: inout JSONWriter) {
        json.text(#","source_branch":"#, spec.sourceBranch)
        json.text(#","target_branch":"#, spec.targetBranch)
        json.texts(#","conflicting_files":"#, spec.conflictingFiles)
        json.texts(#","blocked_specs":"#, spec.blockedSpecs)
        json.text(#","original_spec":"#, spec.originalSpec)
        json.text(#","last_verified":"#, spec.lastVerified)
        json.text(#","verification_status":"#, spec.verificationStatus)
        json.texts(#","verification_failures":"#, spec.verificationFailures)
        json.text(#","replayed_at":"#, spec.replayedAt)
        json.text(#","original_completed_at":"#, spec.originalCompletedAt)
        json.number(#","replay_count":"#, spec.replayCount)
    }

    private static func computed(_ view: SpecView, _ json: inout JSONWriter) {
        json.text(#","driver":"#, view.driver?.text)
        json.texts(#","members":"#, view.members.map(\.text))
        json.flag(#","ready":"#, view.ready)
        json.raw(#","blocked_by":["#)
        for (number, blocker) in view.blockedBy.enumerated() {
            if number > 0 { json.raw(",") }
            json.text(#"{"id":"#, blocker.id)
            json.text(#","why":"#, blocker.why.rawValue)
            json.raw("}")
        }
        json.raw("]")
        json.texts(#","allowed":"#, view.allowed)
        json.number(#","criteria":{"total":"#, view.criteria.total)
        json.number(#","checked":"#, view.criteria.checked)
        json.flag(#"},"stale":"#, view.stale)
        json.text(#","run_id":"#, view.runID?.text)
        json.text(#","order_id":"#, view.orderID?.text)
        json.number(#","usage":{"input_tokens":"#, view.usage.inputTokens)
        json.number(#","output_tokens":"#, view.usage.outputTokens)
        json.amount(#","cost_usd":"#, view.usage.costUSD)
        json.raw("}")
    }
}
