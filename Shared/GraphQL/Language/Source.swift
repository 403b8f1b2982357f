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
        var line = 1
        var column = 1
        var previous: UInt8 = 0
        for byte in bytes.prefix(Int(max(0, offset))) {
            let isLineEnd = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            if byte == UInt8(ascii: "\n") && previous == UInt8(ascii: "\r") {
                previous = byte
                continue
            }
            previous = byte
            if isLineEnd {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return SourceLocation(line: line, column: column)
    }
}
