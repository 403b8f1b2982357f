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
        let event = try WireEvent(message)
        if event.hasMore { hasMoreOfEvents = true }
        output.put("{\"name\":")
        output.putJSON(event.name)
        output.put(",\"timestamp\":\"")
        output.putTimestamp(nanoseconds: event.nanoseconds)
        output.put("\",\"attributes\":{")
        try output.putMembers(of: message, WireEvent.attributesTag)
        // An exception always has a message, if an empty one.
        if event.name.equals("exception"), try !WireEvent.hasExceptionMessage(message) {
            output.putSeparator()
            output.put("\"exception.message\":\"\"")
        }
        output.put("}}")
    }

    /// What the events' own column has no place for, an object for each event: its time where that is more exact than a
    /// microsecond, and how many of its attributes were dropped.
    private mutating func putMoreOfEvents() throws(WireError) {
        putKey("events")
        output.put("[")
        for index in 0..<span.events.count {
            let event = try WireEvent(span.events[index])
            output.putSeparator()
            output.put("{")
            if event.isFinerThanMicroseconds {
                output.put("\"timeUnixNano\":\"")
                output.put(event.nanoseconds)
                output.put("\"")
            }
            putMember("droppedAttributesCount", number: event.droppedAttributes)
            output.put("}")
            try checkGrowth(at: span.events[index])
        }
        output.put("]")
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
        if hasMoreOfEvents { try putMoreOfEvents() }
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

    /// A `uint32`, of whose varint the lower half counts.
    private mutating func putMember(_ key: StaticString, number: UInt64) {
        let number = UInt32(truncatingIfNeeded: number)
        guard number != 0 else { return }
        putKey(key)
        output.put(Int64(number))
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
        var link = WireLink()
        try link.read(message)
        putMember("traceId", hex: link.traceID)
        putMember("spanId", hex: link.spanID)
        if !link.traceState.isEmpty { putMember("traceState", text: link.traceState) }
        putMember("droppedAttributesCount", number: link.droppedAttributes)
        putMember("flags", number: UInt64(link.flags))
        guard link.hasAttributes else { return }
        putKey("attributes")
        output.put("{")
        try output.putMembers(of: message, WireLink.attributesTag)
        output.put("}")
    }
}
