import Domain

/// The fields of an object that have come.
struct SeenFields {
    private var bits: UInt32 = 0

    /// Whether the field `number` comes for the first time.
    mutating func insert(_ number: UInt32) -> Bool {
        defer { bits |= 1 << number }
        return bits & 1 << number == 0
    }
}

// Lists and messages. What they write is the field `number`; `field` names it in errors.
extension JSONRequest {
    typealias Put = (inout JSONRequest) throws(WireError) -> Void

    /// Whether the field has a value, which is still to be read; null is none.
    private mutating func begin(
        _ number: UInt32, _ field: String, _ seen: inout SeenFields
    ) throws(WireError) -> Bool {
        guard seen.insert(number) else { throw reader.error(.repeatedField(field)) }
        return !reader.takeNull()
    }

    mutating func putMessage(
        _ number: UInt32, _ field: String, _ seen: inout SeenFields, _ putFields: Put
    ) throws(WireError) {
        if try begin(number, field, &seen) { try putElement(number, putFields) }
    }

    private mutating func putElement(_ number: UInt32, _ putFields: Put) throws(WireError) {
        let start = output.openMessage(number)
        try putFields(&self)
        output.closeMessage(start)
    }

    /// A list of messages; null among them is none.
    mutating func putList(
        _ number: UInt32, _ field: String, _ seen: inout SeenFields, _ putFields: Put
    ) throws(WireError) {
        guard try begin(number, field, &seen) else { return }
        try reader.openList(field)
        var isFirst = true
        while try reader.hasElement(&isFirst) {
            if !reader.takeNull() { try putElement(number, putFields) }
        }
    }
}

// Attributes.
extension JSONRequest {
    static func putKeyValue(_ request: inout JSONRequest) throws(WireError) {
        try request.reader.openObject("attribute")
        var isFirst = true
        var seen = SeenFields()
        while let key = try request.reader.key(&isFirst) {
            if key.equals("key") {
                try request.putText(1, "key", &seen)
            } else if key.equals("value") {
                try request.putMessage(2, "value", &seen, putAnyValue)
            } else {
                try request.reader.skip()
            }
        }
    }

    private static func putAnyValue(_ request: inout JSONRequest) throws(WireError) {
        try request.reader.openObject("value")
        var isFirst = true
        var seen = SeenFields()
        while let key = try request.reader.key(&isFirst) {
            if key.equals("stringValue") {
                try request.putText(1, "stringValue", &seen)
            } else if key.equals("boolValue") {
                try request.putBoolean(2, "boolValue", &seen)
            } else if key.equals("intValue") {
                try request.putInteger(3, "intValue", &seen)
            } else if key.equals("doubleValue") {
                try request.putDouble(4, "doubleValue", &seen)
            } else if key.equals("arrayValue") {
                try request.putMessage(5, "arrayValue", &seen, putArray)
            } else if key.equals("kvlistValue") {
                try request.putMessage(6, "kvlistValue", &seen, putMap)
            } else if key.equals("bytesValue") {
                try request.putBase64(7, "bytesValue", &seen)
            } else {
                try request.reader.skip()
            }
        }
    }

    private static func putArray(_ request: inout JSONRequest) throws(WireError) {
        try request.putValues { request throws(WireError) in
            // A list's element keeps its place, whatever it is.
            if !request.reader.takeNull() { try putAnyValue(&request) }
        }
    }

    private static func putMap(_ request: inout JSONRequest) throws(WireError) {
        try request.putValues { request throws(WireError) in
            if !request.reader.takeNull() { try putKeyValue(&request) }
        }
    }

    private mutating func putValues(_ putValue: Put) throws(WireError) {
        try reader.openObject("values")
        var isFirst = true
        var seen = SeenFields()
        while let key = try reader.key(&isFirst) {
            guard key.equals("values") else {
                try reader.skip()
                continue
            }
            guard try begin(1, "values", &seen) else { continue }
            try reader.openList("values")
            var isFirstValue = true
            while try reader.hasElement(&isFirstValue) { try putElement(1, putValue) }
        }
    }
}

// Single values.
extension JSONRequest {
    mutating func putText(_ number: UInt32, _ field: String, _ seen: inout SeenFields) throws(WireError) {
        if try begin(number, field, &seen) { output.putField(number, bytes: try reader.string(field)) }
    }

    /// What is no hexadecimal text has the bytes `none`, so that the span is refused for the length of its id.
    mutating func putID(
        _ number: UInt32, _ field: String, _ seen: inout SeenFields, none: [UInt8] = []
    ) throws(WireError) {
        guard try begin(number, field, &seen) else { return }
        let text = String(decoding: try reader.string(field), as: UTF8.self)
        (Hex.decode(text) ?? none).withUnsafeBufferPointer { output.putField(number, bytes: $0) }
    }

