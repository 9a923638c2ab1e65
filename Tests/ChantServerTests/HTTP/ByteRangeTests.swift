import Testing

@testable import ChantServer

@Suite("Ranges")
struct ByteRangeTests {
    @Test(
        "A range is a part, the whole, or nowhere",
        arguments: [
            ("bytes=0-3", .part(0..<4)), ("bytes=2-", .part(2..<10)), ("bytes=-3", .part(7..<10)),
            ("bytes=0-0", .part(0..<1)), ("bytes=9-100", .part(9..<10)), ("bytes=-100", .part(0..<10)),
            ("Bytes = 1-2", .part(1..<3)), ("bytes=0-18446744073709551616", .part(0..<10)),
            ("bytes=0-9223372036854775807", .part(0..<10)),
            ("bytes=10-", .unsatisfiable), ("bytes=-0", .unsatisfiable),
            ("bytes=99999999999999999999-", .unsatisfiable),
            ("bytes=10-11, 20-", .unsatisfiable),
            ("bytes=0-1,3-4", .whole), ("bytes=0-1,20-30", .whole), ("lines=0-1", .whole), ("bytes", .whole),
            ("bytes=", .whole), ("bytes=-", .whole), ("bytes=3-2", .whole), ("bytes=a-b", .whole), ("bytes=1", .whole),
            ("bytes=+1-2", .whole), ("bytes=1-2-3", .whole), ("bytes=--1", .whole), ("bytes=0x1-2", .whole),
        ] as [(String, ByteRange)]
    )
    func reads(header: String, expected: ByteRange) {
        #expect(ByteRange(header, size: 10) == expected)
    }

    @Test("Without the header it is the whole; of an empty document there is no part")
    func edges() {
        #expect(ByteRange(nil, size: 10) == .whole)
        for header in ["bytes=0-", "bytes=-1", "bytes=0-0"] { #expect(ByteRange(header, size: 0) == .unsatisfiable) }
    }
}
