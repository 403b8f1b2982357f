import CPostgres

/// Turns a statement's values into what libpq sends: all bytes in one buffer, and where each begins in it.
struct ParameterEncoder {
    private let buffer: GrowingBytes
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(buffer: GrowingBytes) {
        self.buffer = buffer
        buffer.removeAll()
    }

    /// Appends a value as the type that the server expects at this place.
    mutating func append(_ value: SQLValue, as type: Oid) throws {
        guard value != .null else {
            offsets.append(nil)
            lengths.append(0)
            formats.append(1)
            return
        }
        let offset = buffer.count
        let isBinary = try encode(value, as: type)
        offsets.append(offset)
        lengths.append(Int32(clamping: buffer.count - offset))
        formats.append(isBinary ? 1 : 0)
        // libpq ignores the length of a value in text form and looks for its end.
        if !isBinary { buffer.append(UInt8(0)) }
    }

    /// Calls `send` with libpq's three arrays: values, lengths and formats. Without values they are nil.
    func withPointers<T>(
        _ send: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> T
    ) -> T {
        let base = buffer.bytes.baseAddress
        let values = offsets.map { offset in
            offset.flatMap { base?.advanced(by: $0).assumingMemoryBound(to: CChar.self) }
        }
        return values.withUnsafeBufferPointer { values in
            lengths.withUnsafeBufferPointer { lengths in
                formats.withUnsafeBufferPointer { formats in
                    send(values.baseAddress, lengths.baseAddress, formats.baseAddress)
                }
            }
        }
    }
}

// MARK: - One value

extension ParameterEncoder {
    /// False if it was written as text, for the server to parse.
    private func encode(_ value: SQLValue, as type: Oid) throws -> Bool {
        switch value {
        case .null: return true
        case .integer(let value): return try encode(value, as: type)
        case .real(let value): return try encode(value, as: type)
        case .text(let value): return try encode(value, as: type)
        case .boolean(let value):
            guard type == PostgresType.bool else { return try encode(Int64(value ? 1 : 0), as: type) }
            buffer.append(UInt8(value ? 1 : 0))
        case .bytes(let value):
            guard type == PostgresType.bytea else { throw Self.mismatch(value: "a byte string", type) }
            value.withUnsafeBytes { buffer.append($0) }
        case .integers(let values):
            try encode(values, as: type, isNull: { _ in false }) { try encodeElement($0, as: $1) }
        case .optionalIntegers(let values):
            try encode(values, as: type, isNull: { $0 == nil }) { try encodeElement($0 ?? 0, as: $1) }
        case .reals(let values):
            try encode(values, as: type, isNull: { $0 == nil }) { try encodeElement($0 ?? 0, as: $1) }
        case .texts(let values):
            try encode(values, as: type, isNull: { $0 == nil }) { try encodeElement($0 ?? "", as: $1) }
        case .byteStrings(let values):
            try encode(values, as: type, isNull: { $0 == nil }) { try encodeElement($0 ?? [], as: $1) }
        }
        return true
    }

    private func encode(_ value: Int64, as type: Oid) throws -> Bool {
        switch type {
        case PostgresType.int8: buffer.append(value)
        case PostgresType.int4: buffer.append(try fitting(value, Int32.self))
        case PostgresType.int2: buffer.append(try fitting(value, Int16.self))
        case PostgresType.oid: buffer.append(try fitting(value, UInt32.self))
        case PostgresType.float8: buffer.append(Double(value).bitPattern)
        case PostgresType.float4: buffer.append(Float(value).bitPattern)
        case PostgresType.bool where value == 0 || value == 1: buffer.append(UInt8(value))
        case PostgresType.numeric, PostgresType.text, PostgresType.varchar:
            appendText(String(value))
            return false
        default: throw Self.mismatch(value: "a whole number", type)
        }
        return true
    }

