import Database

extension Database {
    // Engines bound the parameters of a statement: SQLite at 32,766, Postgres at 65,535.
    private static let idsAtOnce = 10_000

    /// Reads what belongs to any number of ids, in one statement wherever their number allows it.
    ///
    /// - Parameters:
    ///   - column: what is compared with the ids.
    ///   - statement: makes the statement from the condition on the ids.
    func rows<Value: Sendable>(
        of ids: [Int64], in column: String, _ statement: @escaping @Sendable (_ condition: String) -> String,
        make: @escaping @Sendable (SQLRow) throws -> Value
    ) async throws -> [Value] {
        guard !ids.isEmpty else { return [] }
        return try await read { connection in
            var values: [Value] = []
            for start in stride(from: 0, to: ids.count, by: Self.idsAtOnce) {
                var conditions = SQLConditions()
                conditions.add(column, isOneOf: ids[start...].prefix(Self.idsAtOnce).map(SQLValue.integer))
                values += try connection.query(statement(conditions.sql), conditions.values).map(make)
            }
            return values
        }
    }
}
