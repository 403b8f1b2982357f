/// Reads JSON (RFC 8259) into values. Nesting is bounded, so the reader may recurse.
struct JSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var depth = 0
    private static let depthMax = 128

    /// Why a text is no JSON.
    struct Failure: Error {
        var message: String
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Reads a text that is one value.
    static func read(_ bytes: [UInt8]) throws(Failure) -> InputValue {
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<InputValue, Failure> in
            var reader = JSONReader(buffer)
            do throws(Failure) {
                let value = try reader.readValue()
                reader.skipSpace()
                guard reader.position == buffer.count else { throw reader.failure("something stands behind the value") }
                return .success(value)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func failure(_ what: String) -> Failure {
        Failure(message: "\(what) at byte \(position)")
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): position += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func readValue() throws(Failure) -> InputValue {
        skipSpace()
        guard position < bytes.count else { throw failure("the text ends early") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try nested { reader throws(Failure) in try reader.readObject() }
        case UInt8(ascii: "["): return try nested { reader throws(Failure) in try reader.readList() }
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .boolean(true))
        case UInt8(ascii: "f"): return try readWord("false", .boolean(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        default: return try readNumber()
        }
    }

    private mutating func nested(
        _ read: (inout JSONReader) throws(Failure) -> InputValue
    ) throws(Failure) -> InputValue {
        depth += 1
        guard depth <= JSONReader.depthMax else { throw failure("values are nested too deeply") }
        position += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func readObject() throws(Failure) -> InputValue {
        var fields: [InputValue.ObjectField] = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(fields) }
        while true {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw failure("a key is expected")
            }
            let name = try readString()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure("':' is expected") }
            fields.append(InputValue.ObjectField(name, try readValue()))
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(fields) }
            guard take(UInt8(ascii: ",")) else { throw failure("',' or '}' is expected") }
        }
    }

    private mutating func readList() throws(Failure) -> InputValue {
        var items: [InputValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .list(items) }
        while true {
            items.append(try readValue())
            skipSpace()
            if take(UInt8(ascii: "]")) { return .list(items) }
            guard take(UInt8(ascii: ",")) else { throw failure("',' or ']' is expected") }
        }
    }

    private mutating func readWord(_ word: StaticString, _ value: InputValue) throws(Failure) -> InputValue {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count else { throw failure("the text ends early") }
        for offset in 0..<count where bytes[position + offset] != word.utf8Start[offset] {
            throw failure("a value is expected")
        }
        position += count
        return value
    }

    private mutating func readDigits() -> Int {
        let start = position
        while position < bytes.count, isDigit(bytes[position]) { position += 1 }
        return position - start
    }

    private mutating func readNumber() throws(Failure) -> InputValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let startsWithZero = position < bytes.count && bytes[position] == UInt8(ascii: "0")
        let digits = readDigits()
        guard digits > 0, !(startsWithZero && digits > 1) else { throw failure("a value is expected") }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            guard readDigits() > 0 else { throw failure("a digit is expected") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard readDigits() > 0 else { throw failure("a digit is expected") }
        }
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        if isWhole, let whole = Int64(text) { return .int(whole) }
        guard let number = Double(text), number.isFinite else { throw failure("the number is too large") }
        return .float(number)
    }
}

extension JSONReader {
    private mutating func readString() throws(Failure) -> String {
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\") {
            guard bytes[position] >= 0x20 else { throw failure("a control character stands in a string") }
            position += 1
        }
        if take(UInt8(ascii: "\"")) { return text(start, position - 1) }
        var result = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: result, as: UTF8.self)
            case UInt8(ascii: "\\"): try readEscape(&result)
            case 0..<0x20: throw failure("a control character stands in a string")
            default: result.append(byte)
            }
        }
        throw failure("the text ends in a string")
    }

    private func text(_ start: Int, _ end: Int) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
    }

    private mutating func readEscape(_ result: inout [UInt8]) throws(Failure) {
        guard position < bytes.count else { throw failure("the text ends in a string") }
        let escape = bytes[position]
        position += 1
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(escape)
        case UInt8(ascii: "b"): result.append(8)
        case UInt8(ascii: "f"): result.append(12)
        case UInt8(ascii: "n"): result.append(10)
        case UInt8(ascii: "r"): result.append(13)
        case UInt8(ascii: "t"): result.append(9)
        case UInt8(ascii: "u"): result.append(contentsOf: String(try readScalar()).utf8)
        default: throw failure("there is no such escape")
        }
    }

    /// Half of a surrogate pair without the other reads as U+FFFD.
    private mutating func readScalar() throws(Failure) -> Character {
        let unit = try readCodeUnit()
        if let scalar = UnicodeScalar(unit) { return Character(scalar) }
        let isHighThenEscape =
            unit < 0xDC00 && position + 1 < bytes.count && bytes[position] == UInt8(ascii: "\\")
            && bytes[position + 1] == UInt8(ascii: "u")
        guard isHighThenEscape else { return "\u{FFFD}" }
        let before = position
        position += 2
        let low = try readCodeUnit()
        guard 0xDC00..<0xE000 ~= low,
            let scalar = UnicodeScalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
        else {
            position = before
            return "\u{FFFD}"
        }
        return Character(scalar)
    }

    private mutating func readCodeUnit() throws(Failure) -> UInt16 {
        guard position + 4 <= bytes.count else { throw failure("the text ends in a string") }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(UnicodeScalar(bytes[position])).hexDigitValue else {
                throw failure("a hexadecimal digit is expected")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
