import ChantDomain
import Foundation
import Testing

@testable import ChantServer

@Suite("Endpoints: streams")
struct EventStreamTests {
    @Test(
        "R32: a position is known when nothing behind it was dropped and it is not of another journal",
        arguments: [
            (0, nil, true), (1, nil, false), (0, (1, 9), true), (1, (1, 9), true), (9, (1, 9), true),
            (10, (1, 9), false),
            (3, (5, 9), false), (4, (5, 9), true),
        ] as [(Int64, (Int64, Int64)?, Bool)]
    )
    func known(position: Int64, bounds: (Int64, Int64)?, expected: Bool) {
        #expect(EventEndpoints.isKnown(position, bounds.map { (oldest: $0.0, newest: $0.1) }) == expected)
    }

    @Test("a line, its parts and its end are events with the place after them as id")
    func logEvents() throws {
        let run = RunID(at: Date(timeIntervalSince1970: 0))
        let line = LogLine(Array("one\ntwo".utf8), end: 8)
        let frame = EventStream.event(.line(line, LogPosition(.run(run), .text, offset: 8))).frame
        #expect(String(decoding: frame, as: UTF8.self) == "event: log\nid: \(run):text:8\ndata: one\ndata: two\n\n")
        let part = LogLine(Array("x".utf8), end: 1, isPart: true)
        #expect(EventStream.event(.line(part, LogPosition(.all, .raw, offset: 1))).name == "log-part")
        let end = EventStream.event(.end(run, .completed, nil, LogPosition(.run(run), .text, offset: 8, isEnd: true)))
        #expect(end.id == "\(run):text:8:end")
        #expect(String(decoding: end.frame, as: UTF8.self).contains("\"outcome\":\"completed\""))
    }

    @Test("view raw goes over the wire byte for byte, also where it is no UTF-8")
    func rawBytes() {
        let line = LogLine([0xFF, 0x00, 0x41], end: 4)
        let frame = EventStream.event(.line(line, LogPosition(.all, .raw, offset: 4))).frame
        #expect(frame.suffix(11) == ArraySlice(Array("data: ".utf8) + [0xFF, 0x00, 0x41, 0x0A, 0x0A]))
    }
}
