import ChantDomain
import Foundation
import Testing

@testable import ChantServer

@Suite("Problems")
struct ProblemTests {
    @Test("Every problem has a status or none, a title and sentences that explain it", arguments: ProblemName.allCases)
    func entries(name: ProblemName) {
        if let status = name.status { #expect((400..<600).contains(status)) }
        #expect(name.title.first?.isUppercase == true && !name.title.hasSuffix("."))
        #expect(name.explanation.hasSuffix(".") && name.explanation.count > 80)
        #expect(name.rawValue.allSatisfy { $0.isLowercase || $0 == "-" })
    }

    @Test("Every reason of a run is a problem with a page", arguments: RunReason.allCases)
    func reasons(reason: RunReason) {
        #expect(ProblemName(rawValue: reason.rawValue) != nil)
    }

    @Test("The document has RFC 9457's members, then its own")
    func document() throws {
        var problem = Problem(.specAmbiguous, detail: "Two fit.", members: ["candidates": ["a", "b"]])
        problem.instance = "/specs/1"
        let expected =
            #"{"type":"/problems/spec-ambiguous","title":"The id fits several specs","status":409,"#
            + #""detail":"Two fit.","instance":"/specs/1","candidates":["a","b"]}"#
        #expect(problem.json.text == expected)
        #expect(problem.response.headers["Content-Type"] == "application/problem+json")
        #expect(problem.response.status == 409)
    }

    @Test("A reason has no status of its own in a run's problem")
    func reasonDocument() {
        #expect(Problem(.mergeConflict, detail: "x").json["status"] == nil)
    }

    @Test("Times are RFC 3339 in UTC, with milliseconds where wanted")
    func times() {
        #expect(Timestamp.text(Date(timeIntervalSince1970: 1_700_000_000.123)) == "2023-11-14T22:13:20.123Z")
        #expect(Timestamp.text(Date(timeIntervalSince1970: 0), milliseconds: false) == "1970-01-01T00:00:00Z")
        #expect(Timestamp.text(Date(timeIntervalSince1970: 951_782_399.9996)) == "2000-02-29T00:00:00.000Z")
    }
}
