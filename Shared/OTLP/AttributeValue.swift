/// The value of an attribute, still where it stands on the wire.
struct AttributeValue {
    enum Kind: UInt8 {
        /// No value: an empty `AnyValue`.
        case null
        case text
        case boolean
        case integer
        case double
        case bytes
        /// An `ArrayValue` message.
        case array
        /// A `KeyValueList` message.
        case map
        /// Well-formed JSON, copied as it is.
        case json
        /// Text that is stored as the JSON it holds, or as text where it holds none.
        case textOfJSON
    }

    var kind: Kind
    private var count: UInt32
    /// An address or a number, as `kind` says.
    private var bits: UInt64

    static let null = AttributeValue(kind: .null, count: 0, bits: 0)

    private init(kind: Kind, count: UInt32, bits: UInt64) {
        self.kind = kind
        self.count = count
        self.bits = bits
    }

    @inline(__always)
    init(_ kind: Kind, _ bytes: Bytes) {
        self.init(
            kind: kind, count: UInt32(truncatingIfNeeded: bytes.count),
            bits: UInt64(UInt(bitPattern: bytes.baseAddress)))
    }

    static func text(_ bytes: Bytes) -> AttributeValue { AttributeValue(.text, bytes) }

    static func integer(_ value: Int64) -> AttributeValue {
        AttributeValue(kind: .integer, count: 0, bits: UInt64(bitPattern: value))
    }

    /// The bytes of text, bytes, JSON and of the messages of arrays and maps.
    @inline(__always)
    var bytes: Bytes {
        Bytes(start: UnsafePointer(bitPattern: UInt(truncatingIfNeeded: bits)), count: Int(count))
    }

    @inline(__always)
    var integer: Int64 { Int64(bitPattern: bits) }

    @inline(__always)
    var double: Double { Double(bitPattern: bits) }

    @inline(__always)
    var boolean: Bool { bits != 0 }

    @inline(__always)
    var isText: Bool { kind == .text || kind == .textOfJSON }

    /// Reads an `AnyValue` message; the last field set wins.
    @inline(__always)
    init(message: Bytes) throws(WireError) {
        self = .null
        try merge(message)
    }

    /// Takes what a further part of the message sets, and keeps the value where it sets nothing.
    @inline(__always)
    mutating func merge(_ message: Bytes) throws(WireError) {
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case WireTag.bytes(1): self = AttributeValue(.text, try reader.bytes())
            case WireTag.varint(2): self = AttributeValue(kind: .boolean, count: 0, bits: try reader.varint())
            case WireTag.varint(3): self = AttributeValue(kind: .integer, count: 0, bits: try reader.varint())
            case WireTag.fixed64(4): self = AttributeValue(kind: .double, count: 0, bits: try reader.fixed64())
            case WireTag.bytes(5): self = AttributeValue(.array, try reader.bytes())
            case WireTag.bytes(6): self = AttributeValue(.map, try reader.bytes())
            case WireTag.bytes(7): self = AttributeValue(.bytes, try reader.bytes())
            default: try reader.skip(tag)
            }
        }
    }
}

/// A key and its value: the `KeyValue` message.
struct Attribute {
    var key: Bytes
    var value: AttributeValue

    @inline(__always)
    init(key: Bytes, value: AttributeValue) {
        self.key = key
        self.value = value
    }

    @inline(__always)
    init(message: Bytes) throws(WireError) {
        key = .none
        value = .null
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case WireTag.bytes(1): key = try reader.bytes()
            case WireTag.bytes(2): try value.merge(try reader.bytes())
            default: try reader.skip(tag)
            }
        }
    }
}
