/// Finds the JSON value in what an agent said (§6.3 of the reference).
///
/// First what it marked as JSON, then any fenced block, then the whole text, then the first object and the first list that
/// can be read. Of several blocks the last counts: agents show examples before they answer. A last fence that never closes
/// reaches to the end.
struct AgentAnswer {
    private let bytes: [UInt8]

    init(_ text: [UInt8]) { bytes = text }

    /// The value; `nil` where there is none.
    var json: JSONNode? {
        let blocks = blocks
        return last(blocks.filter { $0.isJSON }) ?? last(blocks) ?? JSONReader.value(of: bytes[...])
            ?? first(UInt8(ascii: "{")) ?? first(UInt8(ascii: "["))
    }

    private struct Block {
        let isJSON: Bool
        let content: Range<Int>
    }

    private func last(_ blocks: [Block]) -> JSONNode? {
        blocks.reversed().lazy.compactMap { JSONReader.value(of: bytes[$0.content]) }.first
    }

    private var blocks: [Block] {
        var blocks: [Block] = []
        var open: (sign: UInt8, length: Int, isJSON: Bool, start: Int)?
        var position = 0
        while position < bytes.count {
            let next = bytes[position...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
            let line = MarkdownBody.trimmed(bytes[position..<next].prefix { $0 != 0x0A })
            if let fence = open {
                let run = line.prefix { $0 == fence.sign }.count
                if run >= fence.length, run == line.count {
                    blocks.append(Block(isJSON: fence.isJSON, content: fence.start..<position))
                    open = nil
                }
            } else if let fence = MarkdownBody.fence(line) {
                let word = line.dropFirst(fence.length).drop { $0 == 0x20 }.prefix { $0 != 0x20 }
                let isJSON = String(decoding: word, as: UTF8.self).lowercased() == "json"
                open = (fence.sign, fence.length, isJSON, next)
            }
            position = next
        }
        if let open { blocks.append(Block(isJSON: open.isJSON, content: min(open.start, bytes.count)..<bytes.count)) }
        return blocks
    }

    /// The first value that begins with `sign`; what has been read in vain is bounded, whatever the text is.
    private func first(_ sign: UInt8) -> JSONNode? {
        var left = bytes.count * 8
        var position = bytes.startIndex
        while let start = bytes[position...].firstIndex(of: sign), left > 0 {
            var reader = JSONReader(bytes[start...])
            if let value = reader.value() { return value }
            left -= reader.position - start
            position = start + 1
        }
        return nil
    }
}
