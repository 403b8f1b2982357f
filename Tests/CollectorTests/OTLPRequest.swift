/// Requests of OTLP with one span, as exporters write them.
enum OTLPRequest {
    static func json(name: String, spanID: String = "0000000000000001") -> [UInt8] {
        Array(
            """
            {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0000000000000000000000000000000a",\
            "spanId":"\(spanID)","name":"\(name)","startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}
            """.utf8)
    }

    static func protobuf(name: String, traceID: UInt8 = 10, spanID: UInt8 = 1) -> [UInt8] {
        let ids =
            field(1, [UInt8](repeating: 0, count: 15) + [traceID])
            + field(2, [UInt8](repeating: 0, count: 7) + [spanID])
        let times: [UInt8] = [7 << 3 | 1, 1, 0, 0, 0, 0, 0, 0, 0, 8 << 3 | 1, 2, 0, 0, 0, 0, 0, 0, 0]
        return field(1, field(2, field(2, ids + field(5, Array(name.utf8)) + times)))
    }

    /// A field with a length, below 128 bytes.
    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        precondition(bytes.count < 128)
        return [number << 3 | 2, UInt8(bytes.count)] + bytes
    }

    /// zlib's format (RFC 1950) with one stored block.
    static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        let count = UInt16(bytes.count)
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        let sum = high << 16 | low
        return [0x78, 0x01, 1, UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8)]
            + bytes + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) }
    }

    /// A frame of Zstandard (RFC 8878) with one raw block, of less than 256 bytes.
    static func zstandard(_ bytes: [UInt8]) -> [UInt8] {
        precondition(bytes.count < 256)
        let block = UInt32(bytes.count) << 3 | 1
        return [0x28, 0xB5, 0x2F, 0xFD, 0x20, UInt8(bytes.count)]
            + [0, 8, 16].map { UInt8(truncatingIfNeeded: block >> $0) } + bytes
    }
}
