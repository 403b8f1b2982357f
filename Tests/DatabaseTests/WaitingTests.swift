import Database
import Logging
import TestSupport
import Testing

@Suite("Waiting for a connection, on each engine")
struct WaitingTests {
    /// Runs `body` while the only writer is busy. It is free again once `body` has returned.
    private func whileWriterIsBusy(
        _ dialect: SQLDialect, _ options: DatabaseOptions, _ body: (Database) async throws -> Void
    ) async throws {
        var options = options
        options.writerCount = 1
        try await withDatabase(dialect, options: options) { database in
            // Opens the connection, which may take longer than a test's limits.
            while await databaseError({ try await database.write { _ in } }) == .timedOut {}
            let (begun, mayEnd) = (Signal(), Signal())
            let busy = Task {
                defer { begun.send() }
                try await database.write { _ in
                    begun.send()
                    mayEnd.waitOnThread()
                }
            }
            await begun.wait()
            defer { mayEnd.send() }
            try await body(database)
            mayEnd.send()
            try await busy.value
        }
    }

    @Test("who has waited too long is told so, and nothing was run", arguments: SQLDialect.allCases)
    func deadline(_ dialect: SQLDialect) async throws {
        var options = DatabaseOptions()
        options.waitingTime = .seconds(1)
        try await whileWriterIsBusy(dialect, options) { database in
            let ran = Signal()
            #expect(await databaseError { try await database.write { _ in ran.send() } } == .timedOut)
            #expect(!ran.hasBeenSent)
        }
    }

    @Test("more than may wait is refused at once", arguments: SQLDialect.allCases)
    func overload(_ dialect: SQLDialect) async throws {
        var options = DatabaseOptions()
        options.waitingMax = 3
        try await whileWriterIsBusy(dialect, options) { database in
            let outcomes = await withTaskGroup(of: DatabaseError?.self) { group in
                for _ in 0..<20 {
                    group.addTask { await databaseError { try await database.write { _ in } } }
                }
                // The three that wait would wait for ever: the writer is busy until we return.
                var refused = 0
                while refused < 17, let outcome = await group.next() {
                    #expect(outcome == .overloaded)
                    refused += 1
                }
                group.cancelAll()
                return refused
            }
            #expect(outcomes == 17)
        }
    }

    @Test("connections are opened when they are needed, and what waits is counted", arguments: SQLDialect.allCases)
    func usage(_ dialect: SQLDialect) async throws {
        try await whileWriterIsBusy(dialect, DatabaseOptions()) { database in
            let usage = database.usage
            #expect([usage.readConnections, usage.writeConnections] == [0, 1])
            #expect([usage.readsWaiting, usage.writesWaiting] == [0, 0])
            let waiting = Task { try await database.write { _ in } }
            while database.usage.writesWaiting == 0 { await Task.yield() }
            waiting.cancel()
            _ = await waiting.result
            #expect(database.usage.writesWaiting == 0)
        }
    }

    @Test("a cancelled task leaves the queue", arguments: SQLDialect.allCases)
    func cancellation(_ dialect: SQLDialect) async throws {
        try await whileWriterIsBusy(dialect, DatabaseOptions()) { database in
            let ran = Signal()
            let waiting = Task { try await database.write { _ in ran.send() } }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            #expect(!ran.hasBeenSent)
        }
    }

    @Test("reads go on while a write runs", arguments: SQLDialect.allCases)
    func readsBesideWrites(_ dialect: SQLDialect) async throws {
        try await whileWriterIsBusy(dialect, DatabaseOptions()) { database in
            try await database.expectAnswer()
        }
    }

    @Test("a read that takes too long is stopped, and its connection goes on", arguments: SQLDialect.allCases)
    func readTime(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect, options: .oneReader) { database in
            let error = await databaseError {
                try await database.read(timeout: .milliseconds(100)) { _ = try $0.query(Self.endless) }
            }
            #expect(error == .timedOut)
            try await database.expectAnswer()
        }
    }

    @Test("a write that takes too long is stopped and undone", arguments: SQLDialect.allCases)
    func writeTime(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            try await database.write { try $0.createThings() }
            let error = await databaseError {
                try await database.write(timeout: .milliseconds(100)) { connection in
                    try connection.insertThing(1)
                    _ = try connection.query(Self.endless)
                }
            }
            #expect(error == .timedOut)
            #expect(try await database.read { try $0.count() } == 0)
            try await database.write { try $0.insertThing(1) }
        }
    }

    @Test("a read whose task is cancelled is stopped, and its connection goes on", arguments: SQLDialect.allCases)
    func cancelledRead(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect, options: .oneReader) { database in
            let begun = Signal()
            let read = Task {
                try await database.read { connection in
                    begun.send()
                    _ = try connection.query(Self.endless)
                }
            }
            await begun.wait()
            read.cancel()
            await #expect(throws: CancellationError.self) { try await read.value }
            try await database.expectAnswer()
        }
    }

    @Test("a closed database refuses work", arguments: SQLDialect.allCases)
    func closed(_ dialect: SQLDialect) async throws {
        try await withDatabase(dialect) { database in
            try await database.expectAnswer()
            await database.close()
            let error = await databaseError { try await database.read { _ = try $0.query("SELECT 1") } }
            guard case .unavailable = error else {
                Issue.record("got \(String(describing: error))")
                return
            }
        }
    }

    @Test("closing lets a transaction that runs come to its end", arguments: SQLDialect.allCases)
    func closingWaits(_ dialect: SQLDialect) async throws {
        try await withDatabaseLocation(dialect) { location in
            let database = Database(location, logger: Logger(label: "tests"))
            try await database.write { try $0.createThings() }
            let (begun, mayEnd) = (Signal(), Signal())
            async let writing: Void = database.write { connection in
                begun.send()
                mayEnd.waitOnThread()
                try connection.insertThing(1)
            }
            await begun.wait()
            async let closing: Void = database.close()
            mayEnd.send()
            try await writing
            await closing
            let again = Database(location, logger: Logger(label: "tests"))
            #expect(try await again.read { try $0.count() } == 1)
            await again.close()
        }
    }

    /// Years of counting, without a row to show for it.
    private static let endless = """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000000) SELECT max(i) FROM n
        """
}
