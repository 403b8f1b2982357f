import Database
import Domain
import Storage
import TestSupport
import Testing

/// Stores spans as a collector does.
///
/// - Parameter together: whether all are one request, or each is one.
func store(
    _ spans: [TestSpan], project: String = "p", together: Bool = true, in database: Database,
    costing: @escaping SpanWriter.Costing = { _, _ in nil }
) async throws {
    let writer = SpanWriter(
        database: database, options: .patient, logger: .init(label: "tests"), costing: costing)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await writer.run() }
        for batch in together ? [spans] : spans.map({ [$0] }) {
            try await writer.write(TestSpan.batch(batch), project: project)
        }
        writer.stop()
        try await group.waitForAll()
    }
}

/// Runs a test on both engines, with spans stored in a project whose id it gets.
func withStoredSpans(
    _ spans: [TestSpan], together: Bool = true, costing: @escaping SpanWriter.Costing = { _, _ in nil },
    _ body: (Database, Int64) async throws -> Void
) async throws {
    try await withDatabases { database in
        try await Migrator(database: database, migrations: allMigrations).migrate()
        try await store(spans, together: together, in: database, costing: costing)
        let project = try await ProjectRepository(database: database).project(name: "p")
        try await body(database, try #require(project).id)
    }
}
