import CSQLite
import Foundation

extension SQLiteStatement {
    /// Binds one row of values that are given as arrays, one a column, which as a whole are for Postgres only.
    public func bind(_ columns: [SQLValue], elementsAt row: Int) throws {
        for (position, column) in columns.enumerated() { try bind(column, elementAt: row, at: position + 1) }
    }

    private func bind(_ column: SQLValue, elementAt row: Int, at parameter: Int) throws {
        switch column {
        case .integers(let values): bind(values[row], at: parameter)
        case .reals(let values): try bind(values[row].map(SQLValue.real) ?? .null, at: parameter)
        case .optionalIntegers(let values): try bind(.optional(values[row]), at: parameter)
        case .texts(let values): try bind(.optional(values[row]), at: parameter)
        case .byteStrings(let values): try bind(values[row].map(SQLValue.bytes) ?? .null, at: parameter)
        case .null, .integer, .real, .text, .bytes, .boolean: try bind(column, at: parameter)
        }
    }

    func bind(_ values: [SQLValue]) throws {
        guard values.count == parameterCount else {
            throw DatabaseError.failed(
                sqlState: "08P01", message: "\(values.count) values were given for \(parameterCount) parameters")
        }
        for (position, value) in values.enumerated() {
            // A number that is left out, as in `$1, $3`.
            guard indices[position] > 0 else { continue }
            try bind(value, at: position + 1)
        }
    }

    /// Throws for NUL, which Postgres' text cannot hold.
    public func bind(text: String, at parameter: Int) throws {
        var text = text
        try text.withUTF8 {
            let bytes = UnsafeRawBufferPointer($0)
            if let start = bytes.baseAddress, memchr(start, 0, bytes.count) != nil { throw DatabaseError.nulInText }
            bind(text: bytes, at: parameter)
        }
    }

    private func bind(_ value: SQLValue, at parameter: Int) throws {
        switch value {
        case .null: bindNull(at: parameter)
        case .integer(let value): bind(value, at: parameter)
        case .real(let value): bind(value, at: parameter)
        case .boolean(let value): bind(Int64(value ? 1 : 0), at: parameter)
        case .bytes(let value): value.withUnsafeBytes { bind(bytes: $0, at: parameter) }
        case .text(let value): try bind(text: value, at: parameter)
        case .integers, .optionalIntegers, .texts, .byteStrings, .reals:
            throw DatabaseError.unsupported("arrays are for Postgres only")
        }
    }
}
