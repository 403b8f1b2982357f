import Database
import Domain
import TestSupport
import Testing

@testable import Storage

@Suite("Retention", .serialized)
struct RetentionTests {
    private static let day: Int64 = 86_400 * Timestamp.nanosecondsPerSecond
    private static let now: Int64 = 100 * day

    /// Ten traces, one a day, the last of them yesterday; each of two spans with a note.
    private func withTraces(_ body: (Database, _ project: Int64) async throws -> Void) async throws {
        try await withDatabases { database in
            try await Migrator(database: database, migrations: allMigrations).migrate()
            let spans = (1...10).flatMap { age in
                (0...1).map { index in
                    var span = TestSpan(
                        trace: UInt64(age), id: UInt64(age * 10 + index), start: Self.now - Int64(age) * Self.day,
                        end: Self.now - Int64(age) * Self.day + 1000)
                    span.session = age > 5 ? "old" : "new"
                    return span
                }
            }
            try await store(spans, in: database)
            _ = try await AnnotationRepository(.span, database: database).store(
                spans.map { .of(.span(SpanID($0.id)), time: 1) })
            try await body(database, try await database.rowID("projects"))
        }
    }

    private func run(
        _ rule: RetentionRule, _ database: Database, _ project: Int64, grace: Int64 = 0, now: Int64 = now
    ) async throws -> [Int] {
        var pieces: [Int] = []
        try await RetentionRemoval(database: database, projectID: project, rule: rule, now: now, grace: grace).run {
            pieces.append($0)
            return true
        }
        return pieces
    }

    @Test(
        "traces go by age, by number, or by both, with what was said of them, and sums stay right",
        arguments: [
            (RetentionRule(maxDays: 4.5), 4), (RetentionRule(maxDays: 0), 10), (RetentionRule(), 10),
            (RetentionRule(maxCount: 3), 3), (RetentionRule(maxCount: 0), 0), (RetentionRule(maxCount: 20), 10),
            (RetentionRule(maxDays: 2.5, maxCount: 6), 2), (RetentionRule(maxDays: 8.5, maxCount: 6), 6),
        ] as [(RetentionRule, Int64)])
    func rules(rule: RetentionRule, kept: Int64) async throws {
        try await withTraces { database, project in
            let removed = try await run(rule, database, project).reduce(0, +)
            #expect(Int64(removed) == 10 - kept)
            #expect(try await database.count("traces") == kept)
            #expect(try await database.count("spans") == 2 * kept)
            #expect(try await database.count("span_annotations") == 2 * kept)
            #expect(try await RollupAudit.differences(in: database) == [])
        }
    }

    @Test("a trace whose last span is younger than the grace is spared until it is not")
    func grace() async throws {
        try await withTraces { database, project in
            // Begun ten days ago and not ended yet.
            try await store([TestSpan(trace: 10, id: 999, start: Self.now - 5, end: Self.now - 4)], in: database)
            let removed = try await run(RetentionRule(maxDays: 9.5), database, project, grace: Self.day)
            #expect(removed.isEmpty)
            let later = try await run(RetentionRule(maxDays: 9.5), database, project, grace: 3)
            #expect(later == [1])
        }
    }

    @Test("a run that was stopped is carried on by another")
    func resumption() async throws {
        try await withDatabases { database in
            try await Migrator(database: database, migrations: allMigrations).migrate()
            let spans = (1...450).map {
                TestSpan(trace: UInt64($0), id: UInt64($0), start: Int64($0), end: Int64($0 + 1))
            }
            try await store(spans, in: database)
            let project = try await database.rowID("projects")
            let removal = RetentionRemoval(
                database: database, projectID: project, rule: RetentionRule(maxCount: 10), now: Self.now, grace: 0)
            var first: [Int] = []
            try await removal.run {
                first.append($0)
                return false
            }
            #expect(first == [200])
            let rest = try await run(RetentionRule(maxCount: 10), database, project)
            #expect(rest == [200, 40])
            #expect(try await RollupAudit.differences(in: database) == [])
        }
    }

