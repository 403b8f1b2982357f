import Database
import Domain
import TestSupport
import Testing

@testable import Storage

@Suite("Trace removal", .serialized)
struct TraceRemovalTests {
    /// Three traces of two sessions, written as requests are.
    private func withSpans(_ body: (Database) async throws -> Void) async throws {
        try await withDatabases { database in
            try await Migrator(database: database, migrations: allMigrations).migrate()
            try await database.write { connection in
                try ProjectRow.insertIfMissing(name: "p", on: connection)
                let batch = TestSpan.batch(
                    (0..<12).map { index in
                        var span = TestSpan(
                            trace: UInt64(index % 3 + 1), id: UInt64(index + 1),
                            parent: index < 3 ? nil : UInt64(index % 3 + 1), start: Int64(index) * 40_000_000_000,
                            end: Int64(index) * 50_000_000_000)
                        span.session = index % 3 == 0 ? "alone" : "shared"
                        span.status = index.isMultiple(of: 4) ? .error : .ok
                        (span.model, span.promptTokens, span.completionTokens) = ("m", Int64(index), 7)
                        return span
                    })
                let request = PreparedSpans(
                    batch: batch, spans: batch.spans.indices, costs: batch.spans.map { testCosting(batch, $0) },
                    projectIDs: [try connection.query("SELECT id FROM projects")[0].integer(0)], resourceIDs: [1],
                    projectNames: ["p"])
                _ = try GroupWrite.run(WritePlan(requests: [request]), on: connection, shard: 3)
            }
            try await body(database)
        }
    }

    private func count(_ table: String, _ database: Database) async throws -> Int64 {
        try await database.read { try $0.query("SELECT COUNT(*) FROM \(table)")[0].integer(0) }
    }

    @Test("a removed trace takes its spans and all that they added along")
    func trace() async throws {
        try await withSpans { database in
            let removed = try await database.write { connection in
                try TraceRemoval.removeTraces([TraceID(high: 0, low: 2), TraceID(high: 9, low: 9)], on: connection)
            }
            #expect(removed == 1)
            #expect(try await count("spans", database) == 8)
            #expect(try await count("traces", database) == 2)
            #expect(try await count("project_sessions", database) == 2)
            #expect(try await RollupAudit.differences(in: database) == [])
        }
    }

    @Test("a session goes with its last trace")
    func session() async throws {
        try await withSpans { database in
            try await database.write { try TraceRemoval.removeTraces([TraceID(high: 0, low: 1)], on: $0) }
            #expect(try await count("project_sessions", database) == 1)
            #expect(try await RollupAudit.differences(in: database) == [])
        }
    }

    @Test("a removed span leaves its trace's times, sums and root right, whichever it is", arguments: 1...12)
    func span(id: Int) async throws {
        try await withSpans { database in
            let removed = try await database.write { try TraceRemoval.removeSpan(SpanID(UInt64(id)), on: $0) }
            let again = try await database.write { try TraceRemoval.removeSpan(SpanID(UInt64(id)), on: $0) }
            #expect(removed && !again)
            #expect(try await count("spans", database) == 11)
            #expect(try await RollupAudit.differences(in: database) == [])
        }
    }

    @Test("a trace goes with its last span")
    func lastSpan() async throws {
        try await withSpans { database in
            for id in [1, 4, 7, 10] as [UInt64] {
                try await database.write { try TraceRemoval.removeSpan(SpanID(id), on: $0) }
            }
            #expect(try await count("traces", database) == 2)
            #expect(try await RollupAudit.differences(in: database) == [])
        }
    }
}
