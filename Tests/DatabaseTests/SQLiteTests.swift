import Database
import Foundation
import Logging
import TestSupport
import Testing

@Suite("What only SQLite has")
struct SQLiteTests {
    private func open(_ path: String) -> Database {
        Database(.sqlite(path: path), logger: Logger(label: "tests"))
    }

    private func withFile(_ body: (String) async throws -> Void) async throws {
        try await withDatabaseLocation(.sqlite) { location in
            guard case .sqlite(let path) = location else { return }
            try await body(path)
        }
    }

    @Test("bytes are bound in place, run after run")
    func bindingInPlace() async throws {
        try await withDatabase(.sqlite) { database in
            try await database.write { connection in
                try connection.createThings()
                let bytes = Array("abcdefghij".utf8)
                try connection.withStatement(
                    "INSERT INTO things (id, word, number, ratio, data) VALUES ($1, $2, $3, $4, $5)"
                ) { statement in
                    for id in 0..<10 {
                        try bytes.withUnsafeBytes { bytes in
                            statement.bind(Int64(id), at: 1)
                            statement.bind(
                                text: UnsafeRawBufferPointer(rebasing: bytes[..<id]), at: 2, lifetime: .untilRun)
                            statement.bindNull(at: 3)
                            statement.bind(0.5, at: 4)
                            statement.bind(
                                bytes: UnsafeRawBufferPointer(rebasing: bytes[id...]), at: 5, lifetime: .untilRun)
                            let changed = try statement.run()
                            #expect(changed == 1)
                        }
                    }
                }
            }
            let rows = try await database.read { try $0.query("SELECT word, data, number FROM things ORDER BY id") }
            #expect(
                try rows.map { try $0.text(0) + String(decoding: try $0.bytes(1), as: UTF8.self) }
                    == Array(repeating: "abcdefghij", count: 10))
            #expect(rows.map { $0.isNull(2) } == Array(repeating: true, count: 10))
        }
    }

    @Test("bytes that are gone before the statement runs are copied, however many there are")
    func bindingCopies() async throws {
        let words = [0, 1, 50, 225, 256, 257, 1250].map { String(repeating: "word", count: $0) }
        let exes = words.map { String(repeating: "x", count: $0.count) }
        try await withDatabase(.sqlite) { database in
            try await database.write { connection in
                try connection.createThings()
                let sql = "INSERT INTO things (id, word, data) VALUES ($1, $2, $3)"
                try connection.withStatement(sql) { statement in
                    for (id, word) in words.enumerated() {
                        statement.bind(Int64(id), at: 1)
                        var bytes = Array(word.utf8)
                        bytes.withUnsafeBytes { statement.bind(text: $0, at: 2) }
                        for index in bytes.indices { bytes[index] = UInt8(ascii: "x") }
                        bytes.withUnsafeBytes { statement.bind(bytes: $0, at: 3) }
                        for index in bytes.indices { bytes[index] = UInt8(ascii: "y") }
                        try statement.run()
                    }
                }
            }
            let rows = try await database.read { try $0.query("SELECT word, data FROM things ORDER BY id") }
            #expect(try rows.map { try $0.text(0) } == words)
            #expect(try rows.map { String(decoding: try $0.bytes(1), as: UTF8.self) } == exes)
        }
    }

    @Test("values of columns are bound a row at a time, and the new row's number is told")
    func bindingColumns() async throws {
        try await withDatabase(.sqlite) { database in
            try await database.write { connection in
                try connection.createThings()
                let columns: [SQLValue] = [
                    .texts(["one", nil]), .optionalIntegers([1, nil]), .reals([0.5, nil]),
                    .byteStrings([[1, 2], nil]),
                ]
                let sql = "INSERT INTO things (word, number, ratio, data) VALUES ($1, $2, $3, $4)"
                let ids = try connection.withStatement(sql) { statement in
                    try (0..<2).map { row in
                        try statement.bind(columns, elementsAt: row)
                        try statement.run()
                        return statement.insertedRow
                    }
                }
                let rows = try connection.query("SELECT id, word, number, ratio, data FROM things ORDER BY id")
                #expect(try rows.map { try $0.integer(0) } == ids)
                #expect(try rows.map { try $0.optionalText(1) } == ["one", nil])
                #expect(try rows.map { try $0.optionalInteger(2) } == [1, nil])
                #expect(try rows.map { try $0.optionalReal(3) } == [0.5, nil])
                #expect(try rows.map { try $0.optionalBytes(4) } == [[1, 2], nil])
            }
        }
    }

    @Test("a duplicate in such a loop is a unique violation, and the statement works again afterwards")
    func duplicateInPlace() async throws {
        try await withDatabase(.sqlite) { database in
            try await database.write { try $0.createThings() }
            let insert = "INSERT INTO things (id) VALUES ($1)"
            let error = await databaseError {
                try await database.write { connection in
                    try connection.withStatement(insert) { statement in
                        for _ in 0..<2 {
                            statement.bind(Int64(1), at: 1)
                            try statement.run()
                        }
                    }
                }
            }
            #expect(error == .uniqueViolation(constraint: "things.id"))
            let count = try await database.write { connection in
                try connection.withStatement(insert) { statement in
                    statement.bind(Int64(2), at: 1)
                    try statement.run()
                }
                return try connection.count()
            }
            #expect(count == 1)
        }
    }

    @Test("a parameter must be numbered")
    func namedParameters() async throws {
        try await withDatabase(.sqlite) { database in
            for sql in ["SELECT ?", "SELECT :name", "SELECT $name", "SELECT $0"] {
                let error = await databaseError {
                    try await database.read { _ = try $0.query(sql, [.integer(1)]) }
                }
                guard case .failed("42601", _) = error else {
                    Issue.record("got \(String(describing: error)) for \(sql)")
                    continue
                }
            }
        }
    }

    @Test(":memory: is private to one Database, and leaves no file behind")
    func memory() async throws {
        let (first, second) = (open(":memory:"), open(":memory:"))
        try await first.write { try $0.createThings() }
        #expect(await databaseError { _ = try await second.read { try $0.count() } } != nil)
        let path = try await first.read { try $0.query("PRAGMA database_list")[0].text(2) }
        #expect(FileManager.default.fileExists(atPath: path))
        await first.close()
        await second.close()
        #expect(!FileManager.default.fileExists(atPath: (path as NSString).deletingLastPathComponent))
    }

    @Test("commits are synced, the log is written ahead and foreign keys are checked")
    func settings() async throws {
        try await withDatabase(.sqlite) { database in
            for access in ["write", "read"] {
                let read: @Sendable (DatabaseConnection) throws -> [String] = { connection in
                    try ["journal_mode", "synchronous", "foreign_keys"].map { name in
                        let row = try connection.query("SELECT CAST(\(name) AS TEXT) FROM pragma_\(name)")[0]
                        return try row.text(0)
                    }
                }
                let found = access == "write" ? try await database.write(read) : try await database.read(read)
                #expect(found == ["wal", "2", "1"])
            }
        }
    }

    @Test("many processes' worth of connections may open one new file at the same moment")
    func openedTogether() async throws {
        try await withFile { path in
            try await withThrowingTaskGroup { group in
                for _ in 0..<20 {
                    group.addTask {
                        let database = open(path)
                        try await database.expectAnswer()
                        await database.close()
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("writers that share a file take turns, and none fails or loses an update")
    func turns() async throws {
        try await withFile { path in
            let databases = (0..<4).map { _ in open(path) }
            try await databases[0].write { connection in
                try connection.createThings()
                try connection.execute("INSERT INTO things (id, number) VALUES (1, 0)")
            }
            try await withThrowingTaskGroup { group in
                for database in databases {
                    group.addTask {
                        for _ in 0..<25 {
                            try await database.write { connection in
                                let row = try connection.query("SELECT number FROM things WHERE id = 1")[0]
                                try connection.execute(
                                    "UPDATE things SET number = $1 WHERE id = 1", [.integer(try row.integer(0) + 1)])
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let total = try await databases[3].read { try $0.query("SELECT number FROM things")[0].integer(0) }
            #expect(total == 100)
            for database in databases { await database.close() }
        }
    }

    @Test("the log does not grow without limit beside writers that never rest")
    func logSize() async throws {
        try await withFile { path in
            let databases = (0..<2).map { _ in open(path) }
            try await databases[0].write { try $0.createThings() }
            try await withThrowingTaskGroup { group in
                for (writer, database) in databases.enumerated() {
                    group.addTask {
                        for round in 0..<60 {
                            try await database.write { connection in
                                let id = Int64(writer * 1000 + round)
                                try connection.execute(
                                    "INSERT INTO things (id, data) VALUES ($1, zeroblob(1000000))", [.integer(id)])
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let log = try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int
            // 120 MB were written; a checkpoint is due at 32 MiB, and what is cut keeps 64 MiB.
            #expect(try #require(log) < 80_000_000)
            for database in databases { await database.close() }
        }
    }

    @Test("a full disk is told as such, nothing is kept, and the next write that fits goes through")
    func diskFull() async throws {
        try await withDatabase(.sqlite) { database in
            try await database.write { try $0.createThings() }
            let error = await databaseError {
                try await database.write { connection in
                    _ = try connection.query("PRAGMA max_page_count = 50")
                    try connection.insertThing(1)
                    try connection.execute("UPDATE things SET data = zeroblob(1000000)")
                }
            }
            #expect(error == .diskFull)
            let count = try await database.write { connection in
                try connection.insertThing(2)
                return try connection.count()
            }
            #expect(count == 1)
        }
    }

    @Test("a file that is no database is refused, and left as it is")
    func notADatabase() async throws {
        try await withFile { path in
            let text = Data(String(repeating: "not a database ", count: 100).utf8)
            try text.write(to: URL(fileURLWithPath: path))
            let database = open(path)
            let error = await databaseError { try await database.waitUntilReachable(logging: Messages().logger()) }
            guard case .failed("XX001", _) = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
            await database.close()
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
        }
    }

    @Test("a folder that is missing is refused at once")
    func missingFolder() async throws {
        let database = open("/nonexistent/folder/x.db")
        let error = await databaseError { try await database.waitUntilReachable(logging: Messages().logger()) }
        guard case .failed("58P01", _) = error else {
            Issue.record("got \(String(describing: error))")
            return
        }
        await database.close()
    }
}
