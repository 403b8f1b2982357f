import Domain

/// Puts a request in OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding) into protobuf's binary
/// form, so that both go the same way from there: ids in hexadecimal, numbers as numbers or text, enumerations by number
/// or name, bytes in base64; unknown fields and null are passed over.
struct JSONRequest: ~Copyable {
    private var reader: JSONReader
    private var output: ByteWriter

    private init(_ input: Bytes) {
        reader = JSONReader(input)
        output = ByteWriter(capacity: input.count + 256)
    }

    /// The request's protobuf form. Throws with an offset into `input`.
    static func protobuf(of input: Bytes) throws(OTLPDecodingError) -> ByteWriter {
        var request = JSONRequest(input)
        do {
            try request.putRequest()
        } catch {
            let start = UInt(bitPattern: input.baseAddress)
            throw OTLPDecodingError(error.reason, offset: Int(error.address - start))
        }
        return request.output
    }

    private mutating func putRequest() throws(WireError) {
        try reader.openObject("request")
        var isFirst = true
        while let key = try reader.key(&isFirst) {
            if key.equals("resourceSpans") {
                try putList(1, "resourceSpans", Self.putResourceSpans)
            } else {
                try reader.skip()
            }
        }
        try reader.expectEnd()
    }

    private typealias Put = (inout JSONRequest) throws(WireError) -> Void

    /// A list of messages, each as the field `number`.
    private mutating func putList(_ number: UInt32, _ field: String, _ putFields: Put) throws(WireError) {
        if reader.takeNull() { return }
        try reader.openList(field)
        var isFirst = true
        while try reader.hasElement(&isFirst) { try putMessage(number, putFields) }
    }

    private mutating func putMessage(_ number: UInt32, _ putFields: Put) throws(WireError) {
        if reader.takeNull() { return }
        let start = output.openMessage(number)
        try putFields(&self)
        output.closeMessage(start)
    }

    private static func putResourceSpans(_ request: inout JSONRequest) throws(WireError) {
        try request.reader.openObject("resourceSpans")
        var isFirst = true
        while let key = try request.reader.key(&isFirst) {
            if key.equals("resource") {
                try request.putMessage(1) { request throws(WireError) in try request.putScope("resource", 0, 0, 1) }
            } else if key.equals("scopeSpans") {
                try request.putList(2, "scopeSpans", putScopeSpans)
            } else {
                try request.reader.skip()
            }
        }
    }

    private static func putScopeSpans(_ request: inout JSONRequest) throws(WireError) {
        try request.reader.openObject("scopeSpans")
        var isFirst = true
        while let key = try request.reader.key(&isFirst) {
            if key.equals("scope") {
                try request.putMessage(1) { request throws(WireError) in try request.putScope("scope", 1, 2, 3) }
            } else if key.equals("spans") {
                try request.putList(2, "spans", putSpan)
            } else {
                try request.reader.skip()
            }
        }
    }

    /// A scope, or a resource: that has no name and no version.
    private mutating func putScope(
        _ field: String, _ name: UInt32, _ version: UInt32, _ attributes: UInt32
    ) throws(WireError) {
        try reader.openObject(field)
        var isFirst = true
        while let key = try reader.key(&isFirst) {
            if key.equals("attributes") {
                try putList(attributes, "attributes", Self.putKeyValue)
            } else if name != 0, key.equals("name") {
                try putText(name, "name")
            } else if version != 0, key.equals("version") {
                try putText(version, "version")
            } else {
                try reader.skip()
            }
        }
    }

    private static func putSpan(_ request: inout JSONRequest) throws(WireError) {
        try request.reader.openObject("span")
        var isFirst = true
        while let key = try request.reader.key(&isFirst) { try request.putSpanField(key) }
    }

    private mutating func putSpanField(_ key: Bytes) throws(WireError) {
        if key.equals("attributes") {
            try putList(9, "attributes", Self.putKeyValue)
        } else if key.equals("traceId") {
            try putID(1, "traceId")
        } else if key.equals("spanId") {
            try putID(2, "spanId")
        } else if key.equals("traceState") {
            try putText(3, "traceState")
        } else if key.equals("parentSpanId") {
            try putID(4, "parentSpanId")
        } else if key.equals("name") {
            try putText(5, "name")
        } else if key.equals("kind") {
            try putEnumeration(6, "kind", Self.spanKinds)
        } else if key.equals("startTimeUnixNano") {
            try putTime(7, "startTimeUnixNano")
        } else if key.equals("endTimeUnixNano") {
            try putTime(8, "endTimeUnixNano")
        } else if key.equals("droppedAttributesCount") {
            try putCount(10, "droppedAttributesCount")
        } else if key.equals("events") {
            try putList(11, "events", Self.putEvent)
        } else if key.equals("droppedEventsCount") {
            try putCount(12, "droppedEventsCount")
        } else if key.equals("links") {
            try putList(13, "links", Self.putLink)
        } else if key.equals("droppedLinksCount") {
            try putCount(14, "droppedLinksCount")
        } else if key.equals("status") {
            try putMessage(15, Self.putStatus)
        } else if key.equals("flags") {
            try putFlags(16)
        } else {
            try reader.skip()
        }
    }

    private static func putEvent(_ request: inout JSONRequest) throws(WireError) {
        try request.reader.openObject("event")
        var isFirst = true
        while let key = try request.reader.key(&isFirst) {
            if key.equals("timeUnixNano") {
                try request.putTime(1, "timeUnixNano")
            } else if key.equals("name") {
                try request.putText(2, "name")
            } else if key.equals("attributes") {
                try request.putList(3, "attributes", putKeyValue)
            } else {
                try request.reader.skip()
            }
        }
    }

