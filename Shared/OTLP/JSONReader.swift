/// Walks JSON (RFC 8259) from left to right, for a reader that knows what it expects.
struct JSONReader: ~Copyable {
    /// Exporters nest a few levels; without a bound, brackets alone would exhaust the stack.
    // An attribute's value nests four levels deep for each map in a map, of which 64 are kept.
    private static let depthMax = 4 * 64 + 16

    private let text: Bytes
    private var position = 0
    private var depth = 0
    /// Where the last text with escapes was put together.
    private var unescaped = ByteWriter(capacity: 256)

    init(_ text: Bytes) {
        self.text = text
    }

    func error(_ reason: OTLPDecodingError.Reason) -> WireError {
        WireError(reason: reason, address: text.baseAddress.map { $0 + position })
    }

    private mutating func skipSpace() {
        while position < text.count {
            switch text[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    /// The first byte of the next value or mark; 0 at the end.
    private mutating func next() -> UInt8 {
        skipSpace()
        return position < text.count ? text[position] : 0
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(WireError) {
        guard take(character) else { throw error(.malformedJSON) }
    }

    private mutating func takeWord(_ word: StaticString) -> Bool {
        skipSpace()
        let end = position + word.utf8CodeUnitCount
        guard end <= text.count, text.slice(position, end).equals(word) else { return false }
        position = end
        return true
    }

    /// Nothing but white space may follow the outermost value.
    mutating func expectEnd() throws(WireError) {
        skipSpace()
        guard position == text.count else { throw error(.malformedJSON) }
    }

    mutating func takeNull() -> Bool { next() == UInt8(ascii: "n") && takeWord("null") }

    /// Enters an object; `field` names it in the error where there is none.
    mutating func openObject(_ field: String) throws(WireError) { try open("{", field) }

    /// Enters a list.
    mutating func openList(_ field: String) throws(WireError) { try open("[", field) }

    private mutating func open(_ character: Unicode.Scalar, _ field: String) throws(WireError) {
        guard take(character) else { throw error(.wrongType(field: field)) }
        depth += 1
        guard depth <= Self.depthMax else { throw error(.nestedTooDeeply) }
    }

    private mutating func close(_ character: Unicode.Scalar) -> Bool {
        guard take(character) else { return false }
        depth -= 1
        return true
    }

    /// The next key of the object entered last, valid until the next text is read; nil at the object's end, which is left.
    mutating func key(_ isFirst: inout Bool) throws(WireError) -> Bytes? {
        if close("}") { return nil }
        if !isFirst { try expect(",") }
        isFirst = false
        guard next() == UInt8(ascii: "\"") else { throw error(.malformedJSON) }
        let key = try string()
        try expect(":")
        return key
    }

    /// Whether the list entered last has another value; it is left at its end.
    mutating func hasElement(_ isFirst: inout Bool) throws(WireError) -> Bool {
        if close("]") { return false }
        if !isFirst { try expect(",") }
        isFirst = false
        return true
    }

    /// Text without its escapes, valid until the next text is read.
    mutating func string(_ field: String) throws(WireError) -> Bytes {
        guard next() == UInt8(ascii: "\"") else { throw error(.wrongType(field: field)) }
        return try string()
    }

    mutating func boolean(_ field: String) throws(WireError) -> Bool {
        if takeWord("true") { return true }
        if takeWord("false") { return false }
        throw error(.wrongType(field: field))
    }

    /// The text of a number, which may stand in quotes as protobuf's JSON writes 64-bit numbers; valid until the next text
    /// is read. Whether it is a number is for `JSONNumber` to say.
    mutating func number(_ field: String) throws(WireError) -> Bytes {
        if next() == UInt8(ascii: "\"") { return try string() }
        let number = numberText()
        guard !number.isEmpty else { throw error(.wrongType(field: field)) }
        guard JSONNumber(number) != nil else { throw error(.malformedJSON) }
        return number
    }

    private mutating func numberText() -> Bytes {
        skipSpace()
        let start = position
        while position < text.count, Self.isOfNumber(text[position]) { position += 1 }
        return text.slice(start, position)
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// Passes over a value of any type.
    mutating func skip() throws(WireError) {
        var isFirst = true
        switch next() {
        case UInt8(ascii: "{"):
            try openObject("")
            while try key(&isFirst) != nil { try skip() }
        case UInt8(ascii: "["):
            try openList("")
            while try hasElement(&isFirst) { try skip() }
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try boolean("")
        case UInt8(ascii: "n"): guard takeNull() else { throw error(.malformedJSON) }
        default: _ = try number("")
        }
    }

    private mutating func string() throws(WireError) -> Bytes {
        position += 1
        let start = position
        try skipPlain()
        if text[position] == UInt8(ascii: "\"") {
            position += 1
            return text.slice(start, position - 1)
        }
        unescaped.truncate(to: 0)
        unescaped.put(text.slice(start, position))
        while text[position] != UInt8(ascii: "\"") {
            position += 1
            try unescape()
            let run = position
            try skipPlain()
            unescaped.put(text.slice(run, position))
        }
        position += 1
        return unescaped.written()
    }

    /// Goes to the next quote or backslash of a string, which has to come.
    private mutating func skipPlain() throws(WireError) {
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): return
            case 0..<0x20: throw error(.malformedJSON)
            default: position += 1
            }
        }
        throw error(.malformedJSON)
    }

    private mutating func unescape() throws(WireError) {
        guard position < text.count else { throw error(.malformedJSON) }
        let byte = text[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.put(byte)
        case UInt8(ascii: "b"): unescaped.put(UInt8(8))
        case UInt8(ascii: "f"): unescaped.put(UInt8(12))
        case UInt8(ascii: "n"): unescaped.put(UInt8(10))
        case UInt8(ascii: "r"): unescaped.put(UInt8(13))
        case UInt8(ascii: "t"): unescaped.put(UInt8(9))
        case UInt8(ascii: "u"): try unescapeCodePoint()
        default: throw error(.malformedJSON)
        }
    }

    /// Half a surrogate pair becomes U+FFFD.
    private mutating func unescapeCodePoint() throws(WireError) {
        var code = try hexUnit()
        if (0xD800...0xDBFF).contains(code), position + 1 < text.count, text[position] == UInt8(ascii: "\\"),
            text[position + 1] == UInt8(ascii: "u")
        {
            let behind = position
            position += 2
            let low = try hexUnit()
            if (0xDC00...0xDFFF).contains(low) {
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            } else {
                position = behind
            }
        }
        unescaped.put(text: String(Character(Unicode.Scalar(code) ?? "\u{FFFD}")))
    }

    private mutating func hexUnit() throws(WireError) -> UInt32 {
        guard position + 4 <= text.count else { throw error(.malformedJSON) }
        var unit: UInt32 = 0
        for byte in text.slice(position, position + 4) {
            guard byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error(.malformedJSON)
            }
            unit = unit << 4 | UInt32(digit)
        }
        position += 4
        return unit
    }
}
