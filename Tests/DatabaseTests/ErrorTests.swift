import Database
import TestSupport
import Testing

@Suite("Errors, on each engine")
struct ErrorTests {
    /// The error of one statement, run after the tables were made.
    private func error(
        of sql: String, _ values: [SQLValue] = [], on dialect: SQLDialect
    ) async throws -> DatabaseError? {
        try await withDatabase(dialect) { database in
            try await database.write { connection in
                try connection.createThings()
                try connection.insertThing(1, word: "one")
                try connection.executeScript(
                    """
                    CREATE TABLE parts (
                        thing \(dialect.integerType) NOT NULL REFERENCES things (id),
                        size \(dialect.integerType) CHECK (size > 0)
                    ) \(dialect.strict)
                    """)
            }
            return await databaseError {
                try await database.write { _ = try $0.execute(sql, values) }
            }
        }
    }

    @Test("a second row with the same key is a unique violation", arguments: SQLDialect.allCases)
    func unique(_ dialect: SQLDialect) async throws {
        let error = try await error(of: "INSERT INTO things (id, word) VALUES (2, 'one')", on: dialect)
        let constraint = DeclaredDifferences.uniqueConstraint(table: "things", column: "word", of: dialect)
        #expect(error == .uniqueViolation(constraint: constraint))
    }

    @Test("a second row with the same primary key is a unique violation", arguments: SQLDialect.allCases)
    func primaryKey(_ dialect: SQLDialect) async throws {
        let error = try await error(of: "INSERT INTO things (id) VALUES (1)", on: dialect)
        guard case .uniqueViolation = error else {
            Issue.record("got \(String(describing: error))")
            return
        }
    }

    @Test("a reference to nothing is a foreign key violation", arguments: SQLDialect.allCases)
    func foreignKey(_ dialect: SQLDialect) async throws {
        let error = try await error(of: "INSERT INTO parts (thing) VALUES ($1)", [.integer(99)], on: dialect)
        let constraint = DeclaredDifferences.foreignKeyConstraint(table: "parts", column: "thing", of: dialect)
        #expect(error == .foreignKeyViolation(constraint: constraint))
    }

    @Test(
        "other refusals keep the standard's code", arguments: SQLDialect.allCases,
        [
            ("INSERT INTO parts (thing) VALUES (NULL)", "23502"),
            ("INSERT INTO parts (thing, size) VALUES (1, 0)", "23514"),
        ])
    func standardCodes(_ dialect: SQLDialect, _ example: (sql: String, sqlState: String)) async throws {
        let error = try await error(of: example.sql, on: dialect)
        guard case .failed(example.sqlState, _) = error else {
            Issue.record("got \(String(describing: error))")
            return
        }
    }

    @Test("a value of the wrong type is refused", arguments: SQLDialect.allCases)
    func wrongType(_ dialect: SQLDialect) async throws {
        for value: SQLValue in [.text("x"), .bytes([1])] {
            let error = try await error(of: "INSERT INTO things (id, number) VALUES (2, $1)", [value], on: dialect)
            guard case .failed(let sqlState, _) = error else {
                Issue.record("got \(String(describing: error))")
                continue
            }
            // Postgres tries to read a text as a number, and names that failure.
            #expect(["42804", "22P02"].contains(sqlState))
        }
    }

    @Test("nonsense is refused with the engine's reason", arguments: SQLDialect.allCases)
    func syntax(_ dialect: SQLDialect) async throws {
        let error = try await error(of: "INSRT INTO things", on: dialect)
        guard case .failed(_, let message) = error else {
            Issue.record("got \(String(describing: error))")
            return
        }
        #expect(message.contains("INSRT"))
    }

    @Test("only what may pass by itself is retryable")
    func retryable() {
        let retryable: [DatabaseError] = [.unavailable(""), .overloaded, .timedOut, .serialization]
        let final: [DatabaseError] = [
            .uniqueViolation(constraint: ""), .foreignKeyViolation(constraint: ""), .diskFull, .readOnly,
            .newerSchema(found: 2, known: 1), .unexpectedValue(column: 0, expected: ""),
            .failed(sqlState: "42601", message: ""),
        ]
        #expect(retryable.filter(\.isRetryable) == retryable)
        #expect(final.filter(\.isRetryable) == [])
    }
}
