import ChantDomain

/// The route table: every route of the contract and who answers it; a test holds it to `openapi.yaml` both ways.
enum Routes {
    /// A row whose handler still waits for the domain.
    struct Row: Sendable {
        let method: String
        let template: String
        let name: String
        let query: [String]
        let handler: @Sendable (Domain) -> Responder

        init(
            _ method: String,
            _ template: String,
            _ name: String,
            query: [String] = [],
            _ handler: @escaping @Sendable (Domain) -> Responder
        ) {
            self.method = method
            self.template = template
            self.name = name
            self.query = query
            self.handler = handler
        }
    }

    static let rows: [Row] = [
        Row("GET", "/specs", "listSpecs", query: ["limit"]) { SpecEndpoints($0).list },
        Row("POST", "/specs", "createSpec") { SpecEndpoints($0).create },
        Row("GET", "/specs/{id}", "getSpec") { SpecEndpoints($0).get },
        Row("POST", "/specs/{id}/work", "startWork") { OrderEndpoints($0).work },
        Row("GET", "/specs/{id}/runs", "listSpecRuns", query: ["order", "state", "outcome", "limit"]) {
            RunEndpoints($0).listOfSpec
        },
        Row("GET", "/specs/{id}/log", "getSpecLog", query: ["run"] + LogEndpoints.query) {
            LogEndpoints($0).ofSpec
        },
        Row("GET", "/runs", "listRuns", query: ["spec", "order", "state", "outcome", "limit"]) {
            RunEndpoints($0).list
        },
        Row("GET", "/runs/{run}", "getRun") { RunEndpoints($0).get },
        Row("POST", "/runs/{run}/cancel", "cancelRun") { RunEndpoints($0).cancel },
        Row("GET", "/runs/{run}/log", "getRunLog", query: LogEndpoints.query) { LogEndpoints($0).ofRun },
        Row("GET", "/processes", "listProcesses", query: ["limit"]) { ProcessEndpoints($0).list },
        Row("POST", "/processes/{pid}/stop", "stopProcess") { ProcessEndpoints($0).stop },
        Row("GET", "/status", "getStatus") { ProjectEndpoints($0).status },
        Row("GET", "/events", "streamEvents", query: ["after"]) { EventEndpoints($0).stream },
        Row("GET", "/health/live", "getLiveness") { HealthEndpoints($0).live },
        Row("GET", "/health/ready", "getReadiness") { HealthEndpoints($0).ready },
        Row("GET", "/version", "getVersion") { HealthEndpoints($0).version },
        Row("GET", "/openapi.yaml", "getContract") { HealthEndpoints($0).contract },
        Row("GET", "/problems/{name}", "getProblem") { HealthEndpoints($0).problem },
    ]

    /// The whole table for a domain.
    static func all(_ domain: Domain) -> [Route] {
        rows.map { row in
            Route(row.method, row.template, name: row.name, query: row.query, handler: row.handler(domain))
        }
    }
}
