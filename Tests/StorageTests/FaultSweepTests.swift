import Database
import Domain
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Storage

/// Lets one step of a database's work fail: the n-th of those it is asked about since it was set.
private final class OneFault: Sendable {
    private struct State {
        var stepsLeft = 0
        var error: DatabaseError?
    }

    private let state = Mutex(State())

    func set(step: Int, _ error: DatabaseError) {
        state.withLock { $0 = State(stepsLeft: step, error: error) }
    }

    /// Whether it has happened; no more faults from here on.
    func clear() -> Bool {
        state.withLock { state in
            defer { state.error = nil }
            return state.error == nil
        }
    }

    func next(_ point: FaultPoint) -> DatabaseError? {
        state.withLock { state in
            guard let error = state.error else { return nil }
            state.stepsLeft -= 1
            guard state.stepsLeft <= 0 else { return nil }
            // What was committed is so whatever is heard of it: only the connection can break then.
            state.error = nil
            return point == .committed ? .unavailable("the connection broke after the commit") : error
        }
    }
}

/// Fails each step of a piece of work in turn, with each kind of error, and looks at what is left.
@Suite("Fault sweep", .serialized)
struct FaultSweepTests {
    private static let stepsMax = 200
    private static let errors: [DatabaseError] = [
        .unavailable("the connection broke"), .serialization, .diskFull, .timedOut,
        .failed(sqlState: "58030", message: "the disk does not answer"),
    ]
    private static let spansOfRequest = 4

    private typealias Check = () async throws -> Void

    /// Runs `work` on each engine with the n-th step failing, for every n until none is left to fail. What `work` returns
    /// is run after it, without faults.
    private func sweep(_ work: (Database, _ round: UInt64, _ arm: () -> Void) async throws -> Check) async throws {
        for dialect in SQLDialect.allCases {
            let fault = OneFault()
            var options = DatabaseOptions()
            options.fault = fault.next
            try await withDatabase(dialect, options: options) { database in
                try await Migrator(database: database, migrations: allMigrations).migrate()
                var round: UInt64 = 0
                for error in Self.errors {
                    var failed = 0
                    for step in 1...Self.stepsMax {
                        round += 1
                        let check = try await work(database, round) { fault.set(step: step, error) }
                        let hasHappened = fault.clear()
                        try await check()
                        guard hasHappened else { break }
                        failed = step
                    }
                    // What is wrong once stays wrong.
                    let differences = try await RollupAudit.differences(in: database)
                    #expect(differences == [])
                    #expect(failed > 5 && failed < Self.stepsMax, "\(dialect): \(failed) steps failed")
                }
            }
        }
    }

    /// Three requests of a round, with a trace that they share and one each; the later two repeat a span of the first.
    private func requests(_ round: UInt64) -> [SpanBatch] {
        let base = round * 100
        return (0..<3).map { (request: UInt64) in
            var spans = (0..<UInt64(Self.spansOfRequest)).map { index in
                var span = TestSpan(
                    trace: base + (index < 2 ? 0 : request + 1), id: base + request * 4 + index + 1,
                    start: Int64(round) * 1_000_000_000, end: Int64(round + index) * 1_000_000_000)
                (span.session, span.project) = ("session \(round)", "project \(round)")
                (span.kind, span.status, span.promptTokens) = (.llm, index == 0 ? .error : .ok, Int64(index))
                return span
            }
            if request > 0 { spans.append(TestSpan(trace: base, id: base + 1, start: 0, end: 0)) }
            return TestSpan.batch(spans)
        }
    }

    /// Writes requests one after the other, and tells which were answered as stored.
    private func write(_ requests: [SpanBatch], to database: Database) async throws -> [Bool] {
        let writer = SpanWriter(
            database: database, options: .patient, logger: Logger(label: "test"), costing: testCosting)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await writer.run() }
            var answers: [Bool] = []
            for request in requests {
                do {
                    try await writer.write(request)
                    answers.append(true)
                } catch is DatabaseError {
                    answers.append(false)
                }
            }
            writer.stop()
            try await group.waitForAll()
            return answers
        }
    }

    private func storedCount(_ request: SpanBatch, _ database: Database) async throws -> Int {
        // Without those that may be there from another request.
        let ids = request.spans.prefix(Self.spansOfRequest).dropFirst().map(\.spanID)
        return try await database.read { try GroupWrite.stored(among: ids, on: $0).count }
    }

    @Test("whatever step of a write fails: what was answered is stored, the rest wholly or not at all, all of it once")
    func writing() async throws {
        try await sweep { database, round, arm in
            let requests = requests(round)
            arm()
            let answers = try await write(requests, to: database)
            return {
                for (request, isAnswered) in zip(requests, answers) {
                    let count = try await storedCount(request, database)
                    #expect(count == Self.spansOfRequest - 1 || (count == 0 && !isAnswered), "round \(round)")
                }
                // As exporters do.
                let again = try await write(requests, to: database)
                #expect(again == [true, true, true])
                for request in requests {
                    let count = try await storedCount(request, database)
                    #expect(count == Self.spansOfRequest - 1)
                }
            }
        }
    }

    @Test("whatever step of a trace's removal fails, the trace is there with all its spans or gone with all of them")
    func removal() async throws {
        try await sweep { database, round, arm in
            let requests = requests(round)
            let answers = try await write(requests, to: database)
            #expect(answers == [true, true, true])
            let trace = TraceID(high: 0, low: round * 100)
            arm()
            _ = try? await database.write { try TraceRemoval.removeTraces([trace], on: $0) }
            return {
                let count = try await database.read { connection in
                    try connection.query(
                        """
                        SELECT COUNT(*) FROM spans JOIN traces ON traces.id = spans.trace_rowid
                        WHERE traces.trace_id = $1
                        """, [.bytes(trace.bytes)])[0].integer(0)
                }
                #expect(count == 0 || count == 6, "round \(round)")
            }
        }
    }

    @Test("whatever step of a migration fails, the next attempt completes it, to the same schema")
    func migration() async throws {
        for dialect in SQLDialect.allCases {
            let whole = try await schema(dialect, failing: nil)
            #expect(whole.tables.count > 5)
            var step = 1
            while true {
                let found = try await schema(dialect, failing: step)
                #expect(found.tables == whole.tables, "\(dialect), step \(step)")
                guard found.hasFailed else { break }
                step += 1
            }
            #expect(step > 3)
        }
    }

    /// The columns of all tables after a migration whose `step` failed was tried again.
    private func schema(_ dialect: SQLDialect, failing step: Int?) async throws -> (tables: [String], hasFailed: Bool) {
        let fault = OneFault()
        var options = DatabaseOptions()
        options.fault = fault.next
        return try await withDatabase(dialect, options: options) { database in
            let migrator = Migrator(database: database, migrations: allMigrations)
            if let step {
                fault.set(step: step, .failed(sqlState: "58030", message: "the disk does not answer"))
                _ = try? await migrator.migrate()
            }
            let hasFailed = step != nil && fault.clear()
            try await migrator.migrate()
            let sql =
                dialect == .sqlite
                ? "SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master ORDER BY 1"
                : """
                SELECT table_name || ' ' || column_name || ' ' || data_type FROM information_schema.columns
                WHERE table_schema = 'public' ORDER BY 1
                """
            let tables = try await database.read { try $0.query(sql).map { try $0.text(0) } }
            return (tables, hasFailed)
        }
    }
}
