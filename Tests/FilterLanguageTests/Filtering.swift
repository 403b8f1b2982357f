import Database
import FilterLanguage
import Storage

/// An empty database with Bennu's tables.
func migrate(_ database: Database) async throws {
    try await Migrator(database: database, migrations: allMigrations).migrate()
}

extension Database {
    /// The row ids of the spans that a filter matches, in order.
    func spans(matching filter: SpanFilter) async throws -> [Int64] {
        try await read { connection in
            let condition = filter.condition(dialect: connection.dialect, spans: "s", firstParameter: 1)
            return try connection.query(
                "SELECT s.id FROM spans AS s WHERE \(condition.sql) ORDER BY s.id", condition.values
            ).map { try $0.integer(0) }
        }
    }
}
