import CSQLite

/// Rows of a result, taken out of SQLite: all texts and byte strings in one buffer.
struct SQLiteRows: Sendable {
    private enum Cell {
        case null
        case integer(Int64)
        case real(Double)
        case text(Range<Int>)
        case bytes(Range<Int>)
    }

    let columnCount: Int
    private(set) var rowCount = 0
    private var cells: [Cell] = []
    private var bytes: [UInt8] = []

    init(columnCount: Int) {
        self.columnCount = columnCount
    }

    /// Takes over the row that the statement stands on.
    mutating func append(rowOf statement: OpaquePointer) {
        for column in 0..<Int32(columnCount) {
            switch sqlite3_column_type(statement, column) {
            case SQLITE_INTEGER: cells.append(.integer(sqlite3_column_int64(statement, column)))
            case SQLITE_FLOAT: cells.append(.real(sqlite3_column_double(statement, column)))
            case SQLITE_TEXT:
                let start = UnsafeRawPointer(sqlite3_column_text(statement, column))
                cells.append(.text(append(start, count: sqlite3_column_bytes(statement, column))))
            case SQLITE_BLOB:
                let start = sqlite3_column_blob(statement, column)
                cells.append(.bytes(append(start, count: sqlite3_column_bytes(statement, column))))
            default: cells.append(.null)
            }
        }
        rowCount += 1
    }

    private mutating func append(_ start: UnsafeRawPointer?, count: Int32) -> Range<Int> {
        let offset = bytes.count
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(count)))
        return offset..<bytes.count
    }

    private func cell(_ row: Int, _ column: Int) -> Cell {
        precondition(column >= 0 && column < columnCount, "the row has no such column")
        return cells[row * columnCount + column]
    }

    func isNull(_ row: Int, _ column: Int) -> Bool {
        if case .null = cell(row, column) { true } else { false }
    }

    func integer(_ row: Int, _ column: Int) throws -> Int64 {
        guard case .integer(let value) = cell(row, column) else {
            throw DatabaseError.unexpectedValue(column: column, expected: "whole number")
        }
        return value
    }

    func real(_ row: Int, _ column: Int) throws -> Double {
        switch cell(row, column) {
        case .real(let value): value
        case .integer(let value): Double(value)
        case .null, .text, .bytes: throw DatabaseError.unexpectedValue(column: column, expected: "number")
        }
    }

    func withBytes<T>(
        _ row: Int, _ column: Int, of kind: SQLRow.ByteKind, _ body: (UnsafeRawBufferPointer) throws -> T
    ) throws -> T {
        switch (cell(row, column), kind) {
        case (.text(let range), .text), (.text(let range), .either), (.bytes(let range), .bytes),
            (.bytes(let range), .either):
            try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range])) }
        default: throw DatabaseError.unexpectedValue(column: column, expected: kind.rawValue)
        }
    }
}
