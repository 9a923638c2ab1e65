import ChantDomain

/// What a person does to one spec and its run: cancel, reset, pause, takeover.
struct ControlEndpoints: Sendable {
    let specs: SpecService
    let control: SpecControl

    init(_ domain: Domain) {
        specs = domain.specs
        control = domain.control
    }

    /// Answers `POST /specs/{id}/cancel`.
    func cancel(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let spec = try await named(request, context)
        do { return shown(try await control.cancel(spec.id), spec, "/cancel") } catch { throw Problem(error) }
    }

    /// Answers `POST /specs/{id}/reset`.
    func reset(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let spec = try await NamedSpec.find(in: context, specs)
        var body = try request.jsonBody(keys: ["force", "by"])
        let isForced = body.bool("force") ?? false
        let name = body.optionalPerson("by")
        if name != nil, !isForced { body.complain("by", "belongs to a forced reset, which alone is on record by name") }
        try body.check()
        do {
            let done =
                isForced
                ? try await control.forceReset(spec.id, by: name ?? "service") : try await control.reset(spec.id)
            return shown(done, spec, "/reset")
        } catch {
            throw Problem(error)
        }
    }

    /// Answers `POST /specs/{id}/pause`.
    func pause(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let spec = try await named(request, context)
        do { return shown(try await control.pause(spec.id), spec, "/pause") } catch { throw Problem(error) }
    }

    /// Answers `POST /specs/{id}/takeover`.
    func takeover(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let spec = try await named(request, context)
        do {
            let (taken, report) = try await control.takeover(spec.id)
            guard let report else { return shown(taken, spec, "/takeover") }
            return .json(TakeoverPayload.json(report, of: spec.id), headers: spec.contentLocation("/takeover"))
        } catch {
            throw Problem(error)
        }
    }

    /// The spec that the path names, for an action that takes no options.
    private func named(
        _ request: HTTPRequest,
        _ context: RequestContext
    ) async throws(Problem) -> NamedSpec {
        let spec = try await NamedSpec.find(in: context, specs)
        _ = try request.jsonBody(keys: [])
        return spec
    }

    /// The spec as it is now: 202 while its run is still being stopped.
    private func shown(_ spec: ControlledSpec, _ named: NamedSpec, _ suffix: String) -> HTTPResponse {
        .json(SpecPayload.whole(spec.view), status: spec.isDone ? 200 : 202, headers: named.contentLocation(suffix))
    }
}
