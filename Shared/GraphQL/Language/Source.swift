/// The text of a document as UTF-8 bytes. Lines and columns are worked out only where an error asks for them.
public struct Source: Sendable {
    public let bytes: [UInt8]

    public init(_ text: String) {
        bytes = Array(text.utf8)
    }

    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The line and column of a byte offset. A line ends at LF, CR or CR LF.
    public func location(of offset: Int32) -> SourceLocation {
        LineIndex(self).location(of: offset)
    }
}

/// Where a text's lines begin, for many locations at once.
struct LineIndex {
    private let bytes: [UInt8]
    private var starts = [0]

    init(_ source: Source) {
        bytes = source.bytes
        for (position, byte) in bytes.enumerated() {
            let endsLine =
                byte == UInt8(ascii: "\n")
                || byte == UInt8(ascii: "\r")
                    && !(position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: "\n"))
            if endsLine { starts.append(position + 1) }
        }
    }

    /// The line and column of a byte offset.
    func location(of offset: Int32) -> SourceLocation {
        let offset = max(0, min(Int(offset), bytes.count))
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        var column = 1
        for byte in bytes[starts[low]..<offset] where byte & 0xC0 != 0x80 { column += 1 }
        return SourceLocation(line: low + 1, column: column)
    }
}
