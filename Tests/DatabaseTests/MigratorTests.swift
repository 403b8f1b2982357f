import Database
import Logging
import TestSupport
import Testing

@Suite("Migrations, on each engine")
struct MigratorTests {
    private func migration(_ version: Int, up: String? = nil) -> Migration {
        let up = up ?? "CREATE TABLE t\(version) (a BIGINT); INSERT INTO t\(version) VALUES (\(version));"
        let down = "DROP TABLE t\(version);"
        return Migration(
            version: version, name: "table \(version)", up: [.postgres: up, .sqlite: up],
            down: [.postgres: down, .sqlite: down])
    }

    private func migrations(_ count: Int) -> [Migration] { (1...count).map { migration($0) } }

    private func appliedVersions(_ database: Database) async throws -> [Int] {
        try await Migrator(database: database, migrations: []).status().map(\.version)
    }

    @Test("what is pending is applied in order, once", arguments: SQLDialect.allCases)
    func migrate(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            #expect(try await Migrator(database: database, migrations: migrations(2)).migrate() == 2)
            #expect(try await Migrator(database: database, migrations: migrations(2)).migrate() == 0)
            #expect(try await Migrator(database: database, migrations: migrations(3)).migrate() == 1)
            let sum = try await database.read { connection in
                try (1...3).map { try connection.query("SELECT a FROM t\($0)")[0].integer(0) }.reduce(0, +)
            }
            #expect(sum == 6)
        }
    }

    @Test("the status tells what is applied and what is pending, and writes nothing", arguments: SQLDialect.allCases)
    func status(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            let fresh = try await Migrator(database: database, migrations: migrations(2)).status()
            #expect(fresh.map(\.appliedAt) == [nil, nil])
            try await Migrator(database: database, migrations: migrations(1)).migrate()
            let status = try await Migrator(database: database, migrations: migrations(2)).status()
            #expect(status.map(\.name) == ["table 1", "table 2"])
            #expect(status.map { $0.appliedAt != nil } == [true, false])
            #expect(try await Migrator(database: database, migrations: migrations(1)).isUpToDate())
            let isUpToDate = try await Migrator(database: database, migrations: migrations(2)).isUpToDate()
            #expect(!isUpToDate)
            #expect(status.map(\.isKnown) == [true, true])
        }
    }

    @Test("the last steps are taken back, and can be applied again", arguments: SQLDialect.allCases)
    func revert(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            let migrator = Migrator(database: database, migrations: migrations(3))
            try await migrator.migrate()
            #expect(try await migrator.revert(steps: 2) == 2)
            #expect(try await appliedVersions(database) == [1])
            #expect(await databaseError { try await database.read { _ = try $0.query("SELECT a FROM t2") } } != nil)
            #expect(try await migrator.migrate() == 2)
            #expect(try await migrator.revert(steps: 99) == 3)
            #expect(try await migrator.revert(steps: 1) == 0)
        }
    }

    @Test("a database from a newer release is left untouched", arguments: SQLDialect.allCases)
    func newer(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            try await Migrator(database: database, migrations: migrations(3)).migrate()
            let older = Migrator(database: database, migrations: migrations(2))
            let expected = DatabaseError.newerSchema(found: 3, known: 2)
            #expect(await databaseError { try await older.migrate() } == expected)
            #expect(await databaseError { try await older.revert(steps: 1) } == expected)
            #expect(await databaseError { _ = try await older.isUpToDate() } == expected)
            #expect(try await appliedVersions(database) == [1, 2, 3])
            #expect(try await older.status().map(\.isKnown) == [true, true, false])
        }
    }

    @Test("a migration that fails leaves nothing of itself, and those before it stay", arguments: SQLDialect.allCases)
    func failure(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database async throws in
            let broken =
                migrations(2) + [migration(3, up: "CREATE TABLE t3 (a BIGINT); INSERT INTO nothing VALUES (1);")]
            let error = await databaseError { try await Migrator(database: database, migrations: broken).migrate() }
            guard case .failed = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
            #expect(try await appliedVersions(database) == [1, 2])
            #expect(try await Migrator(database: database, migrations: migrations(3)).migrate() == 1)
        }
    }

    @Test("ten services that start at once apply each migration once", arguments: SQLDialect.allCases)
    func together(_ dialect: SQLDialect) async throws {
        try await withDatabaseLocation(dialect) { location in
            let migrations = migrations(5)
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        let database = Database(location, logger: Logger(label: "tests"))
                        let count = try await Migrator(database: database, migrations: migrations).migrate()
                        await database.close()
                        return count
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(counts == 5)
        }
    }

    @Test("who does not get the lock waits for it, and says so")
    func waiting() async throws {
        try await withDatabaseLocation(.postgres) { location in
            let (first, second) = (
                Database(location, logger: Logger(label: "tests")), Database(location, logger: Logger(label: "tests"))
            )
            let slow = migration(1, up: "CREATE TABLE t1 (a BIGINT); SELECT pg_sleep(6);")
            async let applied = Migrator(database: first, migrations: [slow]).migrate()
            let messages = Messages()
            // Only once the first one holds the lock.
            let locks = """
                SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
                WHERE locktype = 'advisory' AND datname = current_database()
                """
            while try await second.read({ try $0.query(locks).isEmpty }) {}
            let none = try await Migrator(database: second, migrations: [slow], logger: messages.logger()).migrate()
            #expect(try await applied == 1)
            #expect(none == 0)
            #expect(messages.all.contains { $0.contains("another process is migrating it") })
            await first.close()
            await second.close()
        }
    }

    @Test("a migration that finds its table in use lets go, waits and tries again")
    func tableInUse() async throws {
        var options = DatabaseOptions()
        options.writerCount = 2
        try await withDatabase(.postgres, options: options) { database in
            try await Migrator(database: database, migrations: migrations(1)).migrate()
            let (begun, mayEnd) = (Signal(), Signal())
            let user = Task {
                defer { begun.send() }
                try await database.write { connection in
                    try connection.execute("INSERT INTO t1 VALUES (2)")
                    begun.send()
                    mayEnd.waitOnThread()
                }
            }
            await begun.wait()
            let messages = Messages()
            let impatient = "SET LOCAL lock_timeout = '50ms'; ALTER TABLE t1 ADD COLUMN b BIGINT;"
            let migrator = Migrator(
                database: database, migrations: [migration(1), migration(2, up: impatient)], logger: messages.logger())
            let migrating = Task { try await migrator.migrate() }
            while messages.all.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            mayEnd.send()
            try await user.value
            let count = try await migrating.value
            #expect(count == 1)
        }
    }

    @Test("the chosen Postgres schema is made, whatever its name, and holds the tables")
    func schema() async throws {
        let server = try await TemporaryPostgres.shared()
        let name = try await server.makeDatabase()
        let schema = "Weird \"schema\"; --"
        let database = Database(
            server.location(database: name, schema: schema), logger: Logger(label: "tests"))
        try await Migrator(database: database, migrations: migrations(1)).migrate()
        let schemas = try await database.read { connection in
            try connection.query("SELECT schemaname FROM pg_tables WHERE tablename IN ('t1', 'schema_migrations')")
                .map { try $0.text(0) }
        }
        #expect(schemas == [schema, schema])
        await database.close()
        try await server.dropDatabase(name)
    }
}
