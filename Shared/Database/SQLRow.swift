/// One row of a result. Columns are counted from 0.
///
/// It holds its values itself and may outlive the transaction. Asking for a type that the value does not have throws
/// `DatabaseError.unexpectedValue`, and so does NULL where no optional is asked for.
public struct SQLRow: Sendable {
    enum Storage: Sendable {
        case postgres(PostgresResult, row: Int32)
        case sqlite(SQLiteRows, row: Int)
    }

    let storage: Storage

    public var columnCount: Int {
        switch storage {
        case .postgres(let result, _): result.columnCount
        case .sqlite(let rows, _): rows.columnCount
        }
    }

    public func isNull(_ column: Int) -> Bool {
        switch storage {
        case .postgres(let result, let row): result.isNull(row, column)
        case .sqlite(let rows, let row): rows.isNull(row, column)
        }
    }

    /// A whole number; also of `numeric`, which Postgres' sums are, where it is whole and fits.
    public func integer(_ column: Int) throws -> Int64 {
        switch storage {
        case .postgres(let result, let row): try result.integer(row, column)
        case .sqlite(let rows, let row): try rows.integer(row, column)
        }
    }

    /// Any number.
    public func real(_ column: Int) throws -> Double {
        switch storage {
        case .postgres(let result, let row): try result.real(row, column)
        case .sqlite(let rows, let row): try rows.real(row, column)
        }
    }

    /// A boolean, or a number that is 0 or not.
    public func boolean(_ column: Int) throws -> Bool {
        switch storage {
        case .postgres(let result, let row): try result.boolean(row, column)
        case .sqlite(let rows, let row): try rows.integer(row, column) != 0
        }
    }

    public func text(_ column: Int) throws -> String {
        try withValue(column, of: .text) { String(decoding: $0, as: UTF8.self) }
    }

    public func bytes(_ column: Int) throws -> [UInt8] {
        try withValue(column, of: .bytes) { Array($0) }
    }

    /// The bytes of a text (UTF-8) or byte string where they lie, so that stored JSON can be spliced without becoming a
    /// `String`. The pointer is valid only within `body`.
    public func withBytes<T>(_ column: Int, _ body: (UnsafeRawBufferPointer) throws -> T) throws -> T {
        try withValue(column, of: .either, body)
    }

    public func optionalInteger(_ column: Int) throws -> Int64? { isNull(column) ? nil : try integer(column) }
    public func optionalReal(_ column: Int) throws -> Double? { isNull(column) ? nil : try real(column) }
    public func optionalBoolean(_ column: Int) throws -> Bool? { isNull(column) ? nil : try boolean(column) }
    public func optionalText(_ column: Int) throws -> String? { isNull(column) ? nil : try text(column) }
    public func optionalBytes(_ column: Int) throws -> [UInt8]? { isNull(column) ? nil : try bytes(column) }

    enum ByteKind: String {
        case text
        case bytes = "byte string"
        case either = "text or byte string"
    }

    private func withValue<T>(
        _ column: Int, of kind: ByteKind, _ body: (UnsafeRawBufferPointer) throws -> T
    ) throws -> T {
        switch storage {
        case .postgres(let result, let row): try body(result.bytes(row, column, of: kind))
        case .sqlite(let rows, let row): try rows.withBytes(row, column, of: kind, body)
        }
    }
}
