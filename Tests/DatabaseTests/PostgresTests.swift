import Logging
import TestSupport
import Testing

@testable import Database

@Suite("What only Postgres has")
struct PostgresTests {
    @Test("arrays are passed as values, with NULLs and empty")
    func arrays() async throws {
        try await withDatabase(.postgres) { database in
            let rows = try await database.read { connection in
                try connection.query(
                    """
                    SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::float8[], $5::bigint[])
                    """,
                    [
                        .integers([1, .max]), .texts(["a", nil]), .byteStrings([nil, [0, 255]]),
                        .reals([nil, 0.5]), .optionalIntegers([nil, -2]),
                    ])
            }
            #expect(try rows.map { try $0.integer(0) } == [1, .max])
            #expect(try rows.map { try $0.optionalText(1) } == ["a", nil])
            #expect(try rows.map { try $0.optionalBytes(2) } == [nil, [0, 255]])
            #expect(try rows.map { try $0.optionalReal(3) } == [nil, 0.5])
            #expect(try rows.map { try $0.optionalInteger(4) } == [nil, -2])
            let count = try await database.read {
                try $0.query("SELECT count(*) FROM unnest($1::text[])", [.texts([])])[0].integer(0)
            }
            #expect(count == 0)
        }
    }

    @Test("values go into columns of narrower and of other types where they fit")
    func otherTypes() async throws {
        try await withDatabase(.postgres) { database in
            let row = try await database.write { connection in
                try connection.executeScript(
                    """
                    CREATE TABLE t (
                        a smallint, b integer, c real, d numeric, e boolean, f jsonb, g json, h varchar(9), i uuid,
                        j timestamptz
                    )
                    """)
                return try connection.query(
                    """
                    INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                    RETURNING a, b, c, d, e, f, g, h, i::text, j::date::text
                    """,
                    [
                        .integer(-7), .integer(70_000), .real(0.5), .integer(12), .boolean(true), .text(#"{"k":[1]}"#),
                        .text(#"{"k": 1}"#), .text("word"), .text("00000000-0000-0000-0000-00000000000a"),
                        .text("2026-02-03T04:05:06Z"),
                    ])[0]
            }
            #expect(try row.integer(0) == -7 && row.integer(1) == 70_000)
            #expect(try row.real(2) == 0.5 && row.integer(3) == 12 && row.boolean(4))
            #expect(try row.text(5) == #"{"k": [1]}"# && row.text(6) == #"{"k": 1}"# && row.text(7) == "word")
            #expect(try row.text(8).hasSuffix("a") && row.text(9) == "2026-02-03")
        }
    }

    @Test("a number that does not fit its column is refused")
    func range() async throws {
        try await withDatabase(.postgres) { database in
            let error = await databaseError {
                try await database.read { _ = try $0.query("SELECT $1::smallint", [.integer(70_000)]) }
            }
            guard case .failed("22003", _) = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
        }
    }

    @Test(
        "numerics are read exactly",
        arguments: [
            "0", "1", "-1", "9999", "10000", "-10001", "123456789012", "9223372036854775807", "-9223372036854775808",
        ])
    func numerics(_ text: String) async throws {
        let row = try await withDatabase(.postgres) { database in
            try await database.read { try $0.query("SELECT \(text)::numeric, \(text)::numeric / 8")[0] }
        }
        #expect(try row.integer(0) == Int64(text))
        #expect(try row.real(1) == Double(Int64(text) ?? 0) / 8)
    }

    @Test(
        "a numeric that is no whole number, or too large, is not read as one",
        arguments: ["0.5", "9223372036854775808", "'NaN'"])
    func badNumerics(_ text: String) async throws {
        let row = try await withDatabase(.postgres) { database in
            try await database.read { try $0.query("SELECT \(text)::numeric")[0] }
        }
        #expect(throws: DatabaseError.self) { try row.integer(0) }
    }

    @Test("lz4 is known where the server has it")
    func lz4() async throws {
        let (known, asked) = try await withDatabase(.postgres) { database in
            try await database.read { connection in
                (
                    try connection.supportsLZ4(),
                    try connection.query(
                        "SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'")[0]
                        .boolean(0)
                )
            }
        }
        #expect(known == asked)
    }

    @Test("a connection over TCP with a password of special characters")
    func passwordOverTCP() async throws {
        let server = try await TemporaryPostgres.shared()
        let database = Database(
            try DatabaseLocation(url: server.url(database: "postgres")), logger: Logger(label: "tests"))
        try await database.expectAnswer()
        await database.close()
    }

    @Test(
        "a server that cannot begin a session now may later, one that does not know who asks will not",
        arguments: [
            ("XX000: could not write init file", true), ("53100: could not extend file", true),
            ("58P01: could not open file", true), ("57P03: the database system is starting up", true),
            ("28P01: password authentication failed", false), ("3D000: database does not exist", false),
        ])
    func refusedForNow(reason: String, isUnavailable: Bool) {
        let text = "connection to server at \"127.0.0.1\", port 5432 failed: FATAL:  \(reason)\n"
        if case .unavailable = PostgresConnector.failure(text: text) {
            #expect(isUnavailable)
        } else {
            #expect(!isUnavailable)
        }
    }

    @Test("a wrong password or database is final, and says no secret")
    func refusedForGood() async throws {
        let server = try await TemporaryPostgres.shared()
        let good = server.url(database: "postgres")
        let wrong = good.replacingOccurrences(of: "@127", with: "hunter2@127")
        for (url, sqlState) in [(wrong, "28P01"), (server.url(database: "missing"), "3D000")] {
            let database = Database(try DatabaseLocation(url: url), logger: Logger(label: "tests"))
            let error = await databaseError {
                try await database.waitUntilReachable(logging: Logger(label: "tests"))
            }
            guard case .failed(sqlState, let message) = error else {
                Issue.record("got \(String(describing: error))")
                continue
            }
            #expect(message.contains("FATAL") && !message.contains("hunter2"))
            await database.close()
        }
    }

    @Test("the first of several hosts that answers is used")
    func severalHosts() async throws {
        let server = try await TemporaryPostgres.shared()
        let nobody = try FreePort.find()
        let url = server.url(database: "postgres").replacingOccurrences(of: "@127", with: "@127.0.0.1:\(nobody),127")
        let database = Database(
            try DatabaseLocation(url: url + "?target_session_attrs=read-write"), logger: Logger(label: "tests"))
        try await database.expectAnswer()
        await database.close()
    }

    @Test("a host that never answers costs its time limit, not more, and the next one is tried")
    func silentHost() async throws {
        let server = try await TemporaryPostgres.shared()
        let silent = try SilentServer()
        var options = DatabaseOptions()
        options.connectTime = .seconds(2)
        let host = "@127.0.0.1:\(silent.port),127"
        let url = server.url(database: "postgres").replacingOccurrences(of: "@127", with: host)
        let database = Database(try DatabaseLocation(url: url), options: options, logger: Logger(label: "tests"))
        try await database.expectAnswer()
        await database.close()
    }
}
