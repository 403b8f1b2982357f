import Database

/// One `INSERT … ON CONFLICT` over many rows, the same for both engines: one statement over arrays on Postgres, one
/// prepared statement a row on SQLite, where a statement costs no round trip.
///
/// Rows must come ordered by the conflict's key and name each key once: rows are locked in the order given, and two
/// transactions that lock in the same order cannot deadlock.
struct Upsert: Sendable {
    enum ColumnType: Sendable {
        case integer, real, text, bytes

        var arrayType: String {
            switch self {
            case .integer: "bigint[]"
            case .real: "float8[]"
            case .text: "text[]"
            case .bytes: "bytea[]"
            }
        }
    }

    private let statements: [SQLDialect: String]
    private let columnCount: Int

    init(table: String, columns: [(name: String, type: ColumnType)], onConflict: String, returning: String? = nil) {
        columnCount = columns.count
        let names = columns.map(\.name).joined(separator: ", ")
        let tail = "ON CONFLICT \(onConflict)" + (returning.map { " RETURNING \($0)" } ?? "")
        let arrays = columns.enumerated().map { "$\($0 + 1)::\($1.type.arrayType)" }.joined(separator: ", ")
        let values = columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        // Without a WHERE, SQLite would read the ON of ON CONFLICT as a join's; VALUES needs none.
        statements = [
            .postgres: "INSERT INTO \(table) (\(names)) SELECT * FROM unnest(\(arrays)) \(tail)",
            .sqlite: "INSERT INTO \(table) (\(names)) VALUES (\(values)) \(tail)",
        ]
    }

    /// On Postgres for all rows, as arrays; on SQLite for one.
    func sql(for dialect: SQLDialect) -> String { statements[dialect] ?? "" }

    /// Writes `rowCount` rows, given as one array a column, and returns what RETURNING says of each.
    @discardableResult
    func run(on connection: DatabaseConnection, rowCount: Int, values: [SQLValue]) throws -> [SQLRow] {
        precondition(values.count == columnCount)
        guard rowCount > 0 else { return [] }
        let sql = sql(for: connection.dialect)
        switch connection.dialect {
        case .postgres:
            return try connection.query(sql, values)
        case .sqlite:
            return try connection.withStatement(sql) { statement in
                var rows: [SQLRow] = []
                for row in 0..<rowCount {
                    try statement.bind(values, elementsAt: row)
                    rows += try statement.rows()
                }
                return rows
            }
        }
    }
}
