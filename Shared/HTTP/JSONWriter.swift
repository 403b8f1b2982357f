import Domain

/// Writes JSON by hand, so that values which are stored as JSON go from the database to the socket as they are.
///
///     var json = JSONWriter()
///     json.object {
///         $0.field("name", "chat")
///         $0.field("attributes", raw: span.attributes)
///     }
public struct JSONWriter: Sendable {
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    public init() {
        bytes.reserveCapacity(4096)
    }

    public mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        try nest("{", "}", body)
    }

    public mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        try nest("[", "]", body)
    }

    public mutating func array<Element>(
        _ elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) throws -> Void
    ) rethrows {
        try array { json in
            for element in elements { try body(&json, element) }
        }
    }

    public mutating func value(_ text: String) {
        separate()
        JSONEscaping.append(text, to: &bytes)
    }

    public mutating func value(_ number: Int64) {
        separate()
        bytes.append(contentsOf: String(number).utf8)
    }

    /// What is no number in JSON becomes null.
    public mutating func value(_ number: Double) {
        separate()
        bytes.append(contentsOf: number.isFinite ? "\(number)".utf8 : "null".utf8)
    }

    public mutating func value(_ boolean: Bool) {
        separate()
        bytes.append(contentsOf: (boolean ? "true" : "false").utf8)
    }

    public mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Bytes that are JSON already.
    public mutating func value(raw json: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    public mutating func key(_ name: String) {
        separate()
        JSONEscaping.append(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func nest(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONWriter) throws -> Void
    ) rethrows {
        separate()
        bytes.append(UInt8(ascii: open))
        needsComma = false
        try body(&self)
        bytes.append(UInt8(ascii: close))
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}

extension JSONWriter {
    public mutating func field(_ name: String, _ text: String?) {
        key(name)
        if let text { value(text) } else { null() }
    }

    public mutating func field(_ name: String, _ number: Int64?) {
        key(name)
        if let number { value(number) } else { null() }
    }

    public mutating func field(_ name: String, _ number: Int) {
        key(name)
        value(Int64(number))
    }

    public mutating func field(_ name: String, _ number: Double?) {
        key(name)
        if let number { value(number) } else { null() }
    }

    public mutating func field(_ name: String, _ boolean: Bool) {
        key(name)
        value(boolean)
    }

    public mutating func field(_ name: String, _ id: GlobalID) {
        field(name, id.description)
    }

    /// A time in nanoseconds since 1970, as ISO 8601.
    public mutating func field(_ name: String, time: Int64?, suffix: String = "+00:00") {
        key(name)
        guard let time else { return null() }
        separate()
        bytes.append(UInt8(ascii: "\""))
        Timestamp.appendISO8601(time, suffix: suffix, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A value that is JSON already; null for none.
    public mutating func field(_ name: String, raw json: [UInt8]?) {
        key(name)
        if let json { value(raw: json) } else { null() }
    }

    public mutating func field(_ name: String, object body: (inout JSONWriter) throws -> Void) rethrows {
        key(name)
        try object(body)
    }

    public mutating func field<Element>(
        _ name: String, array elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) throws -> Void
    ) rethrows {
        key(name)
        try array(elements, body)
    }
}