    private func encode(_ value: Double, as type: Oid) throws -> Bool {
        switch type {
        case PostgresType.float8: buffer.append(value.bitPattern)
        case PostgresType.float4: buffer.append(Float(value).bitPattern)
        case PostgresType.numeric, PostgresType.text, PostgresType.varchar:
            appendText(String(value))
            return false
        default: throw Self.mismatch(value: "a number", type)
        }
        return true
    }

    private func encode(_ value: String, as type: Oid) throws -> Bool {
        guard !value.utf8.contains(0) else { throw DatabaseError.nulInText }
        switch type {
        case PostgresType.bytea: throw Self.mismatch(value: "a text", type)
        case PostgresType.jsonb:
            // The version of jsonb's binary form.
            buffer.append(UInt8(1))
            appendText(value)
            return true
        default:
            appendText(value)
            return PostgresType.isText(type)
        }
    }

    private func fitting<T: FixedWidthInteger>(_ value: Int64, _ type: T.Type) throws -> T {
        guard let fitting = T(exactly: value) else {
            throw DatabaseError.failed(sqlState: "22003", message: "\(value) is out of the column's range")
        }
        return fitting
    }

    private func appendText(_ value: String) {
        var value = value
        value.withUTF8 { buffer.append(UnsafeRawBufferPointer($0)) }
    }

    private static func mismatch(value: String, _ type: Oid) -> DatabaseError {
        .failed(sqlState: "42804", message: "\(value) was given where Postgres expects its type number \(type)")
    }
}

// MARK: - Arrays

extension ParameterEncoder {
    /// One dimension, counted from 1: dimensions, whether there are NULLs, the elements' type, length, lower bound, and
    /// each element with its length before it.
    private func encode<Element>(
        _ values: [Element], as type: Oid, isNull: (Element) -> Bool, _ encode: (Element, Oid) throws -> Void
    ) throws {
        guard let elementType = Self.elementType(of: type) else { throw Self.mismatch(value: "an array", type) }
        buffer.append(Int32(values.isEmpty ? 0 : 1))
        buffer.append(Int32(values.contains(where: isNull) ? 1 : 0))
        buffer.append(elementType)
        guard !values.isEmpty else { return }
        buffer.append(Int32(clamping: values.count))
        buffer.append(Int32(1))
        for value in values {
            let lengthOffset = buffer.count
            buffer.append(Int32(-1))
            guard !isNull(value) else { continue }
            try encode(value, elementType)
            buffer.replace(at: lengthOffset, with: Int32(clamping: buffer.count - lengthOffset - 4))
        }
    }

    private func encodeElement(_ value: Int64, as type: Oid) throws {
        switch type {
        case PostgresType.int8: buffer.append(value)
        case PostgresType.int4: buffer.append(try fitting(value, Int32.self))
        case PostgresType.float8: buffer.append(Double(value).bitPattern)
        default: throw Self.mismatch(value: "an array of whole numbers", type)
        }
    }

    private func encodeElement(_ value: Double, as type: Oid) throws {
        guard type == PostgresType.float8 else { throw Self.mismatch(value: "an array of numbers", type) }
        buffer.append(value.bitPattern)
    }

    private func encodeElement(_ value: String, as type: Oid) throws {
        guard PostgresType.isText(type) else { throw Self.mismatch(value: "an array of texts", type) }
        guard !value.utf8.contains(0) else { throw DatabaseError.nulInText }
        appendText(value)
    }

    private func encodeElement(_ value: [UInt8], as type: Oid) throws {
        guard type == PostgresType.bytea else { throw Self.mismatch(value: "an array of byte strings", type) }
        value.withUnsafeBytes { buffer.append($0) }
    }

    private static func elementType(of array: Oid) -> Oid? {
        switch array {
        case PostgresType.int8Array: PostgresType.int8
        case PostgresType.int4Array: PostgresType.int4
        case PostgresType.float8Array: PostgresType.float8
        case PostgresType.textArray: PostgresType.text
        case PostgresType.varcharArray: PostgresType.varchar
        case PostgresType.byteaArray: PostgresType.bytea
        default: nil
        }
    }
}
