import Foundation
import Glibc
import Testing

@testable import ChantServer

@Suite("Lines for a reader who may have stopped")
struct LineWriterTests {
    private let pipe = Pipe()

    private var writer: LineWriter {
        LineWriter(descriptor: pipe.fileHandleForWriting.fileDescriptor, patience: .milliseconds(20)) {
            Array("\($0) left out\n".utf8)
        }
    }

    private func read(_ count: Int) -> String {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = Glibc.read(pipe.fileHandleForReading.fileDescriptor, &bytes, count)
        return String(decoding: bytes.prefix(max(0, got)), as: UTF8.self)
    }

    @Test("Lines arrive as they are, long ones too")
    func lines() {
        let writer = writer
        let long = String(repeating: "x", count: 20_000)
        for line in ["one\n", long + "\n", "two\n"] { writer.write(Array(line.utf8)) }
        #expect(read(60_000) == "one\n\(long)\ntwo\n")
    }

    @Test("A pipe that nobody reads costs lines, not time; the reader learns how many, and gets whole lines again")
    func stalled() {
        let writer = writer
        let line = String(repeating: "y", count: 999) + "\n"
        let begin = ContinuousClock.now
        for _ in 0..<1000 { writer.write(Array(line.utf8)) }
        #expect(ContinuousClock.now - begin < .seconds(20))
        var text = read(1 << 20)
        writer.write(Array("after\n".utf8))
        writer.write(Array("last\n".utf8))
        text += read(1 << 20)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.suffix(2) == ["after", "last"])
        let notice = lines.dropLast(2).last ?? ""
        #expect(notice.hasSuffix(" left out"))
        let whole = lines.count { $0.count == 999 }
        #expect(Int(notice.prefix { $0.isNumber }) == 1000 - whole)
        // A line that was begun is ended before the next one, and there is at most one such.
        #expect(lines.dropLast(3).allSatisfy { $0.allSatisfy { $0 == "y" } })
        #expect(lines.count - whole <= 4)
    }
}
