/// The version of this service, as `--version` and `GET /version` say it.
enum ServiceVersion {
    static let text = "0.1.0"
}
