import Database
import FilterLanguage
import Testing

extension Database {
    /// Expects each filter to match the traces with these row ids, and no others.
    func expectTraces(_ filters: [(filter: String, matches: [Int64])]) async throws {
        for (text, expected) in filters {
            let filter = try TraceFilter(text)
            let found = try await rows("traces") { filter.condition(dialect: $0, traces: "r", firstParameter: 1) }
            #expect(found == expected, "\(text) on \(dialect)")
        }
    }

    /// As `expectTraces`, of sessions.
    func expectSessions(_ filters: [(filter: String, matches: [Int64])]) async throws {
        for (text, expected) in filters {
            let filter = try SessionFilter(text)
            let found = try await rows("project_sessions") {
                filter.condition(dialect: $0, sessions: "r", firstParameter: 1)
            }
            #expect(found == expected, "\(text) on \(dialect)")
        }
    }

    /// The row ids of what a condition on rows called `r` matches, in order.
    func rows(
        _ table: String, _ condition: @escaping @Sendable (SQLDialect) -> (sql: String, values: [SQLValue])
    ) async throws -> [Int64] {
        try await read { connection in
            let (sql, values) = condition(connection.dialect)
            return try connection.query("SELECT r.id FROM \(table) AS r WHERE \(sql) ORDER BY r.id", values).map {
                try $0.integer(0)
            }
        }
    }
}
