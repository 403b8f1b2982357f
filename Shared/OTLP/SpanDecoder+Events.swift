import Domain

extension SpanDecoder {
    /// The span's events as a JSON array; nil for none.
    mutating func eventsJSON() throws(WireError) -> ByteSlice? {
        guard span.events.count > 0 else { return nil }
        let start = output.count
        output.put("[")
        for index in 0..<span.events.count {
            output.putSeparator()
            try putEvent(span.events[index])
            try checkGrowth(at: span.events[index])
        }
        output.put("]")
        return slice(since: start)
    }

    private mutating func putEvent(_ message: Bytes) throws(WireError) {
        var time: UInt64 = 0
        var name = Bytes.none
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case WireTag.fixed64(1): time = try reader.fixed64()
            case WireTag.bytes(2): name = try reader.bytes()
            default: try reader.skip(tag)
            }
        }
        output.put("{\"name\":")
        output.putJSON(name)
        output.put(",\"timestamp\":\"")
        output.putTimestamp(nanoseconds: Int64(clamping: time))
        output.put("\",\"attributes\":{")
        try putEventAttributes(message, isException: name.equals("exception"))
        output.put("}}")
    }

    /// An exception always has a message, if an empty one.
    private mutating func putEventAttributes(_ message: Bytes, isException: Bool) throws(WireError) {
        var hasMessage = false
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            guard tag == WireTag.bytes(3) else {
                try reader.skip(tag)
                continue
            }
            let attribute = try Attribute(message: try reader.bytes())
            if attribute.value.kind != .null, attribute.key.equals("exception.message") { hasMessage = true }
            try output.putMember(attribute)
        }
        guard isException, !hasMessage else { return }
        output.putSeparator()
        output.put("\"exception.message\":\"\"")
    }

    /// What OTLP says of the span beyond the other columns, as a JSON object with OTLP/JSON's names; nil where all of it
    /// is at its default. Kind INTERNAL is left out like UNSPECIFIED, which means the same.
    mutating func otlpJSON() throws(WireError) -> ByteSlice? {
        let start = output.count
        output.put("{")
        if let kind = kindName { putMember("kind", text: Bytes(kind)) }
        if !span.traceState.isEmpty { putMember("traceState", text: span.traceState) }
        putMember("flags", number: UInt64(span.flags))
        putMember("droppedAttributesCount", number: span.droppedAttributes)
        putMember("droppedEventsCount", number: span.droppedEvents)
        putMember("droppedLinksCount", number: span.droppedLinks)
        if span.links.count > 0 { try putLinks() }
        guard output.count > start + 1 else {
            output.truncate(to: start)
            return nil
        }
        output.put("}")
        return slice(since: start)
    }

    private var kindName: StaticString? {
        switch span.kind {
        case 2: "SERVER"
        case 3: "CLIENT"
        case 4: "PRODUCER"
        case 5: "CONSUMER"
        default: nil
        }
    }

    private mutating func putKey(_ key: StaticString) {
        output.putSeparator()
        output.put("\"")
        output.put(key)
        output.put("\":")
    }

    private mutating func putMember(_ key: StaticString, text: Bytes) {
        putKey(key)
        output.putJSON(text)
    }

    private mutating func putMember(_ key: StaticString, number: UInt64) {
        guard number != 0 else { return }
        putKey(key)
        output.put(Int64(clamping: number))
    }

    private mutating func putMember(_ key: StaticString, hex: Bytes) {
        putKey(key)
        output.put("\"")
        output.putHex(hex)
        output.put("\"")
    }

    private mutating func putLinks() throws(WireError) {
        putKey("links")
        output.put("[")
        for index in 0..<span.links.count {
            output.putSeparator()
            output.put("{")
            try putLink(span.links[index])
            output.put("}")
            try checkGrowth(at: span.links[index])
        }
        output.put("]")
    }

    private mutating func putLink(_ message: Bytes) throws(WireError) {
        var attributes = ByteWriter(capacity: 128)
        attributes.put("{")
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case WireTag.bytes(1): putMember("traceId", hex: try reader.bytes())
            case WireTag.bytes(2): putMember("spanId", hex: try reader.bytes())
            case WireTag.bytes(3): putMember("traceState", text: try reader.bytes())
            case WireTag.bytes(4): try attributes.putMember(try Attribute(message: try reader.bytes()))
            case WireTag.varint(5): putMember("droppedAttributesCount", number: try reader.varint())
            case WireTag.fixed32(6): putMember("flags", number: UInt64(try reader.fixed32()))
            default: try reader.skip(tag)
            }
        }
        guard attributes.count > 1 else { return }
        attributes.put("}")
        putKey("attributes")
        output.put(attributes.written())
    }
}
