import Access
import Database
import Foundation
import HTTP
import Hummingbird
import HummingbirdTesting
import Logging
import OTLP
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
    let capacity: DatabaseCapacity
    let access: SenderAccess
    let metrics = MetricsRegistry()
    let logger = Logger(label: "tests")

    init(
        _ database: Database, spool: Spool? = nil, options: SpanWriter.Options = SpanWriter.Options(),
        budget: ByteBudget = ByteBudget(bytesMax: 4 << 20),
        quotas: ProjectQuotas = ProjectQuotas(bytesPerSecond: nil, overrides: [:]), databaseBytesMax: Int64? = nil,
        authenticator: any Authenticating = NoAuthentication()
    ) {
        self.database = database
        writer = SpanWriter(database: database, options: options, logger: logger, costing: { _, _ in nil })
        gate = DatabaseGate()
        capacity = DatabaseCapacity(
            database: database, gate: gate, bytesMax: databaseBytesMax, metrics: metrics, logger: logger,
            interval: .milliseconds(5))
        access = SenderAccess(authenticator: authenticator)
        ingest = SpanIngest(
            writer: writer, gate: gate, spool: spool, budget: budget, quotas: quotas, capacity: capacity,
            contact: "ops@example.com", metrics: CollectorMetrics(registry: metrics), logger: logger)
    }

    /// The route as clients reach it.
    func app(bodyBytesMax: Int = 1 << 20) -> some ApplicationProtocol {
        let router = Router(context: ServiceRequestContext.self)
        TracesRoute(ingest: ingest, bodyBytesMax: bodyBytesMax, access: access).add(to: router)
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

    /// A counter's values over all labels that have `label`.
    func count(_ counter: String, _ label: String = "") -> Int {
        PrometheusText.exposition(of: metrics).split(separator: "\n")
            .filter { $0.hasPrefix(counter) && $0.contains(label) }
            .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.reduce(0, +)
    }

    func spanNames() async throws -> [String] {
        try await database.read { try $0.query("SELECT name FROM spans ORDER BY name").map { try $0.text(0) } }
    }

    func projectNames() async throws -> [String] {
        try await database.read { try $0.query("SELECT name FROM projects ORDER BY name").map { try $0.text(0) } }
    }
}

/// Runs a test on both engines, with an open gate and a running writer.
func withCollector(
    budget: @escaping @Sendable () -> ByteBudget = { ByteBudget(bytesMax: 4 << 20) },
    quotas: @escaping @Sendable () -> ProjectQuotas = { ProjectQuotas(bytesPerSecond: nil, overrides: [:]) },
    databaseBytesMax: Int64? = nil, authenticator: any Authenticating = NoAuthentication(),
    _ body: (CollectorFixture) async throws -> Void
) async throws {
    try await withDatabases { database in
        try await Migrator(database: database, migrations: allMigrations).migrate()
        let fixture = CollectorFixture(
            database, budget: budget(), quotas: quotas(), databaseBytesMax: databaseBytesMax,
            authenticator: authenticator)
        fixture.gate.open()
        try await fixture.whileWriting { try await body(fixture) }
    }
}

/// Runs a test with a collector whose queue is full: of one request, which nobody writes until the test is over.
func withFullQueue(_ body: (CollectorFixture) async throws -> Void) async throws {
    try await withDatabases { database in
        var options = SpanWriter.Options()
        options.queueBytesMax = 1
        let collector = CollectorFixture(database, options: options)
        collector.gate.open()
        try await Migrator(database: database, migrations: allMigrations).migrate()
        let batch = try ExportTraceRequest.decode(protobuf: OTLPRequest.protobuf(name: "first", spanID: 9))
        let waiting = Task { try await collector.writer.write(batch, sender: "another") }
        while collector.writer.bytesHeld == 0 { try await Task.sleep(for: .milliseconds(1)) }
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(collector)) } catch { outcome = .failure(error) }
        try await collector.whileWriting { try await waiting.value }
        try outcome.get()
    }
}

/// A spool in a folder that is removed afterwards.
func withSpool(_ body: (Spool) async throws -> Void) async throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("bennu-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    try await body(try Spool(root: root.path, bytesMax: 1 << 20))
}

extension Sender {
    static let test = Sender(.anyone, address: SenderAddress(ipAddress: "192.0.2.7", forwardedFor: nil))
    static let other = Sender(.anyone, address: SenderAddress(ipAddress: "192.0.2.8", forwardedFor: nil))
}
