import Database
import Domain
import Logging
import Pricing
import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite("Span writer", .serialized)
struct SpanWriterTests {
    /// Runs `body` with a writer over a fresh, migrated database, on each engine.
    private func withWriter(
        _ options: SpanWriter.Options = .patient,
        onCommit: @escaping @Sendable (CommittedSpans) -> Void = { _ in },
        _ body: @Sendable (SpanWriter, Database) async throws -> Void
    ) async throws {
        try await withDatabases { database in
            try await Migrator(database: database, migrations: allMigrations).migrate()
            let writer = SpanWriter(
                database: database, options: options, logger: Logger(label: "test"), costing: testCosting,
                onCommit: onCommit)
            try await writer.whileRunning { try await body(writer, database) }
        }
    }

    @Test("what was answered is in the database, with its trace, session and project")
    func writes() async throws {
        try await withWriter { writer, database in
            var root = TestSpan(trace: 1, id: 10, start: 1_000_000_000, end: 4_000_000_000)
            (root.name, root.kind, root.session, root.user, root.input) = ("ask", .agent, "s-1", "u-1", "hello")
            var llm = TestSpan(trace: 1, id: 11, parent: 10, start: 2_000_000_000, end: 3_000_000_000)
            (llm.kind, llm.status, llm.promptTokens, llm.completionTokens) = (.llm, .error, 100, 20)
            llm.attributes = #"{"llm":{"model_name":"m"}}"#
            try await writer.write(TestSpan.batch([llm, root]), project: "shop")

            let (trace, session, spans) = try await database.read { connection in
                (
                    try connection.query(
                        """
                        SELECT root_name, span_count, error_count, prompt_tokens, completion_tokens, start_time, end_time,
                            session_id, root_user_id, root_input FROM traces
                        """),
                    try connection.query("SELECT session_id, trace_count, span_count FROM project_sessions"),
                    try connection.query(
                        """
                        SELECT spans.name, attributes, projects.name, parent_id FROM spans
                        JOIN projects ON projects.id = spans.project_id ORDER BY span_id
                        """)
                )
            }
            #expect(trace.count == 1)
            #expect(try trace[0].text(0) == "ask")
            #expect(try (1...4).map { try trace[0].integer($0) } == [2, 1, 100, 20])
            #expect(try trace[0].integer(5) == 1_000_000_000)
            #expect(try trace[0].integer(6) == 4_000_000_000)
            #expect(try trace[0].optionalText(7) == "s-1")
            #expect(try trace[0].optionalText(8) == "u-1")
            #expect(try trace[0].optionalText(9) == "hello")
            #expect(try session.map { [try $0.integer(1), try $0.integer(2)] } == [[1, 2]])
            #expect(try spans.map { try $0.text(1) } == ["{}", #"{"llm":{"model_name":"m"}}"#])
            #expect(try spans.map { try $0.text(2) } == ["shop", "shop"])
            #expect(try spans[1].optionalBytes(3) == SpanID(10).bytes)
            #expect(try await RollupAudit.differences(in: database) == [])
        }
    }

    @Test("a span that comes again is stored once and counted once")
    func duplicates() async throws {
        try await withWriter { writer, database in
            let spans = (1...20).map { TestSpan(trace: UInt64($0 % 3 + 1), id: UInt64($0), start: 0, end: 1_000_000) }
            try await writer.write(TestSpan.batch(Array(spans[0..<10])))
            try await writer.write(TestSpan.batch(spans))
            try await writer.write(TestSpan.batch(spans + spans))
            let count = try await database.read { try $0.query("SELECT COUNT(*) FROM spans").first?.integer(0) }
            #expect(count == 20)
            #expect(try await RollupAudit.differences(in: database) == [])
        }
    }

