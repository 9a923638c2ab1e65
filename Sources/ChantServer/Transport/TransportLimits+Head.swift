extension TransportLimits {
    /// Refuses a first line or a header that is larger than it may be.
    func check(_ head: RequestHead) throws(Problem) {
        guard head.target.utf8.count <= target else {
            throw Problem(
                .uriTooLong,
                detail: "The target is longer than \(target) bytes.",
                members: ["limit_bytes": JSONValue(target)]
            )
        }
        guard head.fieldBytes <= fieldBytes else {
            throw Problem(
                .headersTooLarge,
                detail: "The header is larger than \(fieldBytes) bytes.",
                members: ["limit_bytes": JSONValue(fieldBytes)]
            )
        }
        guard head.headers.fields.count <= fields else {
            throw Problem(
                .headersTooLarge,
                detail: "The header has more than \(fields) fields.",
                members: ["limit_fields": JSONValue(fields)]
            )
        }
    }
}
