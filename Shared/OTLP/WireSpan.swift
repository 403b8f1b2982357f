import Domain

/// The fields of one `Span` message, as they stand on the wire; its attributes are kept elsewhere.
struct WireSpan: ~Copyable {
    /// Of attributes, events and links each: an empty one takes two bytes on the wire, and dozens to remember.
    private static let itemsMax = 1 << 18

    private(set) var traceID = Bytes.none
    private(set) var spanID = Bytes.none
    private(set) var parentID = Bytes.none
    private(set) var traceState = Bytes.none
    private(set) var name = Bytes.none
    private(set) var statusMessage = Bytes.none
    private(set) var statusCode: UInt64 = 0
    private(set) var kind: UInt64 = 0
    private(set) var flags: UInt32 = 0
    private(set) var startTime: UInt64 = 0
    private(set) var endTime: UInt64 = 0
    private(set) var droppedAttributes: UInt64 = 0
    private(set) var droppedEvents: UInt64 = 0
    private(set) var droppedLinks: UInt64 = 0
    private(set) var hasGenAI = false
    private(set) var events = Buffer<Bytes>(capacity: 8)
    private(set) var links = Buffer<Bytes>(capacity: 8)

    init() {}

    /// Reads a `Span` message, in place of the one before, and appends its attributes; those without a value are left
    /// out.
    mutating func read(_ message: Bytes, attributes: inout Buffer<Attribute>) throws(WireError) {
        reset()
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case WireTag.bytes(9):
                let attribute = try Attribute(message: try reader.bytes())
                if attribute.value.kind != .null {
                    try check(attributes.count, message)
                    attributes.append(attribute)
                    if attribute.key.first == UInt8(ascii: "g"), attribute.key.hasPrefix("gen_ai.") { hasGenAI = true }
                }
            case WireTag.bytes(1): traceID = try reader.bytes()
            case WireTag.bytes(2): spanID = try reader.bytes()
            case WireTag.bytes(3): traceState = try reader.bytes()
            case WireTag.bytes(4): parentID = try reader.bytes()
            case WireTag.bytes(5): name = try reader.bytes()
            case WireTag.varint(6): kind = try reader.varint()
            case WireTag.fixed64(7): startTime = try reader.fixed64()
            case WireTag.fixed64(8): endTime = try reader.fixed64()
            case WireTag.varint(10): droppedAttributes = try reader.varint()
            case WireTag.bytes(11):
                try check(events.count, message)
                events.append(try reader.bytes())
            case WireTag.varint(12): droppedEvents = try reader.varint()
            case WireTag.bytes(13):
                try check(links.count, message)
                links.append(try reader.bytes())
            case WireTag.varint(14): droppedLinks = try reader.varint()
            case WireTag.bytes(15): try readStatus(try reader.bytes())
            case WireTag.fixed32(16): flags = try reader.fixed32()
            default: try reader.skip(tag)
            }
        }
    }

    @inline(__always)
    private func check(_ items: Int, _ message: Bytes) throws(WireError) {
        guard items < Self.itemsMax else { throw WireError(reason: .tooLarge, address: message.baseAddress) }
    }

    private mutating func reset() {
        traceID = .none
        spanID = .none
        parentID = .none
        traceState = .none
        name = .none
        statusMessage = .none
        statusCode = 0
        kind = 0
        flags = 0
        startTime = 0
        endTime = 0
        droppedAttributes = 0
        droppedEvents = 0
        droppedLinks = 0
        hasGenAI = false
        events.truncate(to: 0)
        links.truncate(to: 0)
    }

    private mutating func readStatus(_ message: Bytes) throws(WireError) {
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case WireTag.bytes(2): statusMessage = try reader.bytes()
            case WireTag.varint(3): statusCode = try reader.varint()
            default: try reader.skip(tag)
            }
        }
    }

    /// Why the span cannot be kept; nil where it can. An id of zeros is none (OTLP: "invalid").
    var fault: String? {
        if traceID.count != 16 { return "trace_id must have 16 bytes, not \(traceID.count)" }
        if spanID.count != 8 { return "span_id must have 8 bytes, not \(spanID.count)" }
        if parentID.count != 8, !parentID.isEmpty {
            return "parent_span_id must be empty or have 8 bytes, not \(parentID.count)"
        }
        if traceID.allSatisfy({ $0 == 0 }) { return "trace_id must not be all zeros" }
        if spanID.allSatisfy({ $0 == 0 }) { return "span_id must not be all zeros" }
        return nil
    }

    /// Nanoseconds since 1970; what lies beyond the year 2262 is cut to the last that can be told.
    var startNanoseconds: Int64 { Int64(clamping: startTime) }
    /// Never before the start.
    var endNanoseconds: Int64 { max(Int64(clamping: endTime), startNanoseconds) }

    var status: SpanStatusCode {
        switch statusCode {
        case 1: .ok
        case 2: .error
        default: .unset
        }
    }
}