    private static func putLink(_ request: inout JSONRequest) throws(WireError) {
        try request.reader.openObject("link")
        var isFirst = true
        while let key = try request.reader.key(&isFirst) {
            if key.equals("traceId") {
                try request.putID(1, "traceId")
            } else if key.equals("spanId") {
                try request.putID(2, "spanId")
            } else if key.equals("traceState") {
                try request.putText(3, "traceState")
            } else if key.equals("attributes") {
                try request.putList(4, "attributes", putKeyValue)
            } else if key.equals("droppedAttributesCount") {
                try request.putCount(5, "droppedAttributesCount")
            } else if key.equals("flags") {
                try request.putFlags(6)
            } else {
                try request.reader.skip()
            }
        }
    }

    private static func putStatus(_ request: inout JSONRequest) throws(WireError) {
        try request.reader.openObject("status")
        var isFirst = true
        while let key = try request.reader.key(&isFirst) {
            if key.equals("message") {
                try request.putText(2, "message")
            } else if key.equals("code") {
                try request.putEnumeration(3, "code", statusCodes)
            } else {
                try request.reader.skip()
            }
        }
    }
}

// Attributes and single values.
extension JSONRequest {
    private static func putKeyValue(_ request: inout JSONRequest) throws(WireError) {
        try request.reader.openObject("attribute")
        var isFirst = true
        while let key = try request.reader.key(&isFirst) {
            if key.equals("key") {
                try request.putText(1, "key")
            } else if key.equals("value") {
                try request.putMessage(2, putAnyValue)
            } else {
                try request.reader.skip()
            }
        }
    }

    private static func putAnyValue(_ request: inout JSONRequest) throws(WireError) {
        try request.reader.openObject("value")
        var isFirst = true
        while let key = try request.reader.key(&isFirst) {
            if key.equals("stringValue") {
                try request.putText(1, "stringValue")
            } else if key.equals("boolValue") {
                if request.reader.takeNull() { continue }
                request.output.putField(2, varint: try request.reader.boolean("boolValue") ? 1 : 0)
            } else if key.equals("intValue") {
                if request.reader.takeNull() { continue }
                let value: Int64 = try request.integer("intValue")
                request.output.putField(3, varint: UInt64(bitPattern: value))
            } else if key.equals("doubleValue") {
                try request.putDouble(4)
            } else if key.equals("arrayValue") {
                try request.putMessage(5) { request throws(WireError) in try request.putValues(putAnyValue) }
            } else if key.equals("kvlistValue") {
                try request.putMessage(6) { request throws(WireError) in try request.putValues(putKeyValue) }
            } else if key.equals("bytesValue") {
                try request.putBase64(7)
            } else {
                try request.reader.skip()
            }
        }
    }

    private mutating func putValues(_ putValue: Put) throws(WireError) {
        try reader.openObject("values")
        var isFirst = true
        while let key = try reader.key(&isFirst) {
            if key.equals("values") { try putList(1, "values", putValue) } else { try reader.skip() }
        }
    }

    private mutating func putText(_ number: UInt32, _ field: String) throws(WireError) {
        if reader.takeNull() { return }
        output.putField(number, bytes: try reader.string(field))
    }

    /// What is no hexadecimal text has no bytes: the span is then refused for the length of its id.
    private mutating func putID(_ number: UInt32, _ field: String) throws(WireError) {
        if reader.takeNull() { return }
        let text = String(decoding: try reader.string(field), as: UTF8.self)
        (Hex.decode(text) ?? []).withUnsafeBufferPointer { output.putField(number, bytes: $0) }
    }

    private mutating func putBase64(_ number: UInt32) throws(WireError) {
        if reader.takeNull() { return }
        let text = String(decoding: try reader.string("bytesValue"), as: UTF8.self)
        guard let bytes = Self.base64(text) else { throw reader.error(.wrongType(field: "bytesValue")) }
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

    /// A whole number, also where it is written as `1.5e3`.
    private mutating func integer<Number: FixedWidthInteger>(_ field: String) throws(WireError) -> Number {
        let text = try reader.number(field)
        if let number = Number(text) { return number }
        guard let number = Double(text).flatMap({ Number(exactly: $0) }) else {
            throw reader.error(.wrongType(field: field))
        }
        return number
    }

    private mutating func putTime(_ number: UInt32, _ field: String) throws(WireError) {
        if reader.takeNull() { return }
        output.putField(number, fixed64: try integer(field))
    }

    private mutating func putCount(_ number: UInt32, _ field: String) throws(WireError) {
        if reader.takeNull() { return }
        let count: UInt32 = try integer(field)
        output.putField(number, varint: UInt64(count))
    }

    private mutating func putFlags(_ number: UInt32) throws(WireError) {
        if reader.takeNull() { return }
        output.putField(number, fixed32: try integer("flags"))
    }

    /// `NaN`, `Infinity` and `-Infinity` come as text.
    private mutating func putDouble(_ number: UInt32) throws(WireError) {
        if reader.takeNull() { return }
        guard let value = Double(try reader.number("doubleValue")) else {
            throw reader.error(.wrongType(field: "doubleValue"))
        }
        output.putField(number, fixed64: value.bitPattern)
    }

    private mutating func putEnumeration(
        _ number: UInt32, _ field: String, _ names: [String]
    ) throws(WireError) {
        if reader.takeNull() { return }
        let text = try reader.number(field)
        guard let value = UInt64(text) ?? names.firstIndex(of: text).map({ UInt64($0) }) else {
            throw reader.error(.wrongType(field: field))
        }
        output.putField(number, varint: value)
    }

    private static var spanKinds: [String] {
        ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"].map { "SPAN_KIND_\($0)" }
    }

    private static var statusCodes: [String] { ["UNSET", "OK", "ERROR"].map { "STATUS_CODE_\($0)" } }
}
