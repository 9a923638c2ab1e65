import Testing

@testable import ChantDomain

@Suite("AgentAuthorship")
struct AgentAuthorshipTests {
    static let claimed = [
        "Co-Authored-By: Claude <noreply@anthropic.com>", "co-authored-by: Claude Opus 4.1 <x@y>",
        "  Co-authored-by: Someone <noreply@anthropic.com>", "Co-authored-by: GPT-4 <a@b>",
        "Co-authored-by: gpt4 <a@b>", "Co-authored-by: ChatGPT <a@b>", "Co-authored-by: Copilot <198982749+Copilot@x>",
        "Co-authored-by: Gemini CLI <a@b>", "Co-authored-by: Cursor Agent <cursoragent@cursor.com>",
        "Co-authored-by: Claude-Code <a@b>",
    ]
    static let unclaimed = [
        "", "Claude did this", "Signed-off-by: Claude <a@b>", "Co-authored-by: Ai Weiwei <ai@example.ai>",
        "Co-authored-by: Jean-Claude <jc@example.fr>", "Co-authored-by: Claudette <claudette@example.fr>",
        "Co-authored-by: Precursor Ltd <a@precursor.example>", "Co-authored-by: An Assistant <a@b>",
        "about Co-authored-by: Claude",
    ]

    @Test("§5.4: a co-author trailer that names a tool counts", arguments: claimed)
    func counts(line: String) { #expect(AgentAuthorship.isClaimed("Add it\n\nText.\n\n\(line)\n")) }

    @Test("§5.4: no other line does, and no part of a word", arguments: unclaimed)
    func doesNot(line: String) { #expect(!AgentAuthorship.isClaimed("Add it\n\nText.\n\n\(line)\n")) }
}
