import Foundation

/// Processor time of what a reader of a log gets, with and without secrets to mask: pieces of 64 KiB, cleaned as view
/// `text` does, each masked with so much around it as `LogReader` reads.

/// A log as agents write them, without any secret in it.
func log(coloured: Bool) -> [UInt8] {
    var text = ""
    var number: UInt64 = 7
    while text.utf8.count < 32 << 20 {
        number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let word = String(number >> 20, radix: 36)
        let line = "\(word): compiling Sources/\(word.dropFirst(3))/Main.swift, 12 of 408; nothing to see here"
        text += coloured ? "\u{1B}[32m\(line)\u{1B}[0m\r\n" : line + "\n"
    }
    return Array(text.utf8)
}

func secrets(_ count: Int) -> [String] {
    (0..<count).map { number in
        "sk-\(String(UInt64(number + 3) &* 0x9E37_79B9_7F4A_7C15, radix: 36))-\(String(number, radix: 2))/aZ"
    }
}

/// Bytes per second of processor time, the best of three.
func rate(_ bytes: [UInt8], _ redactor: SecretRedactor?, cleaned: Bool) -> Double {
    var best = 0.0
    let cleaner = LogText(keepsEscapes: false)
    var sum = 0
    for _ in 0..<3 {
        let begun = clock()
        var offset = 0
        while offset < bytes.count {
            let end = min(offset + 65_536, bytes.count)
            var piece = Array(bytes[offset..<end])
            if let redactor {
                let start = max(0, offset - redactor.reach)
                let window = Array(bytes[start..<min(bytes.count, end + redactor.reach)])
                piece = Array(redactor.masked(window, isEnd: false)[offset - start..<end - start])
            }
            sum += cleaned ? cleaner.clean(piece[...], isFinal: true).text.count : piece.count
            offset = end
        }
        best = max(best, Double(bytes.count) / (Double(clock() - begun) / Double(CLOCKS_PER_SEC)))
    }
    precondition(sum > 0)
    return best
}

print("log, view          secrets   MB/s   of that without")
for coloured in [false, true] {
    let bytes = log(coloured: coloured)
    for cleaned in [true, false] {
        let plain = rate(bytes, nil, cleaned: cleaned)
        let name = "\(coloured ? "coloured" : "plain"), \(cleaned ? "text" : "raw")"
        for count in [0, 1, 10, 100] {
            let found = count == 0 ? plain : rate(bytes, SecretRedactor(secrets(count)), cleaned: cleaned)
            let columns = [
                name.padding(toLength: 18, withPad: " ", startingAt: 0), String(format: "%7d", count),
                String(format: "%6.0f", found / 1e6), String(format: "%8.0f %%", 100 * found / plain),
            ]
            print(columns.joined(separator: " "))
        }
    }
}
