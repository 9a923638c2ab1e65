import Foundation
import Testing

@testable import ChantDomain

@Suite struct LogPositionTests {
    private static let run = RunID(at: Date(timeIntervalSince1970: 1_700_000_000))

    static let good: [(text: String, position: LogPosition)] = [
        ("\(run):text:0", LogPosition(.run(run), .text, offset: 0)),
        ("\(run):raw:4711", LogPosition(.run(run), .raw, offset: 4711)),
        ("\(run):text:12:end", LogPosition(.run(run), .text, offset: 12, isEnd: true)),
        ("all:text:7", LogPosition(.all, .text, offset: 7)),
        ("\(run):raw:9223372036854775807", LogPosition(.run(run), .raw, offset: .max)),
    ]

    @Test("R31: a stream's id comes back as the place that it names", arguments: good.indices)
    func roundTrip(index: Int) {
        let (text, position) = Self.good[index]
        #expect(LogPosition(text) == position)
        #expect(position.description == text)
    }

    @Test(
        "what none of our streams gave out is no place",
        arguments: [
            "", ":", "::", ":::", "\(run)", "\(run):text", "\(run):text:", "\(run):text:-1", "\(run):text:+1",
            "\(run):text:01", "\(run):text:1 ", " \(run):text:1", "\(run):text:0x1", "\(run):text:٣",
            "\(run):TEXT:1", "\(run):events2:1", "\(run)x:text:1", "none:text:1", "\(run):text:1:", "\(run):text:1:fin",
            "\(run):text:1:end:end", "\(run):text:9223372036854775808", "\(run):text:1\n", "12",
        ]
    )
    func malformed(text: String) {
        #expect(LogPosition(text) == nil)
    }
}
