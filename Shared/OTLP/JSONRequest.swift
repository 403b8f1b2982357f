import Domain

/// Puts a request in OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding) into protobuf's binary
/// form, so that both go the same way from there: ids in hexadecimal, numbers as numbers or text, enumerations by number
/// or name, bytes in base64. Unknown fields, of which those in snake case are some, and null are passed over; a field that
/// comes twice in its object is refused, as protobuf's own readers of JSON do.
struct JSONRequest: ~Copyable {
    var reader: JSONReader
    var output: ByteWriter

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
        var seen = SeenFields()
        while let key = try reader.key(&isFirst) {
            if key.equals("resourceSpans") {
                try putList(1, "resourceSpans", &seen, Self.putResourceSpans)
            } else {
                try reader.skip()
            }
        }
        try reader.expectEnd()
    }

    private static func putResourceSpans(_ request: inout JSONRequest) throws(WireError) {
        try request.reader.openObject("resourceSpans")
        var isFirst = true
        var seen = SeenFields()
        while let key = try request.reader.key(&isFirst) {
            if key.equals("resource") {
                try request.putMessage(1, "resource", &seen) { request throws(WireError) in
                    try request.putScope("resource", attributes: 1, droppedAttributes: 2)
                }
            } else if key.equals("scopeSpans") {
                try request.putList(2, "scopeSpans", &seen, putScopeSpans)
            } else if key.equals("schemaUrl") {
                try request.putText(3, "schemaUrl", &seen)
            } else {
                try request.reader.skip()
            }
        }
    }

    private static func putScopeSpans(_ request: inout JSONRequest) throws(WireError) {
        try request.reader.openObject("scopeSpans")
        var isFirst = true
        var seen = SeenFields()
        while let key = try request.reader.key(&isFirst) {
            if key.equals("scope") {
                try request.putMessage(1, "scope", &seen) { request throws(WireError) in
                    try request.putScope("scope", name: 1, version: 2, attributes: 3, droppedAttributes: 4)
                }
            } else if key.equals("spans") {
                try request.putList(2, "spans", &seen, putSpan)
            } else if key.equals("schemaUrl") {
                try request.putText(3, "schemaUrl", &seen)
            } else {
                try request.reader.skip()
            }
        }
    }

    /// A scope, or a resource: that has no name and no version.
    private mutating func putScope(
        _ field: String, name: UInt32? = nil, version: UInt32? = nil, attributes: UInt32, droppedAttributes: UInt32
    ) throws(WireError) {
        try reader.openObject(field)
        var isFirst = true
        var seen = SeenFields()
        while let key = try reader.key(&isFirst) {
            if key.equals("attributes") {
                try putList(attributes, "attributes", &seen, Self.putKeyValue)
            } else if key.equals("droppedAttributesCount") {
                try putCount(droppedAttributes, "droppedAttributesCount", &seen)
            } else if let name, key.equals("name") {
                try putText(name, "name", &seen)
            } else if let version, key.equals("version") {
                try putText(version, "version", &seen)
            } else {
                try reader.skip()
            }
        }
    }

    private static func putSpan(_ request: inout JSONRequest) throws(WireError) {
        try request.reader.openObject("span")
        var isFirst = true
        var seen = SeenFields()
        while let key = try request.reader.key(&isFirst) { try request.putSpanField(key, &seen) }
    }

    private mutating func putSpanField(_ key: Bytes, _ seen: inout SeenFields) throws(WireError) {
        if key.equals("attributes") {
            try putList(9, "attributes", &seen, Self.putKeyValue)
        } else if key.equals("traceId") {
            try putID(1, "traceId", &seen)
        } else if key.equals("spanId") {
            try putID(2, "spanId", &seen)
        } else if key.equals("traceState") {
            try putText(3, "traceState", &seen)
        } else if key.equals("parentSpanId") {
            // Without bytes the span would be a root.
            try putID(4, "parentSpanId", &seen, none: [0])
        } else if key.equals("name") {
            try putText(5, "name", &seen)
        } else if key.equals("kind") {
            try putEnumeration(6, "kind", &seen, Self.spanKinds)
        } else if key.equals("startTimeUnixNano") {
            try putTime(7, "startTimeUnixNano", &seen)
        } else if key.equals("endTimeUnixNano") {
            try putTime(8, "endTimeUnixNano", &seen)
        } else if key.equals("droppedAttributesCount") {
            try putCount(10, "droppedAttributesCount", &seen)
        } else if key.equals("events") {
            try putList(11, "events", &seen, Self.putEvent)
        } else if key.equals("droppedEventsCount") {
            try putCount(12, "droppedEventsCount", &seen)
        } else if key.equals("links") {
            try putList(13, "links", &seen, Self.putLink)
        } else if key.equals("droppedLinksCount") {
            try putCount(14, "droppedLinksCount", &seen)
        } else if key.equals("status") {
            try putMessage(15, "status", &seen, Self.putStatus)
        } else if key.equals("flags") {
            try putFlags(16, "flags", &seen)
        } else {
            try reader.skip()
        }
    }

    private static func putEvent(_ request: inout JSONRequest) throws(WireError) {
        try request.reader.openObject("event")
        var isFirst = true
        var seen = SeenFields()
        while let key = try request.reader.key(&isFirst) {
            if key.equals("timeUnixNano") {
                try request.putTime(1, "timeUnixNano", &seen)
            } else if key.equals("name") {
                try request.putText(2, "name", &seen)
            } else if key.equals("attributes") {
                try request.putList(3, "attributes", &seen, putKeyValue)
            } else if key.equals("droppedAttributesCount") {
                try request.putCount(4, "droppedAttributesCount", &seen)
            } else {
                try request.reader.skip()
            }
        }
    }

    private static func putLink(_ request: inout JSONRequest) throws(WireError) {
        try request.reader.openObject("link")
        var isFirst = true
        var seen = SeenFields()
        while let key = try request.reader.key(&isFirst) {
            if key.equals("traceId") {
                try request.putID(1, "traceId", &seen)
            } else if key.equals("spanId") {
                try request.putID(2, "spanId", &seen)
            } else if key.equals("traceState") {
                try request.putText(3, "traceState", &seen)
            } else if key.equals("attributes") {
                try request.putList(4, "attributes", &seen, putKeyValue)
            } else if key.equals("droppedAttributesCount") {
                try request.putCount(5, "droppedAttributesCount", &seen)
            } else if key.equals("flags") {
                try request.putFlags(6, "flags", &seen)
            } else {
                try request.reader.skip()
            }
        }
    }

    private static func putStatus(_ request: inout JSONRequest) throws(WireError) {
        try request.reader.openObject("status")
        var isFirst = true
        var seen = SeenFields()
        while let key = try request.reader.key(&isFirst) {
            if key.equals("message") {
                try request.putText(2, "message", &seen)
            } else if key.equals("code") {
                try request.putEnumeration(3, "code", &seen, statusCodes)
            } else {
                try request.reader.skip()
            }
        }
    }
}
