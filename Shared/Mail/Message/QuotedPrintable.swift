/// Text as mail carries it through any server: lines of at most 76 characters of ASCII (RFC 2045, section 6.7).
enum QuotedPrintable {
    private static let lineCharactersMax = 76
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Lines end with CRLF whatever they ended with.
    static func encode(_ text: String) -> [UInt8] {
        let bytes = Array(text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").utf8)
        var encoded: [UInt8] = []
        var length = 0
        for (position, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\n") {
                encoded += [13, 10]
                length = 0
                continue
            }
            let isLast = position + 1 == bytes.count || bytes[position + 1] == UInt8(ascii: "\n")
            let piece = isPlain(byte, isLast: isLast) ? [byte] : escaped(byte)
            // One place is left for the mark of a line that goes on.
            if length + piece.count > lineCharactersMax - (isLast ? 0 : 1) {
                encoded += [UInt8(ascii: "="), 13, 10]
                length = 0
            }
            encoded += piece
            length += piece.count
        }
        return encoded
    }

    private static func isPlain(_ byte: UInt8, isLast: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "="): false
        // White space at the end of a line is lost on the way.
        case UInt8(ascii: " "), UInt8(ascii: "\t"): !isLast
        default: (33...126).contains(byte)
        }
    }

    private static func escaped(_ byte: UInt8) -> [UInt8] {
        [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
