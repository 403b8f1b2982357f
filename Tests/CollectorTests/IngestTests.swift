import Database
import ServiceLifecycle
import Spool
import Storage
import TestSupport
import Testing

@testable import ServiceRuntime
@testable import bennu_collector

@Suite("Ingest", .serialized)
struct IngestTests {
    private func store(_ name: String, _ collector: CollectorFixture, project: String? = nil) async throws {
        let request = DecodedRequest(OTLPRequest.json(name: name), encoding: .json)
        _ = try await collector.ingest.store(request, project: project, from: .test, through: .http)
    }

    @Test("while the gate is shut, a request without a spool is refused as one to send again")
    func shutWithoutSpool() async throws {
        try await withDatabases { database in
            let collector = CollectorFixture(database)
            await #expect(throws: IngestRefusal.databaseUnavailable) { try await store("early", collector) }
        }
    }

    @Test("while the gate is shut, spans wait in the spool, and the drain brings them to the database once it opens")
    func shutGate() async throws {
        try await withDatabases { database in
            try await withSpool { spool in
                let collector = CollectorFixture(database, spool: spool)
                try await store("early", collector, project: " shop ")
                #expect(!spool.isEmpty)
                try await Migrator(database: database, migrations: allMigrations).migrate()
                #expect(try await collector.spanNames() == [])
                try await drain(spool, collector) { collector.gate.open() }
                #expect(try await collector.spanNames() == ["early"])
                #expect(try await collector.projectNames().contains("shop"))
            }
        }
    }

    @Test("what a database that was closed did not take is brought to it when it is there again")
    func closedDatabase() async throws {
        for dialect in SQLDialect.allCases {
            try await withDatabaseLocation(dialect) { location in
                try await withSpool { spool in
                    let away = Database(location, options: DatabaseOptions(), logger: .init(label: "tests"))
                    try await Migrator(database: away, migrations: allMigrations).migrate()
                    let collector = CollectorFixture(away, spool: spool)
                    collector.gate.open()
                    await away.close()
                    try await store("waiting", collector)
                    #expect(!spool.isEmpty)

                    let back = Database(location, options: DatabaseOptions(), logger: .init(label: "tests"))
                    let next = CollectorFixture(back, spool: spool)
                    try await drain(spool, next) { next.gate.open() }
                    #expect(try await next.spanNames() == ["waiting"])
                    await back.close()
                }
            }
        }
    }

    @Test("a spooled request that is none is set aside and does not hold up what came after it")
    func setAside() async throws {
        try await withDatabases { database in
            try await withSpool { spool in
                try await Migrator(database: database, migrations: allMigrations).migrate()
                let collector = CollectorFixture(database, spool: spool)
                try await spool.append(SpoolRecord(encoding: .json, project: nil, body: Array("no".utf8)))
                try await store("after", collector)
                try await drain(spool, collector) { collector.gate.open() }
                #expect(try await collector.spanNames() == ["after"])
            }
        }
    }

    @Test("what is spooled is stored by a writer that has room for one request at a time")
    func narrowQueue() async throws {
        try await withDatabases { database in
            try await withSpool { spool in
                try await Migrator(database: database, migrations: allMigrations).migrate()
                var options = SpanWriter.Options()
                options.queueBytesMax = 1
                let collector = CollectorFixture(database, spool: spool, options: options)
                let names = (1...9).map { "span \($0)" }
                for (number, name) in names.enumerated() {
                    let body = OTLPRequest.json(name: name, spanID: "000000000000000\(number + 1)")
                    try await spool.append(SpoolRecord(encoding: .json, project: nil, body: body))
                }
                try await drain(spool, collector) { collector.gate.open() }
                #expect(try await collector.spanNames().sorted() == names)
            }
        }
    }

    @Test("a full spool refuses as the database would")
    func fullSpool() async throws {
        try await withDatabases { database in
            try await withSpool { spool in
                let collector = CollectorFixture(database, spool: spool)
                let body = [UInt8](repeating: 0x20, count: (1 << 20) - 200)
                try await spool.append(SpoolRecord(encoding: .json, project: nil, body: body))
                await #expect(throws: IngestRefusal.databaseUnavailable) { try await store("late", collector) }
            }
        }
    }

    @Test("a full queue of a database that works refuses instead of spooling, and what was admitted is stored")
    func fullQueue() async throws {
        try await withDatabases { database in
            try await withSpool { spool in
                try await Migrator(database: database, migrations: allMigrations).migrate()
                var options = SpanWriter.Options()
                options.queueBytesMax = 1
                options.answerWithin = .seconds(60)
                let collector = CollectorFixture(database, spool: spool, options: options)
                collector.gate.open()
                // Nothing is written yet, so the first request stays in the queue.
                async let first: Void = store("first", collector)
                while collector.writer.bytesHeld == 0 { try await Task.sleep(for: .milliseconds(1)) }
                let second = DecodedRequest(
                    OTLPRequest.json(name: "second", spanID: "0000000000000002"), encoding: .json)
                await #expect(throws: IngestRefusal.overloaded) {
                    try await collector.ingest.store(second, project: nil, from: .other, through: .grpc)
                }
                #expect(spool.isEmpty)
                try await collector.whileWriting { while collector.writer.bytesHeld > 0 { await Task.yield() } }
                try await first
                #expect(try await collector.spanNames() == ["first"])
            }
        }
    }

    @Test("a writer that stops refuses as one that another collector can help, without spooling")
    func stopping() async throws {
        try await withDatabases { database in
            try await withSpool { spool in
                try await Migrator(database: database, migrations: allMigrations).migrate()
                let collector = CollectorFixture(database, spool: spool)
                collector.gate.open()
                collector.writer.stop()
                await #expect(throws: IngestRefusal.stopping) { try await store("late", collector) }
                #expect(spool.isEmpty)
            }
        }
    }

    /// Runs the drain as the service group does until the spool is empty, then stops it as the group does.
    private func drain(_ spool: Spool, _ collector: CollectorFixture, then open: @Sendable () -> Void) async throws {
        let drain = SpoolDrain(
            spool: spool, writer: collector.writer, gate: collector.gate, logger: collector.logger)
        let group = ServiceGroup(services: [drain], logger: collector.logger)
        try await collector.whileWriting {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                open()
                while !spool.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        }
    }
}
