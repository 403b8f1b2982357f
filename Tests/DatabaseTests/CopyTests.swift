import Database
import TestSupport
import Testing

@Suite("COPY into Postgres")
struct CopyTests {
    private static let sql = "COPY t (a, b, c, d, e, f, g) FROM STDIN (FORMAT binary)"

    private func withTable(_ body: (Database) async throws -> Void) async throws {
        try await withDatabase(.postgres) { database in
            try await database.write { connection in
                try connection.executeScript(
                    "CREATE TABLE t (a smallint, b integer, c bigint UNIQUE, d float8, e boolean, f text, g bytea)")
            }
            try await body(database)
        }
    }

    @Test("every type arrives as it was written")
    func types() async throws {
        try await withTable { database in
            let count = try await database.write { connection in
                try connection.copyIn(Self.sql) { rows in
                    try rows.beginRow(columnCount: 7)
                    rows.append(Int16(-1))
                    rows.append(Int32.max)
                    rows.append(Int64.min)
                    rows.append(0.1)
                    rows.append(true)
                    rows.append("Grüße")
                    rows.append([0, 1, 255] as [UInt8])
                    try rows.beginRow(columnCount: 7)
                    for _ in 0..<7 { rows.appendNull() }
                }
            }
            #expect(count == 2)
            let rows = try await database.read { try $0.query("SELECT * FROM t ORDER BY a NULLS LAST") }
            #expect(try rows[0].integer(0) == -1 && rows[0].integer(1) == Int64(Int32.max))
            #expect(try rows[0].integer(2) == .min && rows[0].real(3) == 0.1 && rows[0].boolean(4))
            #expect(try rows[0].text(5) == "Grüße" && rows[0].bytes(6) == [0, 1, 255])
            #expect((0..<7).map { rows[1].isNull($0) } == Array(repeating: true, count: 7))
        }
    }

    @Test("many rows go in pieces, and empty texts and byte strings stay apart from NULL")
    func manyRows() async throws {
        try await withTable { database in
            let text = String(repeating: "x", count: 3000)
            try await database.write { connection in
                _ = try connection.copyIn(Self.sql) { rows in
                    for number in 0..<2000 {
                        try rows.beginRow(columnCount: 7)
                        for _ in 0..<2 { rows.appendNull() }
                        rows.append(Int64(number))
                        for _ in 0..<2 { rows.appendNull() }
                        rows.append(number == 0 ? "" : text)
                        rows.append([] as [UInt8])
                    }
                }
            }
            let row = try await database.read {
                try $0.query("SELECT count(*), sum(length(f)), count(g), sum(c), count(f) FROM t")[0]
            }
            #expect(try (0..<5).map { try row.integer($0) } == [2000, 1999 * 3000, 2000, 1999 * 1000, 2000])
        }
    }

    @Test("a copy of no rows is fine")
    func empty() async throws {
        try await withTable { database in
            let count = try await database.write { try $0.copyIn(Self.sql) { _ in } }
            #expect(count == 0)
        }
    }

    @Test("a duplicate is a unique violation, nothing is kept, and the connection goes on")
    func duplicate() async throws {
        try await withTable { database in
            let error = await databaseError {
                try await database.write { connection in
                    _ = try connection.copyIn(Self.sql) { rows in
                        for _ in 0..<2 {
                            try rows.beginRow(columnCount: 7)
                            for _ in 0..<2 { rows.appendNull() }
                            rows.append(Int64(1))
                            for _ in 0..<4 { rows.appendNull() }
                        }
                    }
                }
            }
            #expect(error == .uniqueViolation(constraint: "t_c_key"))
            let count = try await database.write { try $0.count("t") }
            #expect(count == 0)
        }
    }

    @Test("what the closure throws ends the copy, and the connection goes on")
    func abandoned() async throws {
        struct Refusal: Error {}
        try await withTable { database in
            await #expect(throws: Refusal.self) {
                try await database.write { connection in
                    _ = try connection.copyIn(Self.sql) { rows in
                        try rows.beginRow(columnCount: 7)
                        for _ in 0..<7 { rows.appendNull() }
                        throw Refusal()
                    }
                }
            }
            let count = try await database.write { try $0.count("t") }
            #expect(count == 0)
        }
    }

    @Test("a row with a value too few or too many is refused before the server sees it", arguments: [6, 8])
    func valueCount(_ given: Int) async throws {
        try await withTable { database in
            let error = await databaseError {
                try await database.write { connection in
                    _ = try connection.copyIn(Self.sql) { rows in
                        try rows.beginRow(columnCount: 7)
                        for _ in 0..<given { rows.appendNull() }
                    }
                }
            }
            guard case .failed("22P04", _) = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
        }
    }

    @Test("COPY by any other way, and any other statement as COPY, is refused")
    func otherWays() async throws {
        try await withTable { database in
            let statements: [@Sendable (DatabaseConnection) throws -> Void] = [
                { _ = try $0.execute(Self.sql) },
                { try $0.executeScript("COPY t TO STDOUT") },
                { _ = try $0.copyIn("SELECT 1") { _ in } },
                { _ = try $0.copyIn("COPY t TO STDOUT") { _ in } },
            ]
            for statement in statements {
                #expect(await databaseError { try await database.write { try statement($0) } } != nil)
                let count = try await database.write { try $0.count("t") }
                #expect(count == 0)
            }
        }
    }

    @Test("SQLite refuses COPY and arrays, Postgres refuses statements in place")
    func otherEngine() async throws {
        try await withDatabases { database in
            let error = await databaseError {
                try await database.write { connection in
                    switch connection.dialect {
                    case .sqlite: _ = try connection.copyIn("COPY t FROM STDIN") { _ in }
                    case .postgres: try connection.withStatement("SELECT 1") { _ = try $0.run() }
                    }
                }
            }
            guard case .failed("0A000", _) = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
        }
    }
}
