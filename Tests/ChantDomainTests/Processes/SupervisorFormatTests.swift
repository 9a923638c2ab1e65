import Foundation
import Testing

@testable import ChantDomain

@Suite("What supervisors are told and write")
struct SupervisorFormatTests {
    private let order = SupervisorOrder(
        runFolder: "/state/runs/r1",
        run: "r1",
        workingFolder: "/work tree/a",
        wall: 7_200_000,
        idle: 200,
        stopGrace: 0,
        logBytes: 1 << 28,
        separateErrors: true,
        program: "/bin/agent",
        arguments: ["--", "--wall", "a b", ""]
    )

    @Test("R29: an order survives the command line, whatever the agent's words are")
    func roundTrip() {
        #expect(SupervisorOrder(commandLine: order.commandLine) == order)
        var merged = order
        merged.separateErrors = false
        merged.arguments = []
        #expect(SupervisorOrder(commandLine: merged.commandLine) == merged)
    }

    @Test("R29: half an order is none")
    func incomplete() {
        for index in order.commandLine.prefix(16).indices {
            var words = order.commandLine
            words.remove(at: index)
            #expect(SupervisorOrder(commandLine: words) == nil, "without \(order.commandLine[index])")
        }
        #expect(SupervisorOrder(commandLine: Array(order.commandLine.prefix(17))) == nil)
        #expect(SupervisorOrder(commandLine: ["--", "/bin/true"]) == nil)
        #expect(AgentSupervisor.run(arguments: []) == 64)
    }

    @Test(
        "R29: times are UTC with milliseconds",
        arguments: [
            (Int64(0), "1970-01-01T00:00:00.000Z"), (1_795_219_201_007, "2026-11-21T00:00:01.007Z"),
            (1_709_164_799_999, "2024-02-28T23:59:59.999Z"),
        ]
    )
    func times(milliseconds: Int64, text: String) { #expect(SupervisorClock.text(milliseconds) == text) }

    @Test("R29: any text is a JSON string", arguments: ["", "a\"b\\c", "\u{0}\n\t\u{1f}", "é€😀"])
    func strings(text: String) throws {
        let bytes = Data(SupervisorJSON.string(text).utf8)
        #expect(try JSONDecoder().decode(String.self, from: bytes) == text)
    }

    @Test(
        "R29: seconds are decimal",
        arguments: [
            (Int64(0), "0.000000"), (1_500_000, "1.500000"), (1_000_007, "1.000007"),
        ]
    )
    func seconds(microseconds: Int64, text: String) { #expect(SupervisorUsage.seconds(microseconds) == text) }
}