    @Test("requests at once from many tasks, half of them repeated, add up")
    func concurrent() async throws {
        try await withWriter { writer, database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for request in 0..<60 {
                    group.addTask {
                        let spans = (0..<15).map { index in
                            var span = TestSpan(
                                trace: UInt64(index % 4 + 1), id: UInt64((request / 2) * 15 + index + 1),
                                start: Int64(index) * 61_000_000_000, end: Int64(index) * 62_000_000_000)
                            span.session = "one for all"
                            return span
                        }
                        try await writer.write(TestSpan.batch(spans))
                    }
                }
                try await group.waitForAll()
            }
            let count = try await database.read { try $0.query("SELECT COUNT(*) FROM spans").first?.integer(0) }
            #expect(count == 450)
            #expect(try await RollupAudit.differences(in: database) == [])
        }
    }

    @Test("a trace stays in the project of its first span, and in its first session")
    func firstWins() async throws {
        try await withWriter { writer, database in
            var first = TestSpan(trace: 1, id: 1, start: 0, end: 1)
            var second = TestSpan(trace: 1, id: 2, start: 0, end: 1)
            (first.project, second.project) = ("a", "b")
            try await writer.write(TestSpan.batch([first]))
            second.session = "late"
            try await writer.write(TestSpan.batch([second]))
            var third = TestSpan(trace: 1, id: 3, start: 0, end: 1)
            (third.session, third.project) = ("later", "a")
            try await writer.write(TestSpan.batch([third]))
            let rows = try await database.read { connection in
                try connection.query(
                    """
                    SELECT p.name, t.session_id, s.trace_count, s.span_count FROM traces t
                    JOIN projects p ON p.id = t.project_id JOIN project_sessions s ON s.session_id = t.session_id
                    """)
            }
            #expect(rows.count == 1)
            #expect(try rows[0].text(0) == "a")
            #expect(try rows[0].text(1) == "late")
            #expect(try rows[0].integer(3) == 3)
            #expect(try await RollupAudit.differences(in: database) == [])
        }
    }

    @Test("a deleted project is made anew by the next span that names it")
    func deletedProject() async throws {
        try await withWriter { writer, database in
            try await writer.write(TestSpan.batch([TestSpan(trace: 1, id: 1, start: 0, end: 1)]), project: "gone")
            try await database.write { connection in
                for table in ["spans", "traces", "project_rollups", "project_latencies", "projects"] {
                    try connection.execute("DELETE FROM \(table)")
                }
            }
            try await writer.write(TestSpan.batch([TestSpan(trace: 2, id: 2, start: 0, end: 1)]), project: "gone")
            let names = try await database.read { try $0.query("SELECT name FROM projects").map { try $0.text(0) } }
            #expect(names == ["gone"])
            #expect(try await RollupAudit.differences(in: database) == [])
        }
    }

    @Test("a full queue refuses without writing, and takes again when there is room")
    func overload() async throws {
        var options = SpanWriter.Options()
        options.queueBytesMax = 10_000
        try await withWriter(options) { writer, database in
            let refused = await withTaskGroup(of: Bool.self) { group in
                for request in 0..<200 {
                    group.addTask {
                        var span = TestSpan(trace: UInt64(request + 1), id: UInt64(request + 1), start: 0, end: 1)
                        span.attributes = #"{"pad":"\#(String(repeating: "x", count: 3000))"}"#
                        do {
                            try await writer.write(TestSpan.batch([span]))
                            return false
                        } catch {
                            #expect(error as? SpanWriterError == .overloaded)
                            return true
                        }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(refused > 0)
            let count = try await database.read { try $0.query("SELECT COUNT(*) FROM spans").first?.integer(0) }
            #expect(count == Int64(200 - refused))
            try await writer.write(TestSpan.batch([TestSpan(trace: 999, id: 999, start: 0, end: 1)]))
            #expect(writer.bytesHeld == 0)
        }
    }

    @Test("no more may wait than the database writes in time, once it has shown how fast it is")
    func pace() async throws {
        var options = SpanWriter.Options.patient
        options.waitMax = .nanoseconds(1)
        try await withWriter(options) { [options] writer, _ in
            #expect(writer.bytesAdmitted == options.queueBytesAtFirst)
            var span = TestSpan(trace: 1, id: 1, start: 0, end: 1)
            span.attributes = #"{"pad":"\#(String(repeating: "x", count: CommitPace.groupBytesMin))"}"#
            try await writer.write(TestSpan.batch([span]))
            #expect(writer.bytesAdmitted == options.groupBytesMax)
        }
    }

    @Test("more spans than one transaction takes are written by several, and all of them before the answer")
    func parts() async throws {
        var options = SpanWriter.Options.patient
        options.groupSpansMax = 10
        let largest = Mutex(0)
        try await withWriter(options, onCommit: { spans in largest.withLock { $0 = max($0, spans.spanCount) } }) {
            writer, database in
            let spans = (1...95).map { TestSpan(trace: UInt64($0 % 7 + 1), id: UInt64($0), start: 0, end: 1) }
            try await writer.write(TestSpan.batch(spans + spans))
            #expect(try await database.read { try $0.query("SELECT COUNT(*) FROM spans")[0].integer(0) } == 95)
            #expect(try await RollupAudit.differences(in: database) == [])
        }
        #expect(largest.withLock { $0 } == 10)
    }

    @Test("a patient caller is told what became of its spans, however long that takes")
    func patience() async throws {
        var options = SpanWriter.Options()
        options.answerWithin = .nanoseconds(1)
        try await withDatabases { database in
            try await Migrator(database: database, migrations: allMigrations).migrate()
            let writer = SpanWriter(
                database: database, options: options, logger: Logger(label: "test"), costing: testCosting)
            let spans = TestSpan.batch([TestSpan(trace: 1, id: 1, start: 0, end: 1)])
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await writer.write(spans, isPatient: true)
                    writer.stop()
                }
                // Nobody writes until the time of any other caller would be over.
                while writer.bytesHeld == 0 { try await Task.sleep(for: .milliseconds(1)) }
                group.addTask { await writer.run() }
                try await group.waitForAll()
            }
            #expect(try await database.read { try $0.query("SELECT COUNT(*) FROM spans")[0].integer(0) } == 1)
        }
    }

    @Test("after stop, nothing is admitted and what was admitted is done")
    func stopping() async throws {
        try await withWriter { writer, _ in
            try await writer.write(TestSpan.batch([TestSpan(trace: 1, id: 1, start: 0, end: 1)]))
            writer.stop()
            await #expect(throws: SpanWriterError.stopping) {
                try await writer.write(TestSpan.batch([TestSpan(trace: 2, id: 2, start: 0, end: 1)]))
            }
        }
    }

    @Test("a writer whose task is cancelled ends, and refuses what comes then")
    func cancellation() async throws {
        try await withDatabases { database in
            try await Migrator(database: database, migrations: allMigrations).migrate()
            let writer = SpanWriter(
                database: database, options: .patient, logger: Logger(label: "test"), costing: testCosting)
            let running = Task { await writer.run() }
            try await writer.write(TestSpan.batch([TestSpan(trace: 1, id: 1, start: 0, end: 1)]))
            running.cancel()
            await running.value
            await #expect(throws: SpanWriterError.stopping) {
                try await writer.write(TestSpan.batch([TestSpan(trace: 1, id: 2, start: 0, end: 1)]))
            }
        }
    }

    @Test("any order, batching and repetition of the same spans gives the same sums")
    func permutations() async throws {
        let seed = TestSeed.value
        try await withWriter { writer, database in
            var generator = SeededGenerator(seed: seed)
            var expected: [String]?
            for round in 0..<12 {
                try await database.write { connection in
                    for table in [
                        "spans", "traces", "project_sessions", "project_rollups", "project_latencies", "model_usage",
                    ] {
                        try connection.execute("DELETE FROM \(table)")
                    }
                }
                var spans = Self.corpus()
                spans += spans.shuffled(using: &generator).prefix(20)
                spans.shuffle(using: &generator)
                while !spans.isEmpty {
                    let count = min(Int.random(in: 1...25, using: &generator), spans.count)
                    try await writer.write(TestSpan.batch(Array(spans.prefix(count))))
                    spans.removeFirst(count)
                }
                let dump = try await Self.dump(database)
                #expect(try await RollupAudit.differences(in: database) == [], "SEED=\(seed), round \(round)")
                #expect(expected ?? dump == dump, "SEED=\(seed), round \(round)")
                expected = dump
            }
        }
    }

    /// Forty traces over two days, with children that start before their parents and spans of every outcome.
    private static func corpus() -> [TestSpan] {
        var generator = SeededGenerator(seed: 42)
        return (1...40).flatMap { trace -> [TestSpan] in
            let base = Int64.random(in: 0..<172_800, using: &generator) * 1_000_000_000
            return (0..<5).map { index in
                let start = base + Int64.random(in: -90...90, using: &generator) * 1_000_000_000
                var span = TestSpan(
                    trace: UInt64(trace), id: UInt64(trace * 10 + index),
                    parent: index == 0 ? nil : UInt64(trace * 10), start: start,
                    end: start + Int64.random(in: 0...90_000_000_000, using: &generator))
                span.name = "span \(trace).\(index)"
                span.session = trace.isMultiple(of: 2) ? "session \(trace % 6)" : nil
                span.status = Int.random(in: 0..<10, using: &generator) == 0 ? .error : .ok
                if index > 2 {
                    span.kind = .llm
                    span.model = "m"
                    span.promptTokens = Int64.random(in: 0...5000, using: &generator)
                    span.completionTokens = Int64.random(in: 0...500, using: &generator)
                }
                span.project = trace.isMultiple(of: 3) ? "other" : "default"
                return span
            }
        }
    }

    /// What the tables say, without the numbers that the order of arrival decides.
    private static func dump(_ database: Database) async throws -> [String] {
        let sums = "span_count, error_count, prompt_tokens, completion_tokens, prompt_cost, completion_cost"
        return try await database.read { connection in
            let traces = try connection.query(
                "SELECT trace_id, root_name, start_time, end_time, \(sums) FROM traces ORDER BY trace_id")
            let sessions = try connection.query(
                "SELECT session_id, start_time, end_time, trace_count, \(sums) FROM project_sessions ORDER BY session_id"
            )
            return try traces.map { row in
                "\(Hex.encode(try row.bytes(0))) \(try row.text(1)) \(try (2...9).map { try row.integer($0) })"
            }
                + sessions.map { row in "\(try row.text(0)) \(try (1...9).map { try row.integer($0) })" }
        }
    }
}

/// A price of two and three thousand nano-dollars a token.
let testCosting: SpanWriter.Costing = { _, span in
    guard span.modelName != nil, let prompt = span.promptTokens, let completion = span.completionTokens else {
        return nil
    }
    return SpanCostColumns(
        modelID: prompt.isMultiple(of: 2) ? 1 : ModelPrice.firstOwnID, promptCost: prompt * 2000,
        completionCost: completion * 3000,
        charges: [
            TokenCharge(tokenType: "input", isPrompt: true, tokens: prompt, cost: prompt * 2000),
            TokenCharge(tokenType: "output", isPrompt: false, tokens: completion, cost: completion * 3000),
        ])
}
