extension MiddlewareChain {
    /// The service's chain: id, log line, problems, and then the router.
    ///
    /// - Parameter router: who answers in the end.
    init(standardAround router: Router) {
        let accessLog = AccessLog { router.routeName(of: $0) }
        self.init([RequestIdentity(), accessLog, Problems()]) { request, context in
            try await router.respond(to: request, context: context)
        }
    }
}
