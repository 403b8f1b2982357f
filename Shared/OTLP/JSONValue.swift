/// JSON as a tree, for the few places that must look into it; objects keep their members' order.
indirect enum JSONValue {
    /// A tree takes far more memory than its text, so that there is a limit to what is made one.
    private static let valuesMax = 100_000

    case null
    case boolean(Bool)
    /// A number as it was written.
    case number(String)
    case text(String)
    case list([JSONValue])
    case object([(key: String, value: JSONValue)])

    /// Reads the one JSON value in `text`; nil where it is none, or larger than a hundred thousand values.
    init?(parsing text: Bytes) {
        var compact = ByteWriter(capacity: text.count)
        guard JSONText.copy(text, to: &compact, valuesMax: Self.valuesMax) else { return nil }
        var parser = CompactParser(compact.written())
        self = parser.value()
    }

    init?(parsing text: String) {
        var text = text
        guard let value = text.withUTF8({ JSONValue(parsing: $0) }) else { return nil }
        self = value
    }

    /// A member of an object; nil where there is none, or it is null.
    subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self, let value = members.last(where: { $0.key == key })?.value else {
            return nil
        }
        if case .null = value { return nil }
        return value
    }

    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    var isObject: Bool {
        if case .object = self { true } else { false }
    }

    /// A list, or the list that text holds as JSON.
    var list: [JSONValue]? {
        switch self {
        case .list(let list): list
        case .text(let text): if case .list(let list)? = JSONValue(parsing: text) { list } else { nil }
        default: nil
        }
    }

    /// A whole number, or text that is one; not a boolean.
    var wholeNumber: Int64? {
        switch self {
        case .number(let text), .text(let text):
            Int64(text) ?? Double(text).flatMap { Int64(exactly: $0) }
        default: nil
        }
    }

    /// Text as it is, anything else as its JSON text.
    var asText: String {
        if case .text(let text) = self { text } else { json }
    }

    /// The JSON text, with a space behind commas and colons as Python writes it.
    var json: String {
        var compact = ByteWriter(capacity: 128)
        put(to: &compact)
        var spaced = ByteWriter(capacity: compact.count * 2)
        JSONText.space(compact.written(), to: &spaced)
        return String(decoding: spaced.written(), as: UTF8.self)
    }

    func put(to output: inout ByteWriter) {
        switch self {
        case .null: output.put("null")
        case .boolean(let value): if value { output.put("true") } else { output.put("false") }
        case .number(let number): output.put(text: number)
        case .text(let text): output.putJSON(text: text)
        case .list(let list):
            output.put("[")
            for value in list {
                output.putSeparator()
                value.put(to: &output)
            }
            output.put("]")
        case .object(let members):
            output.put("{")
            for member in members {
                output.putSeparator()
                output.putJSON(text: member.key)
                output.put(":")
                member.value.put(to: &output)
            }
            output.put("}")
        }
    }
}

extension ByteWriter {
    mutating func putJSON(text: String) {
        var text = text
        text.withUTF8 { putJSON($0) }
    }
}

/// Reads JSON that is known to be well formed and without white space, no deeper than its maker allows.
private struct CompactParser {
    private let text: Bytes
    private var position = 0

    init(_ text: Bytes) {
        self.text = text
    }

    mutating func value() -> JSONValue {
        switch text[position] {
        case UInt8(ascii: "{"): return object()
        case UInt8(ascii: "["): return list()
        case UInt8(ascii: "\""): return .text(string())
        case UInt8(ascii: "t"): return word("true", .boolean(true))
        case UInt8(ascii: "f"): return word("false", .boolean(false))
        case UInt8(ascii: "n"): return word("null", .null)
        default: return number()
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) -> JSONValue {
        position += word.utf8CodeUnitCount
        return value
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard text[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func object() -> JSONValue {
        position += 1
        var members: [(key: String, value: JSONValue)] = []
        while !take("}") {
            _ = take(",")
            let key = string()
            position += 1
            members.append((key, value()))
        }
        return .object(members)
    }

    private mutating func list() -> JSONValue {
        position += 1
        var list: [JSONValue] = []
        while !take("]") {
            _ = take(",")
            list.append(value())
        }
        return .list(list)
    }

    private mutating func number() -> JSONValue {
        let start = position
        while position < text.count, text[position].isDigit || Self.isNumberMark(text[position]) { position += 1 }
        return .number(String(decoding: text.slice(start, position), as: UTF8.self))
    }

    private static func isNumberMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E")
    }

    private mutating func string() -> String {
        position += 1
        var units: [UInt8] = []
        while text[position] != UInt8(ascii: "\"") {
            if text[position] == UInt8(ascii: "\\") {
                position += 1
                escape(&units)
            } else {
                units.append(text[position])
                position += 1
            }
        }
        position += 1
        return String(decoding: units, as: UTF8.self)
    }

    private mutating func escape(_ units: inout [UInt8]) {
        let byte = text[position]
        position += 1
        switch byte {
        case UInt8(ascii: "b"): units.append(8)
        case UInt8(ascii: "f"): units.append(12)
        case UInt8(ascii: "n"): units.append(10)
        case UInt8(ascii: "r"): units.append(13)
        case UInt8(ascii: "t"): units.append(9)
        case UInt8(ascii: "u"): codePoint(&units)
        default: units.append(byte)
        }
    }

    /// Lone surrogates have been replaced, so a high one has its low one behind it.
    private mutating func codePoint(_ units: inout [UInt8]) {
        var code = hexUnit()
        if (0xD800...0xDBFF).contains(code) {
            position += 2
            code = 0x10000 + (code - 0xD800) << 10 + (hexUnit() - 0xDC00)
        }
        if let scalar = Unicode.Scalar(code) {
            units.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }

    private mutating func hexUnit() -> UInt32 {
        let unit = UInt32(String(decoding: text.slice(position, position + 4), as: UTF8.self), radix: 16) ?? 0
        position += 4
        return unit
    }
}
