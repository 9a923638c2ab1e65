extension MiddlewareChain {
    /// The usual chain: id, log line, problems.
    ///
    /// - Parameter router: who answers in the end.
    init(standardAround router: Router) {
        let accessLog = AccessLog { router.routeName(of: $0) }
        self.init([RequestIdentity(), accessLog, Problems()]) { request, context in
            try await router.respond(to: request, context: context)
        }
    }
}
