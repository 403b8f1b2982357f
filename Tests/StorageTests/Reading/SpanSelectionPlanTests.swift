import Database
import FilterLanguage
import TestSupport
import Testing

@testable import Storage

@Suite("How spans are found")
struct SpanSelectionPlanTests {
    private func plan(_ filter: String, _ database: Database) async throws -> String {
        var selection = SpanSelection(projectID: 1, limit: 50)
        selection.filter = try SpanFilter(filter)
        let (sql, values) = selection.statement(.sqlite, columns: "s.id", from: "spans s")
        return try await database.read { connection in
            try connection.query("EXPLAIN QUERY PLAN \(sql)", values).map { try $0.text(3) }.joined(separator: "\n")
        }
    }

    @Test("spans whose ids a filter names are looked up, and their project is not walked")
    func ids() async throws {
        let ids = "['00f067aa0ba902b7', '00f067aa0ba902b8']"
        try await withDatabase(.sqlite) { database in
            try await Migrator(database: database, migrations: allMigrations).migrate()
            for filter in [
                "span_id in \(ids)", "span_id == '00f067aa0ba902b7' and latency_ms > 3",
                "trace_id in ['4bf92f3577b34da6a3ce929d0e0e4736', '4bf92f3577b34da6a3ce929d0e0e4737']",
            ] {
                let plan = try await plan(filter, database)
                #expect(!plan.contains("spans_by_project"), "\(filter): \(plan)")
                #expect(!plan.contains("SCAN s"), "\(filter): \(plan)")
            }
            #expect(try await plan("latency_ms > 3", database).contains("spans_by_project"))
        }
    }
}
