import Database
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Observability
import Spool
import Storage
import TestSupport

@testable import ServiceRuntime
@testable import bennu_collector

/// A collector's parts over a fresh, migrated database.
struct CollectorFixture: Sendable {
    let database: Database
    let writer: SpanWriter
    let gate: DatabaseGate
    let ingest: SpanIngest
    let logger = Logger(label: "tests")

    init(_ database: Database, spool: Spool? = nil, options: SpanWriter.Options = SpanWriter.Options()) {
        self.database = database
        writer = SpanWriter(database: database, options: options, logger: logger, costing: { _, _ in nil })
        gate = DatabaseGate()
        ingest = SpanIngest(
            writer: writer, gate: gate, spool: spool, metrics: CollectorMetrics(registry: MetricsRegistry()),
            logger: logger)
    }

    /// The route as clients reach it.
    func app(bodyBytesMax: Int = 1 << 20, budget: ByteBudget = ByteBudget(bytesMax: 1 << 20))
        -> some ApplicationProtocol
    {
        let router = Router()
        TracesRoute(ingest: ingest, bodyBytesMax: bodyBytesMax, budget: budget).add(to: router)
        return Application(router: router)
    }

    /// Runs `body` while spans are written.
    func whileWriting(_ body: () async throws -> Void) async throws {
        let writer = writer
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await writer.run() }
            do {
                try await body()
            } catch {
                writer.stop()
                throw error
            }
            writer.stop()
            try await group.waitForAll()
        }
    }

    func spanNames() async throws -> [String] {
        try await database.read { try $0.query("SELECT name FROM spans ORDER BY name").map { try $0.text(0) } }
    }

    func projectNames() async throws -> [String] {
        try await database.read { try $0.query("SELECT name FROM projects ORDER BY name").map { try $0.text(0) } }
    }
}

/// Runs a test on both engines, with an open gate and a running writer.
func withCollector(_ body: (CollectorFixture) async throws -> Void) async throws {
    try await withDatabases { database in
        try await Migrator(database: database, migrations: allMigrations).migrate()
        let fixture = CollectorFixture(database)
        fixture.gate.open()
        try await fixture.whileWriting { try await body(fixture) }
    }
}

/// A spool in a folder that is removed afterwards.
func withSpool(_ body: (Spool) async throws -> Void) async throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("bennu-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    try await body(try Spool(root: root.path, bytesMax: 1 << 20))
}