    private mutating func putBase64(
        _ number: UInt32, _ field: String, _ seen: inout SeenFields
    ) throws(WireError) {
        guard try begin(number, field, &seen) else { return }
        let text = String(decoding: try reader.string(field), as: UTF8.self)
        guard let bytes = Self.base64(text) else { throw reader.error(.wrongType(field: field)) }
        bytes.withUnsafeBufferPointer { output.putField(number, bytes: $0) }
    }

    /// Protobuf's JSON takes the standard and the URL's alphabet, with and without padding.
    private static func base64(_ text: String) -> [UInt8]? {
        var digits = text.utf8.map { digit in
            switch digit {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: digit
            }
        }
        while !digits.count.isMultiple(of: 4) { digits.append(UInt8(ascii: "=")) }
        return Base64.decode(String(decoding: digits, as: UTF8.self))
    }

    private mutating func putBoolean(
        _ number: UInt32, _ field: String, _ seen: inout SeenFields
    ) throws(WireError) {
        guard try begin(number, field, &seen) else { return }
        output.putField(number, varint: try reader.boolean(field) ? 1 : 0)
    }

    /// A whole number, also where it is written as `1.5e3`, and however large it is.
    private mutating func integer<Number: FixedWidthInteger>(_ field: String) throws(WireError) -> Number {
        let text = try reader.number(field)
        guard let number = JSONNumber(text) else { throw reader.error(.wrongType(field: field)) }
        guard let integer = number.integer(as: Number.self) else { throw reader.error(.outOfRange(field: field)) }
        return integer
    }

    private mutating func putInteger(
        _ number: UInt32, _ field: String, _ seen: inout SeenFields
    ) throws(WireError) {
        guard try begin(number, field, &seen) else { return }
        let value: Int64 = try integer(field)
        output.putField(number, varint: UInt64(bitPattern: value))
    }

    mutating func putTime(_ number: UInt32, _ field: String, _ seen: inout SeenFields) throws(WireError) {
        if try begin(number, field, &seen) { output.putField(number, fixed64: try integer(field)) }
    }

    mutating func putCount(_ number: UInt32, _ field: String, _ seen: inout SeenFields) throws(WireError) {
        guard try begin(number, field, &seen) else { return }
        let count: UInt32 = try integer(field)
        output.putField(number, varint: UInt64(count))
    }

    mutating func putFlags(_ number: UInt32, _ field: String, _ seen: inout SeenFields) throws(WireError) {
        if try begin(number, field, &seen) { output.putField(number, fixed32: try integer(field)) }
    }

    /// `NaN`, `Infinity` and `-Infinity` come as text.
    private mutating func putDouble(
        _ number: UInt32, _ field: String, _ seen: inout SeenFields
    ) throws(WireError) {
        guard try begin(number, field, &seen) else { return }
        let text = try reader.number(field)
        let value: Double
        if let finite = JSONNumber(text) {
            guard let double = finite.double else { throw reader.error(.outOfRange(field: field)) }
            value = double
        } else if text.equals("NaN") {
            value = .nan
        } else if text.equals("Infinity") {
            value = .infinity
        } else if text.equals("-Infinity") {
            value = -.infinity
        } else {
            throw reader.error(.wrongType(field: field))
        }
        output.putField(number, fixed64: value.bitPattern)
    }

    /// A number, known here or not, or a known name: OTLP has numbers only, but those who write with protobuf's own JSON
    /// send names.
    mutating func putEnumeration(
        _ number: UInt32, _ field: String, _ seen: inout SeenFields, _ names: [String]
    ) throws(WireError) {
        guard try begin(number, field, &seen) else { return }
        let text = try reader.number(field)
        let value: Int32
        if let known = JSONNumber(text) {
            guard let code = known.integer(as: Int32.self) else { throw reader.error(.outOfRange(field: field)) }
            value = code
        } else {
            let name = String(decoding: text, as: UTF8.self)
            guard let code = names.firstIndex(of: name) else { throw reader.error(.wrongType(field: field)) }
            value = Int32(code)
        }
        output.putField(number, varint: UInt64(bitPattern: Int64(value)))
    }

    static var spanKinds: [String] {
        ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"].map { "SPAN_KIND_\($0)" }
    }

    static var statusCodes: [String] { ["UNSET", "OK", "ERROR"].map { "STATUS_CODE_\($0)" } }
}
