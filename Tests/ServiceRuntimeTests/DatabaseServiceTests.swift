import Database
import Logging
import ServiceLifecycle
import Settings
import Storage
import TestSupport
import Testing

@testable import ServiceRuntime

@Suite struct DatabaseServiceTests {
    private static let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    private func settings(_ variables: [String: String] = [:]) throws -> DatabaseSettings {
        try Settings(Environment(variables.merging(["HOME": "/home/ada"]) { $1 })).database
    }

    private func service(_ database: Database, _ gate: DatabaseGate, _ settings: DatabaseSettings) -> DatabaseService {
        DatabaseService(database: database, gate: gate, settings: settings, logger: Self.quiet)
    }

    private func versions(_ database: Database) async throws -> [Int64] {
        try await database.read { connection in
            try connection.query("SELECT version FROM schema_migrations ORDER BY version").map { try $0.integer(0) }
        }
    }

    /// Runs the service until the gate opens, and then `body` beside it.
    private func whileRunning(
        _ service: DatabaseService, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup { tasks in
            let group = ServiceGroup(configuration: .init(services: [service], logger: Self.quiet))
            tasks.addTask { try await group.run() }
            tasks.addTask {
                try await body()
                await group.triggerGracefulShutdown()
            }
            try await tasks.waitForAll()
        }
    }

    @Test(arguments: SQLDialect.allCases) func anEmptyDatabaseIsMigratedAndTheGateOpens(dialect: SQLDialect)
        async throws
    {
        try await withDatabaseLocation(dialect) { location in
            let database = Database(location, logger: Self.quiet)
            let gate = DatabaseGate()
            #expect(!gate.isOpen)
            #expect(gate.reason != nil)
            try await whileRunning(service(database, gate, try settings())) {
                try await gate.wait()
                #expect(gate.reason == nil)
                #expect(try await versions(database) == allMigrations.map { Int64($0.version) })
            }
        }
    }

    @Test(arguments: SQLDialect.allCases) func aNewerDatabaseEndsTheServiceAndStaysAsItWas(dialect: SQLDialect)
        async throws
    {
        try await withDatabaseLocation(dialect) { location in
            let database = Database(location, logger: Self.quiet)
            try await Migrator(database: database, migrations: allMigrations, logger: Self.quiet).migrate()
            try await database.write { connection in
                try connection.execute("INSERT INTO schema_migrations (version, name, applied_at) VALUES (99, 'x', 1)")
            }
            let before = try await versions(database)
            let gate = DatabaseGate()
            let service = service(database, gate, try settings())
            let failure = await #expect(throws: StartFailure.self) { try await service.run() }
            #expect(failure?.code == .newerSchema)
            #expect(failure?.line.contains("99") == true)
            #expect(!gate.isOpen)
            #expect(try await versions(database) == before)
            await database.close()
        }
    }

    @Test func aServiceThatMayNotMigrateWaitsForWhoDoes() async throws {
        try await withDatabaseLocation(.sqlite) { location in
            let database = Database(location, logger: Self.quiet)
            let gate = DatabaseGate()
            let settings = try settings(["PHOENIX_DANGEROUSLY_DISABLE_MIGRATIONS": "true"])
            try await whileRunning(service(database, gate, settings)) {
                while gate.reason?.contains("pending") != true { await Task.yield() }
                let other = Database(location, logger: Self.quiet)
                try await Migrator(database: other, migrations: allMigrations, logger: Self.quiet).migrate()
                await other.close()
                try await gate.wait()
            }
        }
    }

    @Test func oneThatIsStoppedWhileItWaitsEndsAtOnce() async throws {
        let nowhere = try DatabaseLocation(url: "postgresql://u@127.0.0.1:1/d")
        let gate = DatabaseGate()
        let service = service(Database(nowhere, logger: Self.quiet), gate, try settings())
        try await whileRunning(service) {
            while gate.reason?.contains("unavailable") != true { await Task.yield() }
        }
        #expect(!gate.isOpen)
    }

    @Test("the project of spans that name none is there once the gate is open, however many services start at once")
    func defaultProject() async throws {
        try await withDatabases { database in
            let gates = [DatabaseGate(), DatabaseGate(), DatabaseGate()]
            try await withThrowingTaskGroup { tasks in
                for gate in gates {
                    var service = service(database, gate, try settings())
                    service.defaultProject = "default"
                    // Each would close the database at its end.
                    tasks.addTask { [service] in try await service.prepare() }
                }
                try await tasks.waitForAll()
            }
            for gate in gates { #expect(gate.isOpen) }
            let names = try await database.read { try $0.query("SELECT name FROM projects").map { try $0.text(0) } }
            #expect(names == ["default"])
        }
    }
}
