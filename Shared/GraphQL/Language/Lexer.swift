/// Cuts a text into tokens, one at a time (October 2021, 2.1).
///
/// The current token is kept as its kind and its byte range; only strings have a value of their own.
struct Lexer {
    let bytes: UnsafeBufferPointer<UInt8>
    private(set) var kind = TokenKind.end
    private(set) var start = 0
    private(set) var end = 0
    /// The current token's value where it is a string.
    private(set) var stringValue = ""

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The current token's own characters.
    var text: String { text(start, end) }

    func text(_ from: Int, _ to: Int) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[from..<to]), as: UTF8.self)
    }

    /// The byte at a position, 0 behind the end.
    @inline(__always)
    func byte(_ position: Int) -> UInt8 {
        position < bytes.count ? bytes[position] : 0
    }

    /// Whether the current token consists of just these characters.
    func isText(_ word: StaticString) -> Bool {
        guard end - start == word.utf8CodeUnitCount else { return false }
        for index in 0..<word.utf8CodeUnitCount where bytes[start + index] != word.utf8Start[index] { return false }
        return true
    }

    /// Moves on to the next token.
    mutating func advance() throws(SyntaxError) {
        start = skipIgnored(from: end)
        guard start < bytes.count else {
            kind = .end
            end = start
            return
        }
        let first = bytes[start]
        if isNameStart(first) { return readName() }
        if let punctuator = punctuator(first) {
            kind = punctuator
            end = start + 1
            return
        }
        switch first {
        case UInt8(ascii: "\""): try readAnyString()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try readNumber()
        case UInt8(ascii: ".") where byte(start + 1) == first && byte(start + 2) == first:
            kind = .spread
            end = start + 3
        case UInt8(ascii: "'"):
            throw SyntaxError(
                "Unexpected single quote character ('), did you mean to use a double quote (\")?", at: start)
        default: throw SyntaxError("Unexpected character: \(describeCharacter(at: start)).", at: start)
        }
    }

    /// Jumps over white space, line ends, commas, byte order marks and comments.
    private func skipIgnored(from begin: Int) -> Int {
        var position = begin
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                position += 1
            case UInt8(ascii: "#"):
                position += 1
                while position < bytes.count, !isLineEnd(bytes[position]) { position += 1 }
            case 0xEF where byte(position + 1) == 0xBB && byte(position + 2) == 0xBF:
                position += 3
            default: return position
            }
        }
        return position
    }

    @inline(__always)
    private func punctuator(_ byte: UInt8) -> TokenKind? {
        switch byte {
        case UInt8(ascii: "!"): .bang
        case UInt8(ascii: "$"): .dollar
        case UInt8(ascii: "&"): .ampersand
        case UInt8(ascii: "("): .parenthesisLeft
        case UInt8(ascii: ")"): .parenthesisRight
        case UInt8(ascii: ":"): .colon
        case UInt8(ascii: "="): .equals
        case UInt8(ascii: "@"): .at
        case UInt8(ascii: "["): .bracketLeft
        case UInt8(ascii: "]"): .bracketRight
        case UInt8(ascii: "{"): .braceLeft
        case UInt8(ascii: "|"): .pipe
        case UInt8(ascii: "}"): .braceRight
        default: nil
        }
    }

    private mutating func readName() {
        var position = start + 1
        while position < bytes.count, isNameContinue(bytes[position]) { position += 1 }
        kind = .name
        end = position
    }

    private mutating func readNumber() throws(SyntaxError) {
        var position = start
        kind = .int
        if byte(position) == UInt8(ascii: "-") { position += 1 }
        if byte(position) == UInt8(ascii: "0") {
            position += 1
            if isDigit(byte(position)) {
                throw SyntaxError(
                    "Invalid number, unexpected digit after 0: \(describeCharacter(at: position)).", at: position)
            }
        } else {
            position = try digits(from: position)
        }
        if byte(position) == UInt8(ascii: ".") {
            kind = .float
            position = try digits(from: position + 1)
        }
        if byte(position) | 0x20 == UInt8(ascii: "e") {
            kind = .float
            position += 1
            if byte(position) == UInt8(ascii: "+") || byte(position) == UInt8(ascii: "-") { position += 1 }
            position = try digits(from: position)
        }
        if byte(position) == UInt8(ascii: ".") || isNameStart(byte(position)) { throw expectedDigit(at: position) }
        end = position
    }

    private func digits(from begin: Int) throws(SyntaxError) -> Int {
        var position = begin
        while isDigit(byte(position)) { position += 1 }
        if position == begin { throw expectedDigit(at: position) }
        return position
    }

    private func expectedDigit(at position: Int) -> SyntaxError {
        SyntaxError("Invalid number, expected digit but got: \(describeCharacter(at: position)).", at: position)
    }

    private mutating func readAnyString() throws(SyntaxError) {
        var reader = StringReader(lexer: self)
        let quote = UInt8(ascii: "\"")
        if byte(start + 1) == quote && byte(start + 2) == quote {
            kind = .blockString
            (stringValue, end) = try reader.readBlock(start)
        } else {
            kind = .string
            (stringValue, end) = try reader.read(start)
        }
    }

    /// A character as an error shows it: quoted where it is printable ASCII, otherwise its code point.
    func describeCharacter(at position: Int) -> String {
        guard position < bytes.count else { return TokenKind.end.description }
        let byte = bytes[position]
        if byte == UInt8(ascii: "\"") { return "'\"'" }
        if byte >= 0x20 && byte < 0x7F { return "'\(Character(UnicodeScalar(byte)))'" }
        let value = characters(from: position, count: 1).unicodeScalars.first?.value ?? 0xFFFD
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// Up to `count` characters (Unicode scalar values) from a position on.
    func characters(from position: Int, count: Int) -> String {
        let window = text(position, min(bytes.count, position + count * 4))
        var result = String.UnicodeScalarView()
        result.append(contentsOf: window.unicodeScalars.prefix(count))
        return String(result)
    }
}

@inline(__always)
func isNameStart(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
}

@inline(__always)
func isNameContinue(_ byte: UInt8) -> Bool {
    isNameStart(byte) || isDigit(byte)
}

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10
}

@inline(__always)
func isLineEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
}
