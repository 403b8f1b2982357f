#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// JSON (RFC 8259) inside attributes, handled as text: nothing is built from it.
enum JSONText {
    /// Appends the one JSON value in `text`, without white space, such that every reader takes it: NUL and lone
    /// surrogates become U+FFFD, and NaN, infinities and numbers beyond a double's range become `null`.
    /// False, with `output` longer by some part, where `text` is no JSON, nests more than 64 deep, or has more values in
    /// it than `valuesMax`.
    static func copy(_ text: Bytes, to output: inout ByteWriter, valuesMax: Int = .max) -> Bool {
        var scanner = JSONScanner(text, valuesMax: valuesMax)
        guard scanner.copyValue(to: &output, depth: 0) else { return false }
        scanner.skipSpace()
        return scanner.isAtEnd
    }

    /// Appends compact JSON with a space behind each comma and colon, as Python's `json.dumps` writes it.
    static func space(_ compact: Bytes, to output: inout ByteWriter) {
        var isInString = false
        var isEscaped = false
        output.reserve(compact.count + compact.count / 8)
        for byte in compact {
            output.put(byte)
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\"): isEscaped = isInString
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: ","), UInt8(ascii: ":"): if !isInString { output.put(UInt8(ascii: " ")) }
            default: break
            }
        }
    }
}

/// Reads JSON from left to right and copies what it reads.
private struct JSONScanner {
    private static let depthMax = 64

    private let text: Bytes
    private var position = 0
    private var valuesLeft: Int

    init(_ text: Bytes, valuesMax: Int) {
        self.text = text
        valuesLeft = valuesMax
    }

    var isAtEnd: Bool { position == text.count }

    private var next: UInt8? { position < text.count ? text[position] : nil }

    mutating func skipSpace() {
        while let next, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func take(word: StaticString) -> Bool {
        let end = position + word.utf8CodeUnitCount
        guard end <= text.count, text.slice(position, end).equals(word) else { return false }
        position = end
        return true
    }

    mutating func copyValue(to output: inout ByteWriter, depth: Int) -> Bool {
        skipSpace()
        guard let next, valuesLeft > 0 else { return false }
        valuesLeft -= 1
        switch next {
        case UInt8(ascii: "\""): return copyString(to: &output)
        case UInt8(ascii: "{"): return copyObject(to: &output, depth: depth)
        case UInt8(ascii: "["): return copyArray(to: &output, depth: depth)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return copyNumber(to: &output)
        default: return copyWord(to: &output)
        }
    }

    private mutating func copyWord(to output: inout ByteWriter) -> Bool {
        if take(word: "true") {
            output.put("true")
        } else if take(word: "false") {
            output.put("false")
        } else if take(word: "null") || take(word: "NaN") || take(word: "Infinity") {
            output.put("null")
        } else {
            return false
        }
        return true
    }

    private mutating func copyObject(to output: inout ByteWriter, depth: Int) -> Bool {
        guard depth < Self.depthMax, take("{") else { return false }
        output.put("{")
        skipSpace()
        if !take("}") {
            repeat {
                skipSpace()
                output.putSeparator()
                guard next == UInt8(ascii: "\""), copyString(to: &output) else { return false }
                skipSpace()
                guard take(":") else { return false }
                output.put(":")
                guard copyValue(to: &output, depth: depth + 1) else { return false }
                skipSpace()
            } while take(",")
            guard take("}") else { return false }
        }
        output.put("}")
        return true
    }

    private mutating func copyArray(to output: inout ByteWriter, depth: Int) -> Bool {
        guard depth < Self.depthMax, take("[") else { return false }
        output.put("[")
        skipSpace()
        if !take("]") {
            repeat {
                output.putSeparator()
                guard copyValue(to: &output, depth: depth + 1) else { return false }
                skipSpace()
            } while take(",")
            guard take("]") else { return false }
        }
        output.put("]")
        return true
    }

    private mutating func copyNumber(to output: inout ByteWriter) -> Bool {
        let start = position
        let isNegative = take("-")
        if isNegative, take(word: "Infinity") {
            output.put("null")
            return true
        }
        let wholeStart = position
        skipDigits()
        guard position > wholeStart, text[wholeStart] != UInt8(ascii: "0") || position == wholeStart + 1 else {
            return false
        }
        if take(".") {
            let fractionStart = position
            skipDigits()
            guard position > fractionStart else { return false }
        }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            let exponentStart = position
            skipDigits()
            guard position > exponentStart else { return false }
        }
        let number = text.slice(start, position)
        // Up to 18 bytes without an exponent there is nothing that a double cannot hold.
        let isSafe = number.count <= 18 && !number.contains(UInt8(ascii: "e")) && !number.contains(UInt8(ascii: "E"))
        if isSafe || Double(String(decoding: number, as: UTF8.self))?.isFinite == true {
            output.put(number)
        } else {
            output.put("null")
        }
        return true
    }

    private mutating func skipDigits() {
        while let next, next.isDigit { position += 1 }
    }

    private mutating func copyString(to output: inout ByteWriter) -> Bool {
        guard take("\"") else { return false }
        output.put("\"")
        while true {
            let runStart = position
            while let next, next >= 0x20, next != UInt8(ascii: "\""), next != UInt8(ascii: "\\") { position += 1 }
            output.putJSONContent(text.slice(runStart, position))
            if take("\"") {
                output.put("\"")
                return true
            }
            guard take("\\"), copyEscape(to: &output) else { return false }
        }
    }

    private mutating func copyEscape(to output: inout ByteWriter) -> Bool {
        guard let next else { return false }
        position += 1
        switch next {
        case UInt8(ascii: "u"): return copyCodePoint(to: &output)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            output.put(UInt8(ascii: "\\"))
            output.put(next)
            return true
        default: return false
        }
    }

    private mutating func copyCodePoint(to output: inout ByteWriter) -> Bool {
        let start = position
        guard let unit = hexUnit() else { return false }
        switch unit {
        case 0, 0xDC00...0xDFFF: output.put("\u{FFFD}")
        case 0xD800...0xDBFF:
            let behind = position
            if take("\\"), take("u"), let low = hexUnit(), (0xDC00...0xDFFF).contains(low) {
                output.put("\\u")
                output.put(text.slice(start, position))
            } else {
                position = behind
                output.put("\u{FFFD}")
            }
        default:
            output.put("\\u")
            output.put(text.slice(start, position))
        }
        return true
    }

    private mutating func hexUnit() -> UInt32? {
        guard position + 4 <= text.count else { return nil }
        var unit: UInt32 = 0
        for byte in text.slice(position, position + 4) {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        position += 4
        return unit
    }
}
