import ChantDomain

/// The wire form of messages for agents.
enum PromptPayload {
    /// A message, with where it comes from.
    static func json(_ preview: PromptPreview) -> JSONValue {
        [
            "spec_id": .string(preview.spec.text),
            "prompt": .string(preview.prompt),
            "source": .string(preview.source),
            "extends": JSONValue(preview.parents),
            "extensions": JSONValue(preview.extensions),
            "message": .string(preview.message),
        ]
    }
}
