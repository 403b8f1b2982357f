import Database
import Logging
import Synchronization
import TestSupport
import Testing

/// Each test has the server to itself: it is stopped, frozen and started again.
@Suite("When Postgres goes away", .serialized)
struct PostgresFailureTests {
    private static let server = Task { try await TemporaryPostgres.start(settings: ["fsync=off", "autovacuum=off"]) }

    private func withServer(
        _ options: DatabaseOptions = .oneReader, _ body: (Database, TemporaryPostgres) async throws -> Void
    ) async throws {
        let server = try await Self.server.value
        let name = try await server.makeDatabase()
        let database = Database(server.location(database: name), options: options, logger: Logger(label: "tests"))
        try await database.write { try $0.createThings() }
        try await body(database, server)
        await database.close()
    }

    /// Ends all connections but the one that asks.
    private func dropConnections(_ server: TemporaryPostgres) async throws {
        let other = Database(server.location(database: "postgres"), logger: Logger(label: "tests"))
        try await other.read { connection in
            _ = try connection.query(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL"
            )
        }
        await other.close()
    }

    @Test("idle connections that were dropped are replaced without anyone noticing")
    func droppedWhileIdle() async throws {
        try await withServer { database, server in
            for id: Int64 in 1...3 {
                try await database.write { try $0.insertThing(id) }
                let count = try await database.read { try $0.count() }
                #expect(count == id)
                try await dropConnections(server)
            }
        }
    }

    @Test("a connection that breaks within a transaction is an error, and the transaction is not run again")
    func droppedWithin() async throws {
        try await withServer { database, server in
            let (begun, mayGoOn) = (Signal(), Signal())
            let runs = Mutex(0)
            let writing = Task {
                try await database.write { connection in
                    runs.withLock { $0 += 1 }
                    try connection.insertThing(1)
                    begun.send()
                    mayGoOn.waitOnThread()
                    try connection.insertThing(2)
                }
            }
            await begun.wait()
            try await dropConnections(server)
            mayGoOn.send()
            let error = await databaseError { try await writing.value }
            guard case .unavailable = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
            #expect(runs.withLock { $0 } == 1)
            let count = try await database.read { try $0.count() }
            #expect(count == 0)
        }
    }

    @Test("while the server is away calls are refused, and when it is back they go through")
    func outage() async throws {
        try await withServer { database, server in
            try await server.stop()
            for _ in 0..<5 {
                let read = await databaseError { try await database.expectAnswer() }
                let write = await databaseError { try await database.write { try $0.insertThing(1) } }
                for error in [read, write] {
                    guard case .unavailable = error else {
                        Issue.record("got \(String(describing: error))")
                        continue
                    }
                }
            }
            try await server.startAgain()
            try await database.waitUntilReachable(logging: Logger(label: "tests"))
            let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
            while await databaseError({ try await database.write { try $0.insertThing(1) } })?.isRetryable == true {
                quiet.debug("not yet")
            }
            let count = try await database.read { try $0.count() }
            #expect(count == 1)
        }
    }

    @Test("a commit whose answer is missing is not acknowledged")
    func lostCommit() async throws {
        try await withServer { database, server in
            try await database.write { connection in
                try connection.executeScript(
                    """
                    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
                        $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$;
                    CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON things DEFERRABLE INITIALLY DEFERRED
                        FOR EACH ROW EXECUTE FUNCTION slow();
                    """)
            }
            let writing = Task { try await database.write { try $0.insertThing(1) } }
            while try await database.read({ connection in
                try connection.query("SELECT 1 FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active'")
                    .isEmpty
            }) {}
            try await server.stop()
            let error = await databaseError { try await writing.value }
            guard case .unavailable(let reason) = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
            #expect(reason.contains("outcome unknown"))
            try await server.startAgain()
        }
    }

    @Test("a server that is frozen costs a call its time limit, and afterwards all goes on")
    func frozen() async throws {
        try await withServer { database, server in
            try await database.expectAnswer()
            try await server.pause()
            let error = await databaseError {
                try await database.read(timeout: .milliseconds(200)) { _ = try $0.count() }
            }
            try await server.resume()
            #expect(error == .timedOut)
            try await database.waitUntilReachable(logging: Logger(label: "tests"))
            let count = try await database.read { try $0.count() }
            #expect(count == 0)
        }
    }

    @Test("a server that comes up late is waited for, with a message for each attempt")
    func boot() async throws {
        let server = try await Self.server.value
        try await server.stop()
        let database = Database(server.location(database: "postgres"), logger: Logger(label: "tests"))
        let messages = Messages()
        let waiting = Task { try await database.waitUntilReachable(logging: messages.logger()) }
        while messages.all.count < 2 { await Task.yield() }
        try await server.startAgain()
        try await waiting.value
        #expect(messages.all[0].contains("attempt=1") && messages.all[1].contains("attempt=2"))
        try await database.expectAnswer()
        await database.close()
    }

    @Test("patience has an end")
    func patience() async throws {
        let nobody = try FreePort.find()
        let database = Database(
            try DatabaseLocation(url: "postgresql://u:p@127.0.0.1:\(nobody)/d"), logger: Logger(label: "tests"))
        let error = await databaseError {
            try await database.waitUntilReachable(
                logging: Messages().logger(), patience: .milliseconds(300))
        }
        guard case .unavailable(let reason) = error else {
            Issue.record("got \(String(describing: error))")
            return
        }
        #expect(reason.contains("refused"))
        await database.close()
    }
}
