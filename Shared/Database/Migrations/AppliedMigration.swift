/// A row of `schema_migrations`.
struct AppliedMigration: Sendable {
    let version: Int
    let name: String
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    let appliedAt: Int64

    /// None if the table is not there yet.
    static func all(on connection: DatabaseConnection) throws -> [AppliedMigration] {
        let exists =
            switch connection.dialect {
            case .postgres: "SELECT to_regclass('schema_migrations') IS NOT NULL"
            case .sqlite: "SELECT count(*) FROM sqlite_master WHERE name = 'schema_migrations'"
            }
        guard let row = try connection.query(exists).first, try row.boolean(0) else { return [] }
        return try connection.query("SELECT version, name, applied_at FROM schema_migrations ORDER BY version").map {
            AppliedMigration(version: Int(try $0.integer(0)), name: try $0.text(1), appliedAt: try $0.integer(2))
        }
    }

    static func createTable(on connection: DatabaseConnection) throws {
        try connection.executeScript(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL
            )
            """)
    }

    func insert(on connection: DatabaseConnection) throws {
        try connection.execute(
            "INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, $2, $3)",
            [.integer(Int64(version)), .text(name), .integer(appliedAt)])
    }

    static func delete(version: Int, on connection: DatabaseConnection) throws {
        try connection.execute("DELETE FROM schema_migrations WHERE version = $1", [.integer(Int64(version))])
    }
}
