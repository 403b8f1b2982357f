/// Reads string tokens: quoted ones with escapes and block strings (October 2021, 2.9.4).
struct StringReader {
    let lexer: Lexer
    private var value: [UInt8] = []

    init(lexer: Lexer) {
        self.lexer = lexer
    }

    private var bytes: UnsafeBufferPointer<UInt8> { lexer.bytes }

    /// Reads the quoted string that starts here; answers its value and the position behind it.
    mutating func read(_ start: Int) throws(SyntaxError) -> (String, Int) {
        var position = start + 1
        var chunkStart = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") { return (finish(chunkStart, position), position + 1) }
            if isLineEnd(byte) { break }
            guard byte == UInt8(ascii: "\\") else {
                position += 1
                continue
            }
            value.append(contentsOf: bytes[chunkStart..<position])
            position = try readEscape(position)
            chunkStart = position
        }
        throw SyntaxError("Unterminated string.", at: position)
    }

    private func finish(_ chunkStart: Int, _ position: Int) -> String {
        if value.isEmpty { return lexer.text(chunkStart, position) }
        return String(decoding: value + bytes[chunkStart..<position], as: UTF8.self)
    }

    /// Reads the escape sequence at the backslash; answers the position behind it.
    private mutating func readEscape(_ position: Int) throws(SyntaxError) -> Int {
        let escaped: UInt8
        switch lexer.byte(position + 1) {
        case UInt8(ascii: "u"):
            return lexer.byte(position + 2) == UInt8(ascii: "{")
                ? try readBracedCodePoint(position) : try readCodeUnits(position)
        case UInt8(ascii: "\""), UInt8(ascii: "/"), UInt8(ascii: "\\"): escaped = bytes[position + 1]
        case UInt8(ascii: "b"): escaped = 8
        case UInt8(ascii: "f"): escaped = 12
        case UInt8(ascii: "n"): escaped = 10
        case UInt8(ascii: "r"): escaped = 13
        case UInt8(ascii: "t"): escaped = 9
        default:
            throw SyntaxError(
                "Invalid character escape sequence: '\(lexer.characters(from: position, count: 2))'.", at: position)
        }
        value.append(escaped)
        return position + 2
    }

    /// `\u{1F600}`: what later editions of the specification allow, and other servers take.
    private mutating func readBracedCodePoint(_ position: Int) throws(SyntaxError) -> Int {
        var point: UInt32 = 0
        var size = 3
        let maximum = min(12, bytes.count - position)
        while size < maximum {
            let byte = bytes[position + size]
            size += 1
            if byte == UInt8(ascii: "}") {
                guard size >= 5, let scalar = UnicodeScalar(point) else { break }
                append(scalar)
                return position + size
            }
            guard let digit = hexDigit(byte) else { break }
            point = point << 4 | digit
        }
        throw invalidUnicodeEscape(position, size)
    }

    /// `\u00E9`, or two of them that form a surrogate pair.
    private mutating func readCodeUnits(_ position: Int) throws(SyntaxError) -> Int {
        guard let unit = codeUnit(position + 2) else { throw invalidUnicodeEscape(position, 6) }
        if let scalar = UnicodeScalar(unit) {
            append(scalar)
            return position + 6
        }
        guard unit < 0xDC00, lexer.byte(position + 6) == UInt8(ascii: "\\"),
            lexer.byte(position + 7) == UInt8(ascii: "u"),
            let trailing = codeUnit(position + 8), trailing & 0xFC00 == 0xDC00,
            let scalar = UnicodeScalar(0x10000 + (unit & 0x3FF) << 10 + trailing & 0x3FF)
        else { throw invalidUnicodeEscape(position, 6) }
        append(scalar)
        return position + 12
    }

    private mutating func append(_ scalar: UnicodeScalar) {
        value.append(contentsOf: String(Character(scalar)).utf8)
    }

    private func codeUnit(_ position: Int) -> UInt32? {
        var unit: UInt32 = 0
        for index in 0..<4 {
            guard let digit = hexDigit(lexer.byte(position + index)) else { return nil }
            unit = unit << 4 | digit
        }
        return unit
    }

    private func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        default: nil
        }
    }

    private func invalidUnicodeEscape(_ position: Int, _ size: Int) -> SyntaxError {
        SyntaxError(
            "Invalid Unicode escape sequence: '\(lexer.characters(from: position, count: size))'.", at: position)
    }

    /// Reads the block string that starts here; answers its value and the position behind it.
    mutating func readBlock(_ start: Int) throws(SyntaxError) -> (String, Int) {
        var position = start + 3
        var chunkStart = position
        var lines: [[UInt8]] = []
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\""), isTripleQuote(position) {
                lines.append(value + bytes[chunkStart..<position])
                return (blockValue(lines), position + 3)
            }
            if byte == UInt8(ascii: "\\"), isTripleQuote(position + 1) {
                value.append(contentsOf: bytes[chunkStart..<position])
                chunkStart = position + 1
                position += 4
            } else if isLineEnd(byte) {
                lines.append(value + bytes[chunkStart..<position])
                value = []
                position += byte == UInt8(ascii: "\r") && lexer.byte(position + 1) == UInt8(ascii: "\n") ? 2 : 1
                chunkStart = position
            } else {
                position += 1
            }
        }
        throw SyntaxError("Unterminated string.", at: position)
    }

    private func isTripleQuote(_ position: Int) -> Bool {
        let quote = UInt8(ascii: "\"")
        return lexer.byte(position) == quote && lexer.byte(position + 1) == quote && lexer.byte(position + 2) == quote
    }
}

/// A block string's value: without the common indentation, and without blank lines at both ends (October 2021,
/// `BlockStringValue`).
private func blockValue(_ lines: [[UInt8]]) -> String {
    func indentation(_ line: [UInt8]) -> Int {
        line.firstIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") } ?? line.count
    }
    let indentations = lines.map(indentation)
    let filled = lines.indices.filter { indentations[$0] < lines[$0].count }
    guard let first = filled.first, let last = filled.last else { return "" }
    let common = filled.filter { $0 > 0 }.map { indentations[$0] }.min() ?? 0
    var value: [UInt8] = []
    for index in first...last {
        if index > first { value.append(UInt8(ascii: "\n")) }
        value.append(contentsOf: index == 0 ? lines[index][...] : lines[index].dropFirst(common))
    }
    return String(decoding: value, as: UTF8.self)
}
