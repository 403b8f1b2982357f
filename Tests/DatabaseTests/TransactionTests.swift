import Database
import TestSupport
import Testing

@Suite("Transactions, on each engine")
struct TransactionTests {
    private struct Refusal: Error {}

    @Test("what a closure wrote is undone when it throws", arguments: SQLDialect.allCases)
    func rollback(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            try await database.write { try $0.createThings() }
            await #expect(throws: Refusal.self) {
                try await database.write { connection in
                    try connection.insertThing(1)
                    throw Refusal()
                }
            }
            try await database.write { try $0.insertThing(2) }
            #expect(try await database.read { try $0.query("SELECT id FROM things").map { try $0.integer(0) } } == [2])
        }
    }

    @Test("a write is seen by the next read", arguments: SQLDialect.allCases)
    func readYourWrite(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            try await database.write { try $0.createThings() }
            for id: Int64 in 1...50 {
                try await database.write { try $0.insertThing(id) }
                #expect(try await database.read { try $0.count() } == id)
            }
        }
    }

    @Test("an error that was caught still undoes the transaction", arguments: SQLDialect.allCases)
    func swallowedError(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            try await database.write { try $0.createThings() }
            let error = await databaseError {
                try await database.write { connection in
                    try connection.insertThing(1)
                    try? connection.insertThing(1)
                }
            }
            guard case .failed("25P02", _) = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
            #expect(try await database.read { try $0.count() } == 0)
        }
    }

    @Test("after a statement has failed, the next ones of its transaction do too", arguments: SQLDialect.allCases)
    func statementAfterError(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            let error = await databaseError {
                try await database.write { connection in
                    try? connection.executeScript("SELECT nonsense")
                    _ = try connection.query("SELECT 1")
                }
            }
            guard case .failed("25P02", _) = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
        }
    }

    @Test("a read transaction sees one state of the database", arguments: SQLDialect.allCases)
    func snapshot(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            try await database.write { connection in
                try connection.createThings()
                try connection.insertThing(1)
            }
            let (begun, mayEnd) = (Signal(), Signal())
            async let counts = database.read { connection in
                let first = try connection.count()
                begun.send()
                mayEnd.waitOnThread()
                return [first, try connection.count()]
            }
            await begun.wait()
            try await database.write { try $0.insertThing(2) }
            mayEnd.send()
            #expect(try await counts == [1, 1])
            #expect(try await database.read { try $0.count() } == 2)
        }
    }

    @Test("a read cannot write", arguments: SQLDialect.allCases)
    func readOnly(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            try await database.write { try $0.createThings() }
            #expect(await databaseError { try await database.read { try $0.insertThing(1) } } == .readOnly)
            #expect(try await database.read { try $0.count() } == 0)
        }
    }

    @Test("a schema's change is undone with its transaction", arguments: SQLDialect.allCases)
    func schemaRollback(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            await #expect(throws: Refusal.self) {
                try await database.write { connection in
                    try connection.createThings()
                    throw Refusal()
                }
            }
            try await database.write { try $0.createThings() }
        }
    }

    @Test("statements prepared before a change of the schema work after it", arguments: SQLDialect.allCases)
    func schemaChange(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect, options: .oneReader) { database in
            try await database.write { connection in
                try connection.createThings()
                try connection.insertThing(1)
            }
            let all = "SELECT * FROM things"
            #expect(try await database.read { try $0.query(all)[0].columnCount } == 5)
            try await database.write { try $0.executeScript("ALTER TABLE things ADD COLUMN more TEXT") }
            // Postgres refuses the old plan once; the error says that trying again will do.
            let error = await databaseError { try await database.read { _ = try $0.query(all) } }
            #expect(error == nil || error == .serialization)
            #expect(try await database.read { try $0.query(all)[0].columnCount } == 6)
        }
    }

    @Test("writers of one process do not lose each other's updates", arguments: SQLDialect.allCases)
    func concurrentWriters(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            try await database.write { connection in
                try connection.createThings()
                try connection.execute("INSERT INTO things (id, number) VALUES (1, 0)")
            }
            try await withThrowingTaskGroup { group in
                for _ in 0..<100 {
                    group.addTask {
                        try await database.write { connection in
                            _ = try connection.execute("UPDATE things SET number = number + 1 WHERE id = 1")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let total = try await database.read { try $0.query("SELECT number FROM things")[0].integer(0) }
            #expect(total == 100)
        }
    }
}

extension DatabaseOptions {
    static var oneReader: DatabaseOptions {
        var options = DatabaseOptions()
        options.readerCount = 1
        return options
    }
}