    @Test("a lease has one holder until it is given back or its time is up")
    func leases() async throws {
        try await withTraces { database, _ in
            let leases = LeaseRepository(database: database)
            let first = try await leases.acquire("x", holder: "a", for: .seconds(60))
            let second = try await leases.acquire("x", holder: "b", for: .seconds(60))
            let renewed = try await leases.acquire("x", holder: "a", for: .seconds(0))
            #expect(first && !second && renewed)
            // Its time is up.
            let third = try await leases.acquire("x", holder: "b", for: .seconds(60))
            try await leases.release("x", holder: "a")
            let fourth = try await leases.acquire("x", holder: "a", for: .seconds(60))
            try await leases.release("x", holder: "b")
            let fifth = try await leases.acquire("x", holder: "a", for: .seconds(60))
            #expect(third && !fourth && fifth)
        }
    }
}

@Suite("Retention policies", .serialized)
struct RetentionPolicyTests {
    @Test("projects follow the default policy until they are given another")
    func projects() async throws {
        try await withAnnotatedSpans { database in
            let policies = RetentionPolicyRepository(database: database)
            let project = try await database.rowID("projects")
            let fallback = try await policies.policies(ofProjects: [project])[project]
            #expect(fallback?.id == RetentionPolicy.defaultID && fallback?.rule == nil)
            let own = try await policies.create(
                name: "own", cronExpression: "0 0 * * *", rule: RetentionRule(maxDays: 2.5, maxCount: 9),
                projects: [project])
            #expect(try await policies.policies(ofProjects: [project]) == [project: own])
            #expect(try await policies.projectIDs(ofPolicy: own.id) == [project])
            #expect(try await policies.projectIDs(ofPolicy: 0) == [])
            _ = try await policies.update(id: own.id, removeProjects: [project])
            #expect(try await policies.projectIDs(ofPolicy: 0) == [project])
            _ = try await policies.update(id: own.id, addProjects: [project])
            #expect(try await policies.remove(id: own.id)?.name == "own")
            #expect(try await policies.projectIDs(ofPolicy: 0) == [project])
            #expect(try await policies.remove(id: 0) == nil)
        }
    }

    @Test("a change keeps what it does not touch, and names are taken once")
    func changes() async throws {
        try await withAnnotatedSpans { database in
            let policies = RetentionPolicyRepository(database: database)
            let made = try await policies.create(
                name: "own", cronExpression: "0 0 * * *", rule: RetentionRule(maxCount: 9), now: 5)
            let changed = try #require(try await policies.update(id: made.id, rule: RetentionRule(maxDays: 3), now: 6))
            #expect(changed.name == "own" && changed.rule == RetentionRule(maxDays: 3) && changed.createdAt == 5)
            #expect(try await policies.policy(id: made.id) == changed)
            await #expect(throws: DatabaseError.self) {
                _ = try await policies.create(name: "own", cronExpression: "0 0 * * *", rule: RetentionRule())
            }
            #expect(try await policies.update(id: made.id + 1, name: "x") == nil)
        }
    }

    @Test("a policy is due when its schedule has named a moment since its last run")
    func due() async throws {
        try await withAnnotatedSpans { database in
            let policies = RetentionPolicyRepository(database: database)
            let hour: Int64 = 3600 * Timestamp.nanosecondsPerSecond
            let made = try await policies.create(
                name: "hourly", cronExpression: "0 * * * *", rule: RetentionRule(maxDays: 1), now: hour / 2)
            #expect(!made.isDue(at: hour - 1))
            #expect(made.isDue(at: hour))
            try await policies.finishRun(of: made.id, begunAt: hour + 5)
            let after = try #require(try await policies.policy(id: made.id))
            #expect(!after.isDue(at: 2 * hour - 1) && after.isDue(at: 2 * hour))
        }
    }
}
