/// A protobuf message being written, field by field, for requests made by hand.
struct WireMessage {
    var bytes: [UInt8] = []

    init(_ build: (inout WireMessage) -> Void = { _ in }) {
        build(&self)
    }

    private mutating func varint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    mutating func number(_ field: UInt64, _ value: UInt64) {
        varint(field << 3)
        varint(value)
    }

    mutating func fixed64(_ field: UInt64, _ value: UInt64) {
        varint(field << 3 | 1)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func fixed32(_ field: UInt64, _ value: UInt32) {
        varint(field << 3 | 5)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func bytes(_ field: UInt64, _ value: [UInt8]) {
        varint(field << 3 | 2)
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func text(_ field: UInt64, _ value: String) {
        bytes(field, Array(value.utf8))
    }

    mutating func message(_ field: UInt64, _ message: WireMessage) {
        bytes(field, message.bytes)
    }

    mutating func message(_ field: UInt64, _ build: (inout WireMessage) -> Void) {
        message(field, WireMessage(build))
    }

    /// A `KeyValue`.
    mutating func attribute(_ field: UInt64, _ key: String, _ value: TestValue) {
        message(field) {
            $0.text(1, key)
            $0.message(2, value.message)
        }
    }
}

/// An attribute's value as a test writes it.
indirect enum TestValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral,
    Sendable
{
    case null
    case text(String)
    case rawText([UInt8])
    case boolean(Bool)
    case integer(Int64)
    case double(Double)
    case bytes([UInt8])
    case list([TestValue])
    case map([(String, TestValue)])

    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int64) { self = .integer(value) }
    init(floatLiteral value: Double) { self = .double(value) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
    init(arrayLiteral elements: TestValue...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, TestValue)...) { self = .map(elements) }
    init(nilLiteral: ()) { self = .null }

    /// The `AnyValue`.
    var message: WireMessage {
        WireMessage {
            switch self {
            case .null: break
            case .text(let text): $0.text(1, text)
            case .rawText(let bytes): $0.bytes(1, bytes)
            case .boolean(let value): $0.number(2, value ? 1 : 0)
            case .integer(let value): $0.number(3, UInt64(bitPattern: value))
            case .double(let value): $0.fixed64(4, value.bitPattern)
            case .list(let values): $0.message(5) { list in for value in values { list.message(1, value.message) } }
            case .map(let members):
                $0.message(6) { map in for (key, value) in members { map.attribute(1, key, value) } }
            case .bytes(let bytes): $0.bytes(7, bytes)
            }
        }
    }
}
