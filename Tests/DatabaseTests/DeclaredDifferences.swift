import Database
import Testing

/// What the engines do differently, and why that is left so. Everything else in this folder holds for both.
///
/// - A unique violation names the constraint on Postgres and the columns on SQLite, which has no names for them.
/// - A foreign key violation names the constraint on Postgres only: SQLite does not keep it.
/// - Arrays, COPY and `lz4` are Postgres'; `withStatement` is SQLite's.
/// - Two transactions that update the same row: Postgres lets the second wait for the first; on SQLite all writes wait for
///   each other, in all processes.
/// - SQLite checks types only in STRICT tables, so ours all are.
enum DeclaredDifferences {
    static func uniqueConstraint(table: String, column: String, of dialect: SQLDialect) -> String {
        switch dialect {
        case .postgres: "\(table)_\(column)_key"
        case .sqlite: "\(table).\(column)"
        }
    }

    static func foreignKeyConstraint(table: String, column: String, of dialect: SQLDialect) -> String {
        switch dialect {
        case .postgres: "\(table)_\(column)_fkey"
        case .sqlite: ""
        }
    }
}

extension SQLDialect {
    /// The types of the tests' tables.
    var bytesType: String { self == .postgres ? "BYTEA" : "BLOB" }
    var integerType: String { self == .postgres ? "BIGINT" : "INTEGER" }
    var realType: String { self == .postgres ? "DOUBLE PRECISION" : "REAL" }
    var strict: String { self == .postgres ? "" : "STRICT" }
}

extension DatabaseConnection {
    /// A table `things` with one column of each type.
    func createThings() throws {
        try executeScript(
            """
            CREATE TABLE things (
                id \(dialect.integerType) PRIMARY KEY, word TEXT UNIQUE, number \(dialect.integerType),
                ratio \(dialect.realType), data \(dialect.bytesType)
            ) \(dialect.strict);
            """)
    }

    func insertThing(_ id: Int64, word: String? = nil) throws {
        try execute(
            "INSERT INTO things (id, word) VALUES ($1, $2)", [.integer(id), word.map(SQLValue.text) ?? .null])
    }

    func count(_ table: String = "things") throws -> Int64 {
        try query("SELECT count(*) FROM \(table)")[0].integer(0)
    }
}

/// Which `DatabaseError` `body` throws; nil if it throws none or another.
func databaseError(_ body: () async throws -> Void) async -> DatabaseError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? DatabaseError
    }
}

extension Database {
    /// A read goes through.
    func expectAnswer() async throws {
        let answer = try await read { try $0.query("SELECT 1")[0].integer(0) }
        #expect(answer == 1)
    }
}
