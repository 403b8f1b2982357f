import Domain

/// Where decoded text goes: a growing piece of memory that is written at its end.
struct ByteWriter: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        start = .allocate(capacity: self.capacity)
    }

    deinit { start.deallocate() }

    /// What was written since `position`; valid until the next byte is written.
    @inline(__always)
    func written(since position: Int = 0) -> Bytes {
        Bytes(start: start + position, count: count - position)
    }

    /// What stands at the positions `range`; valid until the next byte is written.
    func written(from range: Range<Int>) -> Bytes {
        Bytes(start: start + range.lowerBound, count: range.count)
    }

    @inline(__always)
    var last: UInt8? { count > 0 ? start[count - 1] : nil }

    mutating func replace(at position: Int, by byte: UInt8) {
        assert(position >= 0 && position < count)
        start[position] = byte
    }

    @inline(__always)
    mutating func truncate(to newCount: Int) {
        assert(newCount <= count)
        count = newCount
    }

    /// Makes room for `extra` more bytes.
    @inline(__always)
    mutating func reserve(_ extra: Int) {
        if count + extra > capacity { grow(extra) }
    }

    @inline(never)
    private mutating func grow(_ extra: Int) {
        let larger = max(capacity * 2, count + extra)
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        memory.update(from: start, count: count)
        start.deallocate()
        start = memory
        capacity = larger
    }

    /// Lets `body` write at the end, into at least `room` bytes; it returns how many it wrote.
    @inline(__always)
    mutating func write(room: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
        reserve(room)
        let written = body(start + count)
        assert(written <= room)
        count += written
    }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        reserve(1)
        start[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func put(_ literal: StaticString) {
        put(Bytes(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    @inline(__always)
    mutating func put(_ bytes: Bytes) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        (start + count).update(from: source, count: bytes.count)
        count += bytes.count
    }

    mutating func put(text: String) {
        var text = text
        text.withUTF8 { put($0) }
    }

    /// A comma, unless a JSON object or array has just been opened.
    @inline(__always)
    mutating func putSeparator() {
        if let last, last != UInt8(ascii: "{"), last != UInt8(ascii: "[") { put(UInt8(ascii: ",")) }
    }

    mutating func put(_ value: Int64) {
        write(room: 20) { target in
            var magnitude = value.magnitude
            var length = 1
            var bound: UInt64 = 10
            while length < 19, magnitude >= bound {
                length += 1
                bound *= 10
            }
            let signs = value < 0 ? 1 : 0
            if signs == 1 { target[0] = UInt8(ascii: "-") }
            for position in stride(from: signs + length - 1, through: signs, by: -1) {
                target[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
                magnitude /= 10
            }
            return signs + length
        }
    }

    /// The shortest decimal number that reads back as `value`, with a point or an exponent. JSON has no NaN and no
    /// infinities: they become `null`.
    mutating func put(_ value: Double) {
        if value.isFinite { put(text: value.description) } else { put("null") }
    }

    /// Two lowercase hexadecimal digits a byte.
    mutating func putHex(_ bytes: Bytes) {
        for byte in bytes {
            putHexDigit(byte >> 4)
            putHexDigit(byte & 0x0F)
        }
    }

    @inline(__always)
    mutating func putHexDigit(_ value: UInt8) {
        put(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10)
    }

    /// Standard base64 with padding (RFC 4648, section 4).
    mutating func putBase64(_ bytes: Bytes) {
        var encoded: [UInt8] = []
        encoded.reserveCapacity((bytes.count + 2) / 3 * 4)
        Base64.encode(UnsafeRawBufferPointer(bytes), into: &encoded)
        encoded.withUnsafeBufferPointer { put($0) }
    }

    /// `2026-07-01T12:00:00.123456+00:00`.
    mutating func putTimestamp(nanoseconds: Int64) {
        var text: [UInt8] = []
        text.reserveCapacity(40)
        Timestamp.appendISO8601(nanoseconds, to: &text)
        text.withUnsafeBufferPointer { put($0) }
    }
}
