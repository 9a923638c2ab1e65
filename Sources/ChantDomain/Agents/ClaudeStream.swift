import Foundation

/// The Claude CLI's `--output-format stream-json`: what one line of it says.
///
/// A pure function. Events of one kind may have more or fewer members than those that were recorded, and kinds come and
/// go with the program's versions: what is not known is named, never dropped; what is no JSON object is shown as it is.
enum ClaudeStream {
    /// What a line says, without its line break.
    static func decode(_ line: ArraySlice<UInt8>) -> DecodedLine {
        let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        guard !line.allSatisfy({ $0 == UInt8(ascii: " ") }) else { return DecodedLine() }
        guard let event = ClaudeEvent(line), let type = event.text("type") else {
            return .plain(String(decoding: line, as: UTF8.self))
        }
        var decoded: DecodedLine
        switch type {
        case "assistant": decoded = assistant(event)
        case "user": decoded = user(event)
        case "system": decoded = system(event)
        case "result": decoded = result(event)
        default: decoded = DecodedLine(steps: [.unknown(rawType: type)])
        }
        decoded.facts.session = event.text("session_id")
        return decoded
    }

    // MARK: - The kinds of events

    private static func assistant(_ event: ClaudeEvent) -> DecodedLine {
        let message = event.object("message")
        var decoded = DecodedLine()
        for block in message.objects("content") {
            switch block.text("type") {
            case "text":
                let text = block.text("text") ?? ""
                decoded.text += line(text)
                decoded.steps.append(.text(text))
            case "tool_use":
                let name = block.text("name") ?? ""
                decoded.text += line("[\(name)] " + block.object("input").summary)
                decoded.steps.append(.toolUse(name: name, input: block.json("input")))
            default: decoded.steps.append(unknown(event, block))
            }
        }
        // The program speaks for the model where that failed, and then names it `<synthetic>`; subagents have their own.
        if event.text("parent_tool_use_id") == nil, let model = message.text("model"), !model.hasPrefix("<") {
            decoded.facts.answeringModel = model
        }
        return decoded
    }

    /// Results of tools, and what the program puts into the conversation, such as that it was interrupted.
    private static func user(_ event: ClaudeEvent) -> DecodedLine {
        var decoded = DecodedLine()
        for block in event.object("message").objects("content") {
            switch block.text("type") {
            case "tool_result":
                let isError = block.flag("is_error") ?? false
                decoded.steps.append(.toolResult(isError: isError, bytes: block.size("content")))
                if isError, let text = block.shown("content") { decoded.text += line("[error] " + reason(text)) }
            case "text":
                let text = block.text("text") ?? ""
                decoded.text += line(text)
                decoded.steps.append(.text(text))
            default: decoded.steps.append(unknown(event, block))
            }
        }
        return decoded
    }

    private static func system(_ event: ClaudeEvent) -> DecodedLine {
        let subtype = event.text("subtype")
        var decoded = DecodedLine()
        switch subtype {
        case "init":
            decoded.facts.startedModel = event.text("model")
            decoded.facts.beginsTurn = true
            decoded.steps = [.unknown(rawType: "system/init")]
        case "api_retry":
            let status = event.number("error_status")
            let delay = event.number("retry_delay_ms")
            decoded.facts.retryStatus = status
            decoded.steps = [.retry(attempt: event.number("attempt"), delayMs: delay, status: status)]
            let why = status.map { "status \($0)" } ?? event.text("error") ?? "no answer"
            decoded.text = "[retry] the model's interface failed (\(why)); waiting \(delay ?? 0) ms\n"
        default: decoded.steps = [.unknown(rawType: "system/\(subtype ?? "")")]
        }
        return decoded
    }

    private static func result(_ event: ClaudeEvent) -> DecodedLine {
        let result = AgentResult(
            isError: event.flag("is_error") ?? true,
            subtype: event.text("subtype"),
            text: event.text("result") ?? "",
            terminalReason: event.text("terminal_reason"),
            apiErrorStatus: event.number("api_error_status"),
            errors: event.texts("errors"),
            deniedTools: event.objects("permission_denials").compactMap { $0.text("tool_name") },
            usage: usage(event)
        )
        var decoded = DecodedLine(steps: [.usage(result.usage), .result(isError: result.isError, text: result.text)])
        decoded.facts.result = result
        if result.isError {
            let errors = result.errors.isEmpty ? [result.text] : result.errors
            decoded.text = line("[failed] " + errors.joined(separator: "; "))
        }
        return decoded
    }

    /// The sums over all models where there are some, since helpers use others than the conversation.
    ///
    /// The `usage` of assistant events is that of the moment before they were written: nothing is summed from it.
    private static func usage(_ event: ClaudeEvent) -> RunUsage {
        let models = event.object("modelUsage").members
        var usage = RunUsage(costUSD: event.amount("total_cost_usd"))
        if models.isEmpty {
            let sums = event.object("usage")
            usage.inputTokens = sums.sum(["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"])
            usage.outputTokens = sums.number("output_tokens")
        } else {
            let inputs = ["inputTokens", "cacheCreationInputTokens", "cacheReadInputTokens"]
            usage.inputTokens = models.reduce(0) { $0 &+ ($1.sum(inputs) ?? 0) }
            usage.outputTokens = models.reduce(0) { $0 &+ ($1.number("outputTokens") ?? 0) }
        }
        return usage
    }

    private static func unknown(_ event: ClaudeEvent, _ block: ClaudeEvent) -> AgentStep {
        .unknown(rawType: "\(event.text("type") ?? "")/\(block.text("type") ?? "")")
    }

    // MARK: - Text

    private static func line(_ text: String) -> String { text.hasSuffix("\n") ? text : text + "\n" }

    /// Why a tool failed, in one line: of a command that is what it printed first, and not its exit code alone.
    private static func reason(_ text: String) -> String {
        let lines = text.split(maxSplits: 1, whereSeparator: \.isNewline)
        guard let code = lines.first, code.hasPrefix("Exit code "), lines.count > 1 else { return firstLine(text) }
        return "\(code): \(firstLine(String(lines[1])))"
    }

    static func firstLine(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).first ?? ""
        return line.count > 200 ? line.prefix(200) + "…" : String(line)
    }
}
