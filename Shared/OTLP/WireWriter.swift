extension ByteWriter {
    /// A varint in as few bytes as it takes.
    mutating func putVarint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            put(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        put(UInt8(truncatingIfNeeded: value))
    }

    mutating func putField(_ number: UInt32, varint value: UInt64) {
        putVarint(UInt64(WireTag.varint(number)))
        putVarint(value)
    }

    mutating func putField(_ number: UInt32, fixed64 value: UInt64) {
        putVarint(UInt64(WireTag.fixed64(number)))
        withUnsafeBytes(of: value.littleEndian) { put($0.bindMemory(to: UInt8.self)) }
    }

    mutating func putField(_ number: UInt32, fixed32 value: UInt32) {
        putVarint(UInt64(WireTag.fixed32(number)))
        withUnsafeBytes(of: value.littleEndian) { put($0.bindMemory(to: UInt8.self)) }
    }

    mutating func putField(_ number: UInt32, bytes value: Bytes) {
        putVarint(UInt64(WireTag.bytes(number)))
        putVarint(UInt64(value.count))
        put(value)
    }

    mutating func putField(_ number: UInt32, text value: String) {
        var value = value
        value.withUTF8 { putField(number, bytes: $0) }
    }

    /// Starts a message whose length is not known yet; returns what `closeMessage` takes.
    mutating func openMessage(_ number: UInt32) -> Int {
        putVarint(UInt64(WireTag.bytes(number)))
        write(room: Self.openLengthSize) { _ in Self.openLengthSize }
        return count
    }

    /// Ends a message. Its length takes five bytes whatever it is, which every reader of varints understands.
    mutating func closeMessage(_ start: Int) {
        var length = UInt64(count - start)
        for position in start - Self.openLengthSize..<start - 1 {
            replace(at: position, by: UInt8(truncatingIfNeeded: length) | 0x80)
            length >>= 7
        }
        replace(at: start - 1, by: UInt8(truncatingIfNeeded: length))
    }

    private static var openLengthSize: Int { 5 }
}
