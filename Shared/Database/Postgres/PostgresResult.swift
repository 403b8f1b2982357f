import CPostgres

/// The rows of one answer, in binary form, where libpq has put them.
// Unchecked: a PGresult is never changed once libpq has handed it out, and is freed when the last reference goes.
final class PostgresResult: @unchecked Sendable {
    let handle: OpaquePointer
    let columnCount: Int

    /// Takes ownership.
    init(_ handle: OpaquePointer) {
        self.handle = handle
        columnCount = Int(PQnfields(handle))
    }

    deinit {
        PQclear(handle)
    }

    var status: ExecStatusType { PQresultStatus(handle) }
    var rowCount: Int32 { PQntuples(handle) }

    /// What the server calls the command that has ended, with counts: `INSERT 0 3`.
    var commandTag: String { String(cString: PQcmdStatus(handle)) }

    /// How many rows were inserted, updated, deleted or copied.
    var affectedCount: Int {
        let tag = commandTag
        guard ["INSERT", "UPDATE", "DELETE", "MERGE", "COPY"].contains(where: tag.hasPrefix) else { return 0 }
        return Int(String(cString: PQcmdTuples(handle))) ?? 0
    }

    func errorField(_ field: Int32) -> String? {
        PQresultErrorField(handle, field).map { String(cString: $0) }
    }

    func isNull(_ row: Int32, _ column: Int) -> Bool {
        precondition(column >= 0 && column < columnCount, "the row has no such column")
        return PQgetisnull(handle, row, Int32(column)) != 0
    }

    func type(_ column: Int) -> Oid {
        PQftype(handle, Int32(column))
    }

    func rawBytes(_ row: Int32, _ column: Int) -> UnsafeRawBufferPointer {
        precondition(column >= 0 && column < columnCount, "the row has no such column")
        return UnsafeRawBufferPointer(
            start: PQgetvalue(handle, row, Int32(column)), count: Int(PQgetlength(handle, row, Int32(column))))
    }
}

// MARK: - Values

extension PostgresResult {
    func integer(_ row: Int32, _ column: Int) throws -> Int64 {
        guard !isNull(row, column) else { throw Self.unexpected(column, "whole number but NULL") }
        let bytes = rawBytes(row, column)
        switch type(column) {
        case PostgresType.int8: return Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
        case PostgresType.int4: return Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
        case PostgresType.int2: return Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self)))
        case PostgresType.oid: return Int64(UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)))
        case PostgresType.bool: return bytes.loadUnaligned(as: UInt8.self) == 0 ? 0 : 1
        case PostgresType.numeric:
            guard let value = PostgresNumeric(bytes)?.integer else { throw Self.unexpected(column, "whole number") }
            return value
        default: throw Self.unexpected(column, "whole number")
        }
    }

    func real(_ row: Int32, _ column: Int) throws -> Double {
        guard !isNull(row, column) else { throw Self.unexpected(column, "number but NULL") }
        let bytes = rawBytes(row, column)
        switch type(column) {
        case PostgresType.float8:
            return Double(bitPattern: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)))
        case PostgresType.float4:
            return Double(Float(bitPattern: UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))))
        case PostgresType.numeric:
            guard let value = PostgresNumeric(bytes)?.real else { throw Self.unexpected(column, "number") }
            return value
        default: return Double(try integer(row, column))
        }
    }

    func boolean(_ row: Int32, _ column: Int) throws -> Bool {
        try integer(row, column) != 0
    }

    func bytes(_ row: Int32, _ column: Int, of kind: SQLRow.ByteKind) throws -> UnsafeRawBufferPointer {
        guard !isNull(row, column) else { throw Self.unexpected(column, "\(kind.rawValue) but NULL") }
        let type = type(column)
        let bytes = rawBytes(row, column)
        switch kind {
        case .bytes where type == PostgresType.bytea, .either where type == PostgresType.bytea: return bytes
        case .text where PostgresType.isText(type), .either where PostgresType.isText(type): return bytes
        case .text where type == PostgresType.jsonb, .either where type == PostgresType.jsonb:
            // Behind the version of jsonb's binary form.
            return UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
        default: throw Self.unexpected(column, kind.rawValue)
        }
    }

    private static func unexpected(_ column: Int, _ expected: String) -> DatabaseError {
        .unexpectedValue(column: column, expected: expected)
    }
}
