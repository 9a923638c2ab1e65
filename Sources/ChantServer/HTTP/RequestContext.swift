package import Logging

/// What accompanies a request on its way through middlewares and router.
package struct RequestContext: Sendable {
    /// The request's id: the client's own, if it sent a usable one, else ours.
    package var id: String
    /// Carries the request's id in its metadata.
    package var logger: Logger
    /// The name of the route that was found: the `operationId` of the contract.
    package var routeName: String?
    /// The values of the template's `{names}`, decoded.
    package var parameters: [String: String]
    /// When the transport gives up waiting for the answer's beginning.
    package var deadline: ContinuousClock.Instant?

    package init(
        id: String,
        logger: Logger,
        routeName: String? = nil,
        parameters: [String: String] = [:],
        deadline: ContinuousClock.Instant? = nil
    ) {
        self.id = id
        self.logger = logger
        self.routeName = routeName
        self.parameters = parameters
        self.deadline = deadline
    }
}
