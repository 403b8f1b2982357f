import Database
import Domain
import Logging
import TestSupport
import Testing

@testable import Storage

@Suite("Search in traces", .serialized)
struct TraceSearchTests {
    private static let second: Int64 = 1_000_000_000

    /// As many traces as asked for, each of a root and a child that says what `text` makes of the trace's number, which come
    /// in the order of their numbers, or another.
    private func withTraces(
        _ count: Int, order: [Int]? = nil, _ body: (Database, Int64) async throws -> Void, text: (Int) -> String
    ) async throws {
        let spans = (order ?? Array(1...count)).flatMap { number in
            let start = Int64(number) * Self.second
            let root = TestSpan(trace: UInt64(number), id: UInt64(number), start: start, end: start + 1)
            var child = TestSpan(
                trace: UInt64(number), id: UInt64(number + count), parent: UInt64(number), start: start, end: start + 1)
            (child.name, child.input) = ("child", text(number))
            return [root, child]
        }
        try await withDatabases { database in
            try await Migrator(database: database, migrations: allMigrations).migrate()
            let writer = SpanWriter(
                database: database, options: .patient, logger: Logger(label: "tests"), costing: { _, _ in nil })
            async let running: Void = writer.run()
            for start in stride(from: 0, to: spans.count, by: 500) {
                let part = Array(spans[start..<min(start + 500, spans.count)])
                try await writer.write(TestSpan.batch(part), project: "p")
            }
            writer.stop()
            await running
            let project = try await ProjectRepository(database: database).project(name: "p")
            try await body(database, try #require(project).id)
        }
    }

    private func search(_ text: String, _ database: Database, _ project: Int64, limit: Int = 50) async throws
        -> [UInt64]
    {
        var query = TraceQuery(projectID: project, limit: limit)
        query.search = text
        return try await TraceRepository(database: database).page(query).map(\.traceID.low)
    }

    private func count(_ table: String, _ database: Database) async throws -> Int64 {
        try await database.read { try $0.query("SELECT COUNT(*) FROM \(table)")[0].integer(0) }
    }

    @Test("a rare text in an old trace is found through the index, on Postgres only through it")
    func rare() async throws {
        try await withTraces(1500) { database, project in
            // SQLite knows which rows wait for the index, and looks at them.
            #expect(try await search("NEEDLE", database, project) == (database.dialect == .sqlite ? [400, 7] : []))
            try await TextIndexer(database: database).catchUp()
            #expect(try await count("text_queue", database) == 0)
            #expect(try await count("span_texts", database) == 3000)
            #expect(try await search("NEEDLE", database, project) == [400, 7])
            #expect(try await search("Ünïcode needle", database, project) == [7])
            #expect(try await search("100%_[x]*?", database, project) == [400])
            #expect(try await search("00%_[x]*? and \\", database, project) == [400])
            #expect(try await search("100%%", database, project) == [])
            #expect(try await search("text 3", database, project, limit: 2) == [399, 398])
        } text: { number in
            switch number {
            case 7: "an ÜNÏCODE Needle"
            case 400: "needle 100%_[x]*? and \\"
            default: "some text \(number)"
            }
        }
    }

    @Test("what is found often enough is looked for further back, without the index")
    func often() async throws {
        try await withTraces(1500) { database, project in
            let found = try await search("needle", database, project, limit: 5)
            #expect(found == [1500, 1200, 900, 600, 300])
            let newest = try await search("needle", database, project, limit: 50)
            #expect(newest == [1500, 1200, 900, 600] + (database.dialect == .sqlite ? [300] : []))
        } text: {
            $0.isMultiple(of: 300) ? "needle" : "hay"
        }
    }

    @Test("pages of a search have neither gap nor repetition, from the newest on and within times")
    func pages() async throws {
        try await withTraces(1300) { database, project in
            try await TextIndexer(database: database).catchUp()
            var query = TraceQuery(projectID: project, limit: 3)
            query.search = "every 100th"
            var found: [UInt64] = []
            while case let page = try await TraceRepository(database: database).page(query), !page.isEmpty {
                found += page.map(\.traceID.low)
                query.after = page.last?.id
            }
            #expect(found == stride(from: 1300, to: 0, by: -100).map { UInt64($0) })
            query.after = nil
            query.limit = 50
            query.startTime = 150 * Self.second
            query.endTime = 400 * Self.second
            query.descending = false
            #expect(try await TraceRepository(database: database).page(query).map(\.traceID.low) == [200, 300])
        } text: {
            $0.isMultiple(of: 100) ? "one of every 100th" : "other"
        }
    }

    @Test("in whatever order spans came, pages have the newest traces first", arguments: [2, 7])
    func arrival(limit: Int) async throws {
        var chance = SeededGenerator(seed: 5)
        var order = Array(1...600)
        // Nearly in order, but for a few that come much too early or late.
        for index in order.indices.dropLast(4) { order.swapAt(index, index + Int.random(in: 0...4, using: &chance)) }
        for number in [600, 413, 2] { order.swapAt(Int.random(in: order.indices, using: &chance), number - 1) }
        try await withTraces(600, order: order) { database, project in
            try await TextIndexer(database: database).catchUp()
            var query = TraceQuery(projectID: project, limit: limit)
            query.search = "needle"
            var found: [UInt64] = []
            while case let page = try await TraceRepository(database: database).page(query), !page.isEmpty {
                found += page.map(\.traceID.low)
                query.after = page.last?.id
            }
            #expect(found == (1...600).reversed().filter { !$0.isMultiple(of: 3) }.map { UInt64($0) })
        } text: {
            $0.isMultiple(of: 3) ? "hay" : "a needle"
        }
    }

    @Test("a trace that began last is first although its spans came first")
    func early() async throws {
        try await withTraces(400, order: [400] + Array(1...399)) { database, project in
            try await TextIndexer(database: database).catchUp()
            #expect(try await search("needle", database, project, limit: 2) == [400, 399])
        } text: { _ in
            "needle"
        }
    }

    @Test("a text that is common, but not where it is asked for, is found there")
    func elsewhere() async throws {
        try await withTraces(1500) { database, project in
            try await TextIndexer(database: database).catchUp()
            var query = TraceQuery(projectID: project, limit: 2)
            query.search = "needle"
            query.startTime = 40 * Self.second
            query.endTime = 45 * Self.second
            #expect(try await TraceRepository(database: database).page(query).map(\.traceID.low) == [44, 42])
        } text: {
            $0.isMultiple(of: 2) ? "needle" : "hay"
        }
    }

    @Test("what is new is found before it is indexed, and what is too short for the index too")
    func new() async throws {
        try await withTraces(5) { database, project in
            for isIndexed in [false, true] {
                if isIndexed { try await TextIndexer(database: database).catchUp() }
                #expect(try await search("wörd 3", database, project) == [3])
                #expect(try await search("D", database, project) == [5, 4, 3, 2, 1])
                #expect(try await search("4", database, project) == [4])
                #expect(try await search("not there", database, project) == [])
            }
        } text: {
            "WÖRD \($0)"
        }
    }

    @Test("what is deleted is gone from the index, also where its row's number is given anew")
    func deletion() async throws {
        try await withTraces(1200) { database, project in
            try await TextIndexer(database: database).catchUp()
            let repository = TraceRepository(database: database)
            #expect(try await search("needle", database, project) == [2, 1])
            #expect(try await repository.remove([TraceID(high: 0, low: 1)]) == 1)
            #expect(try await search("needle", database, project) == [2])
            let all = (3...1200).map { TraceID(high: 0, low: $0) } + [TraceID(high: 0, low: 2)]
            #expect(try await repository.remove(all) == 1199)
            #expect(try await count("span_texts", database) == 0)
            let writer = SpanWriter(
                database: database, options: .patient, logger: Logger(label: "tests"), costing: { _, _ in nil })
            async let running: Void = writer.run()
            var span = TestSpan(trace: 9, id: 9, start: 0, end: 1)
            span.input = "no such thing"
            try await writer.write(TestSpan.batch([span]), project: "p")
            writer.stop()
            await running
            try await TextIndexer(database: database).catchUp()
            #expect(try await search("needle", database, project) == [])
            #expect(try await search("such thing", database, project) == [9])
            guard database.dialect == .sqlite else { return }
            #expect(try await count("text_removals", database) == 0)
            try await database.write { connection in
                try connection.execute("INSERT INTO span_text_index (span_text_index) VALUES ('integrity-check')")
            }
        } text: {
            $0 <= 2 ? "needle" : "hay"
        }
    }

    @Test("spans that were there before the index are indexed too")
    func before() async throws {
        try await withDatabases { database in
            try await Migrator(database: database, migrations: [.initialSchema]).migrate()
            try await database.write { connection in
                for id in 1...700 {
                    try connection.execute(
                        """
                        INSERT INTO spans (id, trace_rowid, project_id, span_id, name, span_kind, start_time, end_time,
                            status_code, status_message, attributes)
                        VALUES ($1, 1, 1, $2, 'a name', 'LLM', 0, 0, 'OK', '', '{}')
                        """, [.integer(Int64(id)), .bytes(SpanID(UInt64(id)).bytes)])
                }
            }
            try await Migrator(database: database, migrations: allMigrations).migrate()
            try await TextIndexer(database: database).catchUp()
            #expect(try await count("span_texts", database) == 700)
            #expect(try await count("text_queue", database) == 0)
        }
    }
}
