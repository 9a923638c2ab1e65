import ChantDomain

/// The route table: every route of the contract and who answers it; a test holds it to `openapi.yaml` both ways.
enum Routes {
    /// A row whose handler still waits for the domain.
    struct Row: Sendable {
        let method: String
        let template: String
        let name: String
        let query: [String]
        let produces: [String]
        let handler: @Sendable (EndpointRooms) -> Responder

        init(
            _ method: String,
            _ template: String,
            _ name: String,
            query: [String] = [],
            produces: [String] = ["application/json"],
            _ handler: @escaping @Sendable (EndpointRooms) -> Responder
        ) {
            self.method = method
            self.template = template
            self.name = name
            self.query = query
            self.produces = produces
            self.handler = handler
        }
    }

    static let rows: [Row] = [
        Row("GET", "/specs", "listSpecs", query: SpecListEndpoints.query) { SpecListEndpoints($0.domain).list },
        Row("POST", "/specs", "createSpec") { SpecEndpoints($0.domain).create },
        Row("GET", "/specs/{id}", "getSpec", query: ["copy"], produces: SpecEndpoints.forms) {
            SpecEndpoints($0.domain).get
        },
        Row("PUT", "/specs/{id}", "replaceSpec") { SpecWriteEndpoints($0.domain).replace },
        Row("PATCH", "/specs/{id}", "patchSpec") { SpecWriteEndpoints($0.domain).patch },
        Row("DELETE", "/specs/{id}", "deleteSpec", produces: []) { SpecWriteEndpoints($0.domain).delete },
        Row("POST", "/specs/{id}/work", "startWork", query: ["expect"]) { OrderEndpoints($0.domain).work },
        Row("POST", "/work", "startOrder", query: ["expect"]) { OrderEndpoints($0.domain).workSeveral },
        Row("GET", "/work", "listOrders", query: OrderEndpoints.query) { OrderEndpoints($0.domain).list },
        Row("GET", "/work/{order}", "getOrder", query: ["expect"]) { OrderEndpoints($0.domain).get },
        Row("POST", "/work/{order}/cancel", "cancelOrder") { OrderEndpoints($0.domain).cancel },
        Row(
            "GET",
            "/specs/{id}/prompt",
            "getSpecPrompt",
            query: PromptEndpoints.query,
            produces: PromptEndpoints.forms
        ) { PromptEndpoints($0.domain).get },
        Row("GET", "/specs/{id}/runs", "listSpecRuns", query: RunEndpoints.query) {
            RunEndpoints($0.domain).listOfSpec
        },
        Row("GET", "/specs/{id}/log", "getSpecLog", query: ["run"] + LogEndpoints.query, produces: LogEndpoints.forms) {
            LogEndpoints($0.domain).ofSpec
        },
        Row("GET", "/runs", "listRuns", query: ["spec"] + RunEndpoints.query) {
            RunEndpoints($0.domain).list
        },
        Row("GET", "/runs/{run}", "getRun", query: ["expect"]) { RunEndpoints($0.domain).get },
        Row("POST", "/runs/{run}/cancel", "cancelRun") { RunEndpoints($0.domain).cancel },
        Row("GET", "/runs/{run}/log", "getRunLog", query: LogEndpoints.query, produces: LogEndpoints.forms) {
            LogEndpoints($0.domain).ofRun
        },
        Row("GET", "/processes", "listProcesses", query: ["limit", "cursor"]) { ProcessEndpoints($0.domain).list },
        Row("POST", "/processes/{pid}/stop", "stopProcess") { ProcessEndpoints($0.domain).stop },
        Row("GET", "/status", "getStatus") { ProjectEndpoints($0.domain).status },
        Row("GET", "/config", "getConfiguration") { ConfigurationEndpoint($0).get },
        Row("GET", "/events", "streamEvents", query: ["after"], produces: [EventStream.type]) {
            EventEndpoints($0).stream
        },
        Row("GET", "/health/live", "getLiveness") { HealthEndpoints($0.service).live },
        Row("GET", "/health/ready", "getReadiness") { HealthEndpoints($0.service).ready },
        Row("GET", "/version", "getVersion") { HealthEndpoints($0.service).version },
        Row("GET", "/openapi.yaml", "getContract", produces: [HealthEndpoints.yaml]) {
            HealthEndpoints($0.service).contract
        },
        Row("GET", "/problems/{name}", "getProblem", produces: ProblemPage.forms) {
            HealthEndpoints($0.service).problem
        },
    ]

    /// The whole table for one domain.
    static func all(_ domain: Domain, _ service: ServiceState, _ feed: EventFeed) -> [Route] {
        let rooms = EndpointRooms(domain: domain, service: service, feed: feed)
        return rows.map { row in
            var route = Route(
                row.method,
                row.template,
                name: row.name,
                query: row.query,
                produces: row.produces,
                handler: row.handler(rooms)
            )
            if row.method == "PATCH" { route.acceptPatch = SpecWriteEndpoints.acceptPatch }
            return route
        }
    }
}

/// What the endpoints are built on.
struct EndpointRooms: Sendable {
    let domain: Domain
    let service: ServiceState
    let feed: EventFeed
}

/// What the service knows about itself.
struct ServiceState: Sendable {
    let version: String
    /// Whether it takes work: recovery is over, and nobody has asked it to stop.
    let isReady: @Sendable () -> Bool
    /// How it was started, for `GET /config`.
    var settings = JSONObject()
}
