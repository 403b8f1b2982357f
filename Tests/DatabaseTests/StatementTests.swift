import Database
import TestSupport
import Testing

@Suite("Statements, on each engine")
struct StatementTests {
    @Test("values of every type come back as they were written", arguments: SQLDialect.allCases)
    func values(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            let words = ["", "plain", "Grüße 🐦\u{200D}🔥, \"quoted\" 'single' \\ $1 %"]
            let numbers: [Int64] = [.min, -1, 0, 1, .max]
            let ratios = [-Double.greatestFiniteMagnitude, -0.5, 0, .leastNonzeroMagnitude, 0.1]
            let blobs: [[UInt8]] = [[], [0], Array(0...255)]
            try await database.write { connection in
                try connection.createThings()
                for (id, word) in words.enumerated() {
                    try connection.insertThing(Int64(id), word: word)
                }
                for (id, number) in numbers.enumerated() {
                    try connection.execute(
                        "INSERT INTO things (id, number, ratio, data) VALUES ($1, $2, $3, $4)",
                        [
                            .integer(Int64(100 + id)), .integer(number), .real(ratios[id]),
                            .bytes(blobs[min(id, 2)]),
                        ])
                }
            }
            try await database.read { connection in
                let texts = try connection.query("SELECT word FROM things WHERE id < 100 ORDER BY id")
                #expect(try texts.map { try $0.text(0) } == words)
                let rows = try connection.query(
                    "SELECT number, ratio, data FROM things WHERE id >= 100 ORDER BY id")
                #expect(try rows.map { try $0.integer(0) } == numbers)
                #expect(try rows.map { try $0.real(1) } == ratios)
                #expect(try rows.prefix(3).map { try $0.bytes(2) } == blobs)
            }
        }
    }

    @Test("NULL is nil where it may be and an error where it may not", arguments: SQLDialect.allCases)
    func null(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            let row = try await database.write { connection in
                try connection.createThings()
                try connection.execute(
                    "INSERT INTO things (id, word, number, ratio, data) VALUES ($1, $2, $3, $4, $5)",
                    [.integer(1), .null, .null, .null, .null])
                return try connection.query("SELECT word, number, ratio, data FROM things")[0]
            }
            #expect(row.columnCount == 4)
            #expect((0..<4).allSatisfy { row.isNull($0) })
            #expect(try row.optionalText(0) == nil && row.optionalInteger(1) == nil)
            #expect(try row.optionalReal(2) == nil && row.optionalBytes(3) == nil)
            #expect(throws: DatabaseError.self) { try row.text(0) }
            #expect(throws: DatabaseError.self) { try row.integer(1) }
            #expect(throws: DatabaseError.self) { try row.real(2) }
            #expect(throws: DatabaseError.self) { try row.bytes(3) }
        }
    }

    @Test("a value asked for as another type is an error, not a guess", arguments: SQLDialect.allCases)
    func unexpected(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            let row = try await database.write { connection in
                try connection.createThings()
                return try connection.query(
                    "INSERT INTO things VALUES (7, 'seven', 7, 7.5, $1) RETURNING word, number, ratio, data",
                    [.bytes([7])])[0]
            }
            #expect(throws: DatabaseError.unexpectedValue(column: 0, expected: "whole number")) { try row.integer(0) }
            #expect(throws: DatabaseError.unexpectedValue(column: 1, expected: "text")) { try row.text(1) }
            #expect(throws: DatabaseError.unexpectedValue(column: 0, expected: "byte string")) { try row.bytes(0) }
            #expect(throws: DatabaseError.unexpectedValue(column: 3, expected: "text")) { try row.text(3) }
            #expect(throws: DatabaseError.unexpectedValue(column: 2, expected: "whole number")) { try row.integer(2) }
            #expect(try row.real(1) == 7 && row.real(2) == 7.5)
        }
    }

    @Test("booleans are kept as numbers too", arguments: SQLDialect.allCases)
    func booleans(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            try await database.write { connection in
                try connection.createThings()
                try connection.execute(
                    "INSERT INTO things (id, number) VALUES ($1, $2), ($3, $4)",
                    [.integer(1), .boolean(true), .integer(2), .boolean(false)])
                let rows = try connection.query("SELECT number, number = 1 FROM things ORDER BY id")
                #expect(try rows.map { try $0.boolean(0) } == [true, false])
                #expect(try rows.map { try $0.boolean(1) } == [true, false])
            }
        }
    }

    @Test("sums and averages of whole numbers are numbers", arguments: SQLDialect.allCases)
    func aggregates(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            try await database.write { connection in
                try connection.createThings()
                for id: Int64 in 1...4 {
                    try connection.execute(
                        "INSERT INTO things (id, number) VALUES ($1, $2)",
                        [.integer(id), .integer(id * 1_000_000_007)])
                }
                let row = try connection.query(
                    "SELECT sum(number), avg(number), -sum(number), sum(number - number) FROM things")[0]
                #expect(try row.integer(0) == 10_000_000_070)
                #expect(try row.real(1) == 2_500_000_017.5)
                #expect(try row.integer(2) == -10_000_000_070)
                #expect(try row.integer(3) == 0)
            }
        }
    }

    @Test("execute counts the rows it changed", arguments: SQLDialect.allCases)
    func counts(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            let counts = try await database.write { connection in
                [
                    try connection.execute("CREATE TABLE t (a \(dialect.integerType))"),
                    try connection.execute("INSERT INTO t VALUES (1), (2), (3)"),
                    try connection.execute("UPDATE t SET a = a + 1 WHERE a > $1", [.integer(1)]),
                    try connection.execute("UPDATE t SET a = 0 WHERE a > $1", [.integer(99)]),
                    try connection.execute("CREATE INDEX i ON t (a)"),
                    try connection.execute("SELECT a FROM t"),
                    try connection.execute("DELETE FROM t"),
                ]
            }
            #expect(counts == [0, 3, 2, 0, 0, 0, 3])
        }
    }

    @Test("parameters go by their number, in any order and more than once", arguments: SQLDialect.allCases)
    func parameterNumbers(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            let rows = try await database.write { connection in
                try connection.createThings()
                return try connection.query(
                    "INSERT INTO things (number, word, id) VALUES ($2, $3, $1), ($1, $4, $2) RETURNING id, number, word",
                    [.integer(1), .integer(2), .text("x"), .text("y")])
            }
            #expect(try rows.map { [try $0.integer(0), try $0.integer(1)] } == [[1, 2], [2, 1]])
            #expect(try rows.map { try $0.text(2) } == ["x", "y"])
        }
    }

    @Test("a statement with too many or too few values is refused", arguments: SQLDialect.allCases)
    func valueCount(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            try await database.write { try $0.createThings() }
            for values: [SQLValue] in [[], [.integer(1)], [.integer(1), .null, .null]] {
                let error = await databaseError {
                    try await database.write { connection in
                        _ = try connection.execute("INSERT INTO things (id, word) VALUES ($1, $2)", values)
                    }
                }
                guard case .failed("08P01", _) = error else {
                    Issue.record("got \(String(describing: error)) for \(values.count) values")
                    continue
                }
            }
            #expect(try await database.read { try $0.count() } == 0)
        }
    }

    @Test("a text with NUL is refused", arguments: SQLDialect.allCases)
    func nul(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            try await database.write { try $0.createThings() }
            let error = await databaseError {
                try await database.write { try $0.insertThing(1, word: "a\0b") }
            }
            guard case .failed("22021", _) = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
        }
    }

    @Test("rows are delivered one by one, and the receiver may stop", arguments: SQLDialect.allCases)
    func streaming(_ dialect: SQLDialect) async throws {
        struct Enough: Error {}
        try await withDatabase(dialect) { database in
            let numbers = """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT i FROM n
                """
            let sum = try await database.read { connection in
                var sum: Int64 = 0
                try connection.query(numbers, [.integer(1000)]) { sum += try $0.integer(0) }
                return sum
            }
            #expect(sum == 500_500)

            await #expect(throws: Enough.self) {
                try await database.read { connection in
                    try connection.query(numbers, [.integer(1_000_000_000)]) { row in
                        if try row.integer(0) == 10 { throw Enough() }
                    }
                }
            }
            let next = try await database.read { try $0.query(numbers, [.integer(3)]).count }
            #expect(next == 3)
        }
    }

    @Test("a statement may be run again within its own rows", arguments: [SQLDialect.sqlite])
    func nested(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            let total = try await database.read { connection in
                let pair = "SELECT $1 + 0 UNION ALL SELECT $1 + 1"
                var total: Int64 = 0
                try connection.query(pair, [.integer(0)]) { outer in
                    let base = try outer.integer(0) * 10
                    for inner in try connection.query(pair, [.integer(base)]) { total += try inner.integer(0) }
                }
                return total
            }
            #expect(total == 0 + 1 + 10 + 11)
        }
    }

    @Test("rows outlive their transaction and their connection", arguments: SQLDialect.allCases)
    func rowsOutlive(_ dialect: SQLDialect) async throws {
        let rows = try await withDatabase(dialect) { database in
            try await database.read { try $0.query("SELECT 'one' UNION ALL SELECT 'two'") }
        }
        #expect(try rows.map { try $0.text(0) } == ["one", "two"])
        #expect(try rows[1].withBytes(0) { Array($0) } == Array("two".utf8))
    }

    @Test("statements are logged where that is asked for, without their values", arguments: SQLDialect.allCases)
    func logging(_ dialect: SQLDialect) async throws {
        let messages = Messages()
        var options = DatabaseOptions()
        options.statementLogger = messages.logger()
        try await withDatabase(dialect, options: options) { database in
            let rows = try await database.read { try $0.query("SELECT 1 WHERE $1 = 'seen'", [.text("hunter2")]) }
            #expect(rows.isEmpty)
        }
        #expect(messages.all.count == 1)
        #expect(messages.all.first?.contains("SELECT 1 WHERE $1 = 'seen'") == true)
        #expect(messages.all.first?.contains("hunter2") == false)
    }

    @Test("more statements than are kept prepared all work", arguments: SQLDialect.allCases)
    func manyStatements(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            let sum = try await database.read { connection in
                var sum: Int64 = 0
                for round in 0..<2 {
                    for number in 0..<400 {
                        sum += try connection.query("SELECT \(number) + $1", [.integer(Int64(round))])[0].integer(0)
                    }
                }
                return sum
            }
            #expect(sum == 2 * (399 * 400 / 2) + 400)
        }
    }
}
