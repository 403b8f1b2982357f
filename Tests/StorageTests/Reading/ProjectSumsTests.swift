import Database
import Domain
import TestSupport
import Testing

@testable import Storage

@Suite("Projects' sums and spans' trees", .serialized)
struct ProjectSumsTests {
    private static let second: Int64 = 1_000_000_000

    /// Traces of one span over four days.
    private static func randomSpans(_ random: inout SeededGenerator) -> [TestSpan] {
        (1...400).map { (number: Int) -> TestSpan in
            let start = Int64.random(in: 0..<(4 * 86_400 * second), using: &random)
            let longest: Int64 = number.isMultiple(of: 50) ? 90_000 : 100
            let latency = Int64.random(in: 0..<longest, using: &random) * second
            var span = TestSpan(trace: UInt64(number), id: UInt64(number), start: start, end: start + latency)
            span.promptTokens = Int64.random(in: 0..<100, using: &random)
            span.status = number.isMultiple(of: 3) ? .error : .ok
            return span
        }
    }

    @Test("sums of any stretch of time are those of the spans in it, to the nanosecond")
    func sums() async throws {
        var random = SeededGenerator(seed: 7)
        let spans = Self.randomSpans(&random)
        try await withStoredSpans(spans) { database, project in
            let statistics = ProjectStatistics(database: database)
            for round in 0..<60 {
                let times = (0..<2).map { _ in spans[Int.random(in: 0..<spans.count, using: &random)].start }.sorted()
                // Some ends are whole hours or minutes, some are open.
                let width = [1, 60 * Self.second, 3600 * Self.second][round % 3]
                let start = round % 5 == 0 ? nil : times[0] / width * width
                let end = round % 7 == 0 ? nil : times[1] / width * width
                let found = try await statistics.sums(of: [project], from: start, to: end)[project] ?? SpanTotals()
                let inside = spans.filter { $0.start >= start ?? .min && $0.start < end ?? .max }
                #expect(found.spanCount == Int64(inside.count), "\(start ?? -1) \(end ?? -1)")
                #expect(found.traceCount == Int64(inside.count))
                #expect(found.errorCount == Int64(inside.count { $0.status == .error }))
                #expect(found.promptTokens == inside.reduce(0) { $0 + ($1.promptTokens ?? 0) })
            }
        }
    }

    @Test("a project's activity is that of all its traces, also where an early one ends last")
    func activity() async throws {
        for seed in 1...3 {
            var random = SeededGenerator(seed: UInt64(seed))
            let spans = Self.randomSpans(&random)
            try await withStoredSpans(spans) { database, project in
                let activity = try await ProjectStatistics(database: database).activity(of: [project, project + 1])
                #expect(activity[project]?.firstStart == spans.map(\.start).min())
                #expect(activity[project]?.lastEnd == spans.map(\.end).max())
                let newest = try await ProjectStatistics(database: database).newestSpans(of: [project, project + 1])
                #expect(newest == [project: spans.map(\.start).max()].compactMapValues { $0 })
                #expect(activity[project + 1]?.firstStart == nil && activity[project + 1]?.lastEnd == nil)
            }
        }
    }

    private static let stretches: [(start: Int64, end: Int64)] = [
        (0, 60), (60, 86_400), (3540, 90_000), (86_340, 345_660), (-7260, 100_020), (60, 60),
    ]

    @Test("a stretch of time is put together from whole steps without gaps", arguments: stretches)
    func pieces(_ start: Int64, _ end: Int64) {
        let range = RollupRange(from: start, to: end)
        var next = start
        for piece in range.pieces where piece.start != piece.end {
            #expect(piece.start == next && next % piece.width == 0 && (piece.end ?? 1) % piece.width == 0)
            next = piece.end ?? .max
        }
        #expect(next == end)
        #expect(range.pieces.count <= 5)
    }

    @Test("a tree sums up what the database does span by span, and spans that hang on themselves do no harm")
    func trees() async throws {
        var random = SeededGenerator(seed: 11)
        let spans = (1...120).map { (number: Int) -> TestSpan in
            var span = TestSpan(
                trace: UInt64(1 + number % 3), id: UInt64(number), start: Int64(number), end: Int64(number))
            if number > 10 { span.parent = UInt64(number - 3 * Int.random(in: 1...3, using: &random)) }
            span.promptTokens = Int64.random(in: 0..<9, using: &random)
            span.completionTokens = Int64.random(in: 0..<9, using: &random)
            return span
        }
        var circle = [
            TestSpan(trace: 9, id: 901, parent: 902, start: 1, end: 2),
            TestSpan(trace: 9, id: 902, parent: 901, start: 1, end: 2),
        ]
        circle[0].promptTokens = 1
        try await withStoredSpans(spans + circle) { database, project in
            let repository = SpanRepository(database: database)
            let all = try await repository.summaries(SpanSelection(projectID: project, limit: 1000))
            let trees = try await repository.trees(ofTraces: Array(Set(all.map(\.traceRowID))))
            let sums = try await repository.cumulativeTokens(of: all.map(\.id))
            for span in all where !["0000000000000385", "0000000000000386"].contains("\(span.skeleton.spanID)") {
                let subtree = try #require(trees[span.traceRowID])[span.id]
                #expect(
                    subtree.promptTokens == sums[span.id]?.prompt
                        && subtree.completionTokens == sums[span.id]?.completion)
                #expect(
                    subtree.children.count
                        == spans.filter { $0.parent.map { SpanID($0) } == span.skeleton.spanID }.count)
            }
            let first = try #require(all.first { "\($0.skeleton.spanID)" == "0000000000000385" })
            #expect(trees[first.traceRowID]?.descendants(of: first.id, depth: nil).count == 1)
        }
    }
}
