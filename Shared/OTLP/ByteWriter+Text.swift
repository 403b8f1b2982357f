// Text from the wire is copied eight bytes at a time up to the next byte that needs a look: one to be escaped, a NUL, or
// the first of a character beyond ASCII, which is checked as UTF-8 (RFC 3629).

extension ByteWriter {
    /// Text as a JSON string with its quotes (RFC 8259, section 7). NUL and bytes that are no UTF-8 become U+FFFD.
    @inline(__always)
    mutating func putJSON(_ text: Bytes) {
        reserve(text.count + 2)
        put(UInt8(ascii: "\""))
        putJSONContent(text)
        put(UInt8(ascii: "\""))
    }

    /// What stands between the quotes of a JSON string.
    mutating func putJSONContent(_ text: Bytes) {
        guard var source = text.baseAddress else { return }
        let end = source + text.count
        while true {
            copy(&source, end, until: Word.beyondASCIIOrEscaped)
            guard source != end else { return }
            switch source.pointee {
            case 0x80...: putCharacters(&source, end)
            case let byte:
                putEscaped(byte)
                source += 1
            }
        }
    }

    /// Text as it is, but for NUL and bytes that are no UTF-8, which become U+FFFD.
    mutating func putText(_ text: Bytes) {
        guard var source = text.baseAddress else { return }
        let end = source + text.count
        while true {
            copy(&source, end, until: Word.beyondASCIIOrNUL)
            guard source != end else { return }
            if source.pointee == 0 {
                put("\u{FFFD}")
                source += 1
            } else {
                putCharacters(&source, end)
            }
        }
    }

    /// Copies up to the first byte that `marks` marks.
    @inline(__always)
    private mutating func copy(
        _ source: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, until marks: (UInt64) -> UInt64
    ) {
        let start = source
        let length = end - start
        write(room: length &+ 8) { target in
            var position = 0
            while position &+ 8 <= length {
                let word = Word.load(start + position)
                Word.store(word, target + position)
                let marked = marks(word)
                guard marked == 0 else {
                    position &+= Word.firstMarked(marked)
                    source = start + position
                    return position
                }
                position &+= 8
            }
            while position < length, marks(UInt64(start[position]) | Word.fill) & 0x80 == 0 {
                target[position] = start[position]
                position &+= 1
            }
            source = start + position
            return position
        }
    }

    @inline(__always)
    private mutating func putEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): put("\\\"")
        case UInt8(ascii: "\\"): put("\\\\")
        case UInt8(ascii: "\n"): put("\\n")
        case UInt8(ascii: "\r"): put("\\r")
        case UInt8(ascii: "\t"): put("\\t")
        case 0: put("\u{FFFD}")
        default:
            put(byte < 0x10 ? "\\u000" : "\\u001")
            putHexDigit(byte & 0x0F)
        }
    }

    /// Copies characters beyond ASCII up to the next one within.
    private mutating func putCharacters(_ source: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) {
        while source != end, source.pointee >= 0x80 {
            let length = UTF8Check.length(source, end)
            if length > 0 {
                put(Bytes(start: source, count: length))
                source += length
            } else {
                put("\u{FFFD}")
                source += 1
            }
        }
    }
}

enum UTF8Check {
    /// The length of the well-formed character beyond ASCII that starts at `source`; 0 where there is none.
    @inline(__always)
    static func length(_ source: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Int {
        let available = end - source
        let first = source[0]
        guard available >= 2, first >= 0xC2, first <= 0xF4 else { return 0 }
        let second = source[1]
        guard second & 0xC0 == 0x80 else { return 0 }
        if first < 0xE0 { return 2 }
        guard available >= 3, source[2] & 0xC0 == 0x80 else { return 0 }
        if first < 0xF0 {
            // Not what fits two bytes, and no halves of a surrogate pair.
            if first == 0xE0, second < 0xA0 { return 0 }
            if first == 0xED, second >= 0xA0 { return 0 }
            return 3
        }
        guard available >= 4, source[3] & 0xC0 == 0x80 else { return 0 }
        if first == 0xF0, second < 0x90 { return 0 }
        if first == 0xF4, second >= 0x90 { return 0 }
        return 4
    }
}
