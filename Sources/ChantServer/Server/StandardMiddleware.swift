extension MiddlewareChain {
    /// The usual chain: id, log line, problems, host and origin.
    ///
    /// - Parameters:
    ///   - router: who answers in the end.
    ///   - hosts: names by which the service may be called besides loopback ones.
    ///   - masks: what masks secrets in answers.
    init(standardAround router: Router, hosts: Set<String> = [], masks: SecretMasking.Masks = .none) {
        let accessLog = AccessLog { router.routeName(of: $0) }
        self.init([RequestIdentity(), accessLog, SecretMasking(masks: masks), Problems(), HostAndOrigin(hosts: hosts)])
        { request, context in
            try await router.respond(to: request, context: context)
        }
    }
}
