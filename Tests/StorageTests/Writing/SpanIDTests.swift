import Domain
import Logging
import TestSupport
import Testing

@testable import Database
@testable import Storage

@Suite("Ids of spans on SQLite")
struct SpanIDTests {
    /// Runs `body` with a writer that has few ids stay new.
    private func withWriter(_ body: @Sendable (SpanWriter, Database) async throws -> Void) async throws {
        try await withDatabase(.sqlite) { database in
            try await Migrator(database: database, migrations: allMigrations).migrate()
            let writer = SpanWriter(
                database: database, options: .patient, logger: Logger(label: "tests"), costing: { _, _ in nil },
                moves: SpanIDMoves(stretch: 8, keptMin: 16), onCommit: { _ in })
            try await writer.whileRunning { try await body(writer, database) }
        }
    }

    private func span(_ id: UInt64, trace: UInt64) -> TestSpan {
        TestSpan(trace: trace, id: id, start: 1_000_000_000, end: 2_000_000_000)
    }

    private func counts(_ database: Database) async throws -> (new: Int64, old: Int64) {
        try await database.read { connection in
            let counts = try ["new_span_ids", "span_ids"].map { table in
                try connection.query("SELECT COUNT(*) FROM \(table)").first?.integer(0) ?? 0
            }
            return (new: counts[0], old: counts[1])
        }
    }

    @Test("an id is a span's for good, wherever it has got to: the same in another trace is ignored")
    func unique() async throws {
        try await withWriter { writer, database in
            var generator = SeededGenerator(seed: TestSeed.value)
            let ids = (0..<400).map { _ in generator.next() }
            for part in ids.chunks(of: 10) {
                try await writer.write(TestSpan.batch(part.map { span($0, trace: 1) }))
            }
            let (new, old) = try await counts(database)
            #expect(new >= 16 && new < 120 && new + old == 400)
            for part in ids.chunks(of: 7) {
                try await writer.write(
                    TestSpan.batch(part.map { span($0, trace: 2) } + [span(generator.next(), trace: 3)]))
            }
            let traces = try await database.read { try $0.query("SELECT span_count FROM traces ORDER BY trace_id") }
            #expect(try traces.map { try $0.integer(0) } == [400, 58])
            #expect(try await RollupAudit.differences(in: database) == [])
        }
    }

    @Test("whatever is written, sent again and removed, each id leads to its span and to no other")
    func agreement() async throws {
        try await withWriter { writer, database in
            var generator = SeededGenerator(seed: TestSeed.value)
            let repository = SpanRepository(database: database)
            var there: Set<UInt64> = []
            for _ in 0..<150 {
                let ids = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                    // Few enough for some to come again, before and after they were removed.
                    UInt64.random(in: 1...600, using: &generator) &* 0x9E37_79B9_7F4A_7C15
                }
                try await writer.write(TestSpan.batch(ids.map { span($0, trace: $0 % 40 + 1) }))
                there.formUnion(ids)
                for id in there.sorted().shuffled(using: &generator).prefix(2) {
                    #expect(try await repository.remove(SpanID(id)))
                    there.remove(id)
                }
            }
            #expect(try await counts(database).old > 0)
            #expect(try await RollupAudit.differences(in: database) == [])
            for id in there { #expect(try await repository.summary(SpanID(id))?.skeleton.spanID == SpanID(id)) }
            #expect(
                try await repository.stored(among: (1...600).map { SpanID($0 &* 0x9E37_79B9_7F4A_7C15) }).count
                    == there.count)
        }
    }

    @Test("a span that is not found by its id is told")
    func audit() async throws {
        try await withWriter { writer, database in
            try await writer.write(TestSpan.batch([span(1, trace: 1), span(2, trace: 1)]))
            _ = try await database.write {
                try $0.execute("UPDATE new_span_ids SET span_rowid = 7 WHERE span_id = $1", [.bytes(SpanID(2).bytes)])
            }
            #expect(try await RollupAudit.differences(in: database) == ["span 0000000000000002 is not found by its id"])
            _ = try await database.write { try $0.execute("DELETE FROM new_span_ids") }
            #expect(try await RollupAudit.differences(in: database).last == "0 ids are kept of 2 spans")
        }
    }

    @Test("a database that was there before has its ids moved, and back, and is whole")
    func migration() async throws {
        try await withDatabase(.sqlite) { database in
            let migrator = Migrator(database: database, migrations: allMigrations)
            try await migrator.migrate()
            try await store(
                (1...300).map { span(UInt64($0) &* 0x9E37_79B9_7F4A_7C15, trace: UInt64($0 % 20)) }, in: database)
            let steps = allMigrations.count - (allMigrations.firstIndex { $0.name == "span ids" } ?? 0)
            for _ in 0..<2 {
                _ = try await migrator.revert(steps: steps)
                #expect(try await integrity(of: database) == ["ok"])
                await #expect(throws: DatabaseError.uniqueViolation(constraint: "spans.span_id")) {
                    try await database.write { _ = try $0.execute(Self.insertTwin) }
                }
                try await migrator.migrate()
                #expect(try await integrity(of: database) == ["ok"])
                #expect(try await RollupAudit.differences(in: database) == [])
            }
        }
    }

    private static let insertTwin = """
        INSERT INTO spans (trace_rowid, project_id, span_id, name, span_kind, start_time, end_time, status_code,
            status_message, attributes)
        SELECT trace_rowid, project_id, span_id, name, span_kind, start_time, end_time, status_code, status_message,
            attributes FROM spans LIMIT 1
        """

    private func integrity(of database: Database) async throws -> [String] {
        try await database.read { try $0.query("PRAGMA integrity_check").map { try $0.text(0) } }
    }

    @Test("spans are found by their ids without reading others")
    func plans() async throws {
        try await withDatabase(.sqlite) { database in
            try await Migrator(database: database, migrations: allMigrations).migrate()
            let dialect = SQLDialect.sqlite
            for sql in [
                "SELECT s.name FROM spans s WHERE \(dialect.span("s", hasID: "x'01'"))",
                "SELECT s.name FROM spans s WHERE \(dialect.span("s", hasIDAmong: "x'01', x'02'"))",
                "SELECT s.name FROM traces t JOIN spans s ON \(dialect.span("s", hasID: "t.root_span_id")) WHERE t.id = 1",
                "SELECT t.id FROM traces t WHERE t.id = 1 AND \(dialect.spanExists(withID: "t.root_span_id", as: "p"))",
            ] {
                let plan = try await database.read { connection in
                    try connection.query("EXPLAIN QUERY PLAN \(sql)").map { try $0.text(3) }.joined(separator: "\n")
                }
                #expect(!plan.contains("SCAN"), "\(sql): \(plan)")
                #expect(!plan.contains("spans_by"), "\(sql): \(plan)")
            }
        }
    }
}
