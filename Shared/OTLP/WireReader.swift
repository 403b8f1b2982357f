/// What stopped a reader, with the address in place of the offset, which only the decoder knows.
struct WireError: Error {
    let reason: OTLPDecodingError.Reason
    let address: UInt

    init(reason: OTLPDecodingError.Reason, address: UnsafePointer<UInt8>?) {
        self.reason = reason
        self.address = UInt(bitPattern: address)
    }
}

/// Tags as they stand on the wire: the field's number and the type of what follows
/// (https://protobuf.dev/programming-guides/encoding/).
enum WireTag {
    @inline(__always) static func varint(_ field: UInt32) -> UInt32 { field << 3 }
    @inline(__always) static func fixed64(_ field: UInt32) -> UInt32 { field << 3 | 1 }
    @inline(__always) static func bytes(_ field: UInt32) -> UInt32 { field << 3 | 2 }
    @inline(__always) static func fixed32(_ field: UInt32) -> UInt32 { field << 3 | 5 }
}

/// Walks the fields of one protobuf message without copying; every step is checked against the message's end.
struct WireReader {
    private static let groupDepthMax = 32

    private var cursor: UnsafePointer<UInt8>?
    private let end: UnsafePointer<UInt8>?

    @inline(__always)
    init(_ message: Bytes) {
        cursor = message.baseAddress
        end = message.baseAddress.map { $0 + message.count }
    }

    @inline(__always)
    var isAtEnd: Bool { cursor == end }

    @inline(__always)
    private var bytesLeft: Int {
        guard let cursor, let end else { return 0 }
        return end - cursor
    }

    @inline(__always)
    private func error(_ reason: OTLPDecodingError.Reason) -> WireError {
        WireError(reason: reason, address: cursor)
    }

    /// Takes `count` bytes.
    @inline(__always)
    private mutating func take(_ count: Int) throws(WireError) -> Bytes {
        guard count <= bytesLeft else { throw error(.truncated) }
        let taken = Bytes(start: cursor, count: count)
        cursor = cursor.map { $0 + count }
        return taken
    }

    @inline(__always)
    mutating func tag() throws(WireError) -> UInt32 {
        let value = try varint()
        guard value >= 8, value <= UInt64(UInt32.max) else { throw error(.malformedTag) }
        return UInt32(truncatingIfNeeded: value)
    }

    @inline(__always)
    mutating func varint() throws(WireError) -> UInt64 {
        guard let start = cursor, start != end else { throw error(.truncated) }
        let byte = start.pointee
        guard byte >= 0x80 else {
            cursor = start + 1
            return UInt64(byte)
        }
        return try longVarint()
    }

    private mutating func longVarint() throws(WireError) -> UInt64 {
        guard let start = cursor else { throw error(.truncated) }
        let available = min(bytesLeft, 10)
        var value: UInt64 = 0
        for position in 0..<available {
            let byte = start[position]
            value |= UInt64(byte & 0x7F) << UInt64(7 * position)
            guard byte >= 0x80 else {
                cursor = start + position + 1
                return value
            }
        }
        throw error(available == 10 ? .malformedVarint : .truncated)
    }

    /// A length and that many bytes: text, bytes or a message.
    @inline(__always)
    mutating func bytes() throws(WireError) -> Bytes {
        let count = try varint()
        guard count <= UInt64(bytesLeft) else { throw error(.truncated) }
        return try take(Int(count))
    }

    @inline(__always)
    mutating func fixed64() throws(WireError) -> UInt64 {
        let bytes = try take(8)
        return UInt64(littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(as: UInt64.self))
    }

    @inline(__always)
    mutating func fixed32() throws(WireError) -> UInt32 {
        let bytes = try take(4)
        return UInt32(littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(as: UInt32.self))
    }

    /// Passes over the value of a field that is not known.
    mutating func skip(_ tag: UInt32) throws(WireError) {
        try skip(tag, depth: 0)
    }

    private mutating func skip(_ tag: UInt32, depth: Int) throws(WireError) {
        switch tag & 7 {
        case 0: _ = try varint()
        case 1: _ = try take(8)
        case 2: _ = try bytes()
        case 3:
            guard depth < Self.groupDepthMax else { throw error(.nestedTooDeeply) }
            let endTag = tag & ~7 | 4
            while true {
                let inner = try self.tag()
                if inner == endTag { return }
                try skip(inner, depth: depth + 1)
            }
        case 5: _ = try take(4)
        default: throw error(.malformedTag)
        }
    }
}
