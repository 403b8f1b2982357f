import Database
import Domain
import TestSupport
import Testing

@testable import Storage

@Suite("Reading", .serialized)
struct ReadingTests {
    private static let second: Int64 = 1_000_000_000

    @Test("a project's totals are of its spans, and its latencies of its traces")
    func totals() async throws {
        let spans = (1...100).map { index in
            var span = TestSpan(trace: UInt64(index), id: UInt64(index), start: 0, end: Int64(index) * 10_000_000)
            span.status = index <= 5 ? .error : .ok
            return span
        }
        try await withStoredSpans(spans, together: false) { database, project in
            let statistics = ProjectStatistics(database: database)
            let (ids, none) = ([project, project + 1], project + 1)
            let sums = try await statistics.sums(of: ids)
            let totals = try #require(sums[project])
            #expect([totals.traceCount, totals.spanCount, totals.errorCount] == [100, 100, 5])
            let counts = try #require(try await statistics.latencies(.trace, of: ids)[project])
            // A logarithmic histogram answers to within a few per cent.
            #expect(abs(try #require(LatencyBucket.quantile(0.5, counts: counts)) / 500_000_000 - 1) < 0.1)
            #expect(abs(try #require(LatencyBucket.quantile(0.99, counts: counts)) / 990_000_000 - 1) < 0.1)
            #expect(try await statistics.newestSpans(of: ids) == [project: 0])
            #expect(sums[none] == nil)
        }
    }

    @Test("a series has a step for each stretch with spans, whatever its width, from its start on")
    func series() async throws {
        let spans = [0, 30, 61, 3600, 90_000].enumerated().map { index, start in
            TestSpan(
                trace: UInt64(index + 1), id: UInt64(index + 1), start: start * Self.second,
                end: (start + 1) * Self.second)
        }
        try await withStoredSpans(spans, together: false) { database, project in
            let statistics = ProjectStatistics(database: database)
            let expected: [(width: Int64, from: Int64, points: [[Int64]])] = [
                (60, 0, [[0, 2], [60, 1], [3600, 1], [90_000, 1]]), (60, 60, [[60, 1], [3600, 1], [90_000, 1]]),
                (3600, 0, [[0, 3], [3600, 1], [90_000, 1]]), (86_400, 0, [[0, 4], [86_400, 1]]),
            ]
            for (width, from, points) in expected {
                let range = (from * Self.second)..<(2 * 86_400 * Self.second)
                let found = try await statistics.buckets(of: [project, project + 1], range, width: width)
                #expect(found.keys.sorted() == [project])
                #expect(
                    found[project]?.map { [$0.time, $0.totals.spanCount] } == points, "\(width) from \(from)")
            }
        }
    }

    @Test("a session's user is that of its earliest trace, whichever came first")
    func sessionUser() async throws {
        let spans = [(1, 20, "late"), (2, 10, "early"), (3, 30, "last")].map { id, start, user in
            var span = TestSpan(trace: UInt64(id), id: UInt64(id), start: Int64(start), end: Int64(start))
            (span.session, span.user) = ("s", user)
            return span
        }
        try await withStoredSpans(spans, together: false) { database, _ in
            let sessions = SessionRepository(database: database)
            #expect(try await sessions.session("s")?.userID == "early")
            let traces = try await sessions.traces(of: ["s", "none"])
            #expect(traces["s"]?.map(\.startTime) == [10, 20, 30])
            #expect(traces["none"] == nil)
        }
    }
}
