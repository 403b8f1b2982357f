/// The id of a trace: 16 bytes, shown as 32 lowercase hexadecimal digits (W3C Trace Context, section 3.2.2.3).
public struct TraceID: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Takes exactly 16 bytes, most significant first; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (position, byte) in bytes.enumerated() {
            if position < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
        }
        self.init(high: high, low: low)
    }

    /// Takes 32 hexadecimal digits of either case; nil for anything else.
    public init?(hex: some StringProtocol) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// The 16 bytes, most significant first: what the databases store.
    public var bytes: [UInt8] { Hex.bigEndianBytes(high) + Hex.bigEndianBytes(low) }

    /// An id of zeros means "none" in OTLP and is never a trace's.
    public var isZero: Bool { high == 0 && low == 0 }

    public var description: String { Hex.encode(bytes) }

    public static func < (left: TraceID, right: TraceID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// The id of a span: 8 bytes, shown as 16 lowercase hexadecimal digits (W3C Trace Context, section 3.2.2.4).
public struct SpanID: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let value: UInt64

    public init(_ value: UInt64) {
        self.value = value
    }

    /// Takes exactly 8 bytes, most significant first; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 8 else { return nil }
        value = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Takes 16 hexadecimal digits of either case; nil for anything else.
    public init?(hex: some StringProtocol) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// The 8 bytes, most significant first: what the databases store.
    public var bytes: [UInt8] { Hex.bigEndianBytes(value) }

    /// An id of zeros means "none" in OTLP and is never a span's.
    public var isZero: Bool { value == 0 }

    public var description: String { Hex.encode(bytes) }

    public static func < (left: SpanID, right: SpanID) -> Bool { left.value < right.value }
}
