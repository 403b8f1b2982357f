/// The fields of one `Span.Event` message beside its attributes.
struct WireEvent {
    static var attributesTag: UInt32 { WireTag.bytes(3) }

    private(set) var time: UInt64 = 0
    private(set) var name = Bytes.none
    private(set) var droppedAttributes: UInt64 = 0

    init(_ message: Bytes) throws(WireError) {
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case WireTag.fixed64(1): time = try reader.fixed64()
            case WireTag.bytes(2): name = try reader.bytes()
            case WireTag.varint(4): droppedAttributes = try reader.varint()
            default: try reader.skip(tag)
            }
        }
    }

    /// Since 1970; what lies beyond the year 2262 is cut to the last that can be told.
    var nanoseconds: Int64 { Int64(clamping: time) }

    var isFinerThanMicroseconds: Bool { !nanoseconds.isMultiple(of: 1000) }

    /// Whether it has what a name, microseconds and attributes do not tell.
    var hasMore: Bool { isFinerThanMicroseconds || UInt32(truncatingIfNeeded: droppedAttributes) != 0 }

    /// Whether the event's attributes say what went wrong.
    static func hasExceptionMessage(_ message: Bytes) throws(WireError) -> Bool {
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            guard tag == attributesTag else {
                try reader.skip(tag)
                continue
            }
            let attribute = try Attribute(message: try reader.bytes())
            if attribute.value.kind != .null, attribute.key.equals("exception.message") { return true }
        }
        return false
    }
}

/// The fields of one `Span.Link` message beside its attributes.
struct WireLink {
    static var attributesTag: UInt32 { WireTag.bytes(4) }

    private(set) var traceID = Bytes.none
    private(set) var spanID = Bytes.none
    private(set) var traceState = Bytes.none
    private(set) var droppedAttributes: UInt64 = 0
    private(set) var flags: UInt32 = 0
    private(set) var hasAttributes = false

    mutating func read(_ message: Bytes) throws(WireError) {
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case WireTag.bytes(1): traceID = try reader.bytes()
            case WireTag.bytes(2): spanID = try reader.bytes()
            case WireTag.bytes(3): traceState = try reader.bytes()
            case WireLink.attributesTag:
                _ = try reader.bytes()
                hasAttributes = true
            case WireTag.varint(5): droppedAttributes = try reader.varint()
            case WireTag.fixed32(6): flags = try reader.fixed32()
            default: try reader.skip(tag)
            }
        }
    }
}
