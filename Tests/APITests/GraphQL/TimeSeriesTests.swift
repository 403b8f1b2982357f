import Domain
import Foundation
import TestSupport
import Testing

@testable import bennu_api

@Suite("Time series over GraphQL", .serialized)
struct TimeSeriesTests {
    private static let range = #"timeRange: {start: "2026-01-05T00:00:00Z", end: "2026-01-05T03:00:00Z"}"#

    private func series(_ api: APIFixture, _ field: String) async throws -> String {
        let data = try await api.query("{ p: getProjectByName(name: \"default\") { s: \(field) } }")
        return try data.json("p", "s", "data")
    }

    @Test("numbers by the hour, null where nothing was")
    func hourly() async throws {
        let log = StatementLog()
        try await withAPI(options: log.options, costing: Corpus.costing) { api in
            try await api.store(Corpus.spans)
            let expected = [
                (
                    "spanCountTimeSeries(\(Self.range)) { data { okCount errorCount unsetCount totalCount } }",
                    """
                    [{"errorCount":1,"okCount":2,"totalCount":4,"unsetCount":1},\
                    {"errorCount":null,"okCount":null,"totalCount":null,"unsetCount":null},\
                    {"errorCount":1,"okCount":0,"totalCount":1,"unsetCount":0}]
                    """
                ),
                (
                    "spanCountTimeSeries(\(Self.range)) { data { errorCount totalCount } }",
                    """
                    [{"errorCount":1,"totalCount":4},{"errorCount":null,"totalCount":null},{"errorCount":1,"totalCount":1}]
                    """
                ),
                (
                    "spanCountTimeSeries(\(Self.range), filterCondition: \"name == 'lost'\") { data { totalCount } }",
                    #"[{"totalCount":null},{"totalCount":null},{"totalCount":1}]"#
                ),
                (
                    "traceCountTimeSeries(\(Self.range)) { data { timestamp value } }",
                    """
                    [{"timestamp":"2026-01-05T00:00:00.000000+00:00","value":2},\
                    {"timestamp":"2026-01-05T01:00:00.000000+00:00","value":null},\
                    {"timestamp":"2026-01-05T02:00:00.000000+00:00","value":1}]
                    """
                ),
                (
                    "traceCountByStatusTimeSeries(\(Self.range)) { data { okCount errorCount totalCount } }",
                    """
                    [{"errorCount":1,"okCount":1,"totalCount":2},{"errorCount":0,"okCount":0,"totalCount":0},\
                    {"errorCount":1,"okCount":0,"totalCount":1}]
                    """
                ),
                (
                    "traceTokenCountTimeSeries(\(Self.range)) { data { promptTokenCount completionTokenCount totalTokenCount } }",
                    """
                    [{"completionTokenCount":12,"promptTokenCount":31,"totalTokenCount":43},\
                    {"completionTokenCount":null,"promptTokenCount":null,"totalTokenCount":null},\
                    {"completionTokenCount":null,"promptTokenCount":null,"totalTokenCount":null}]
                    """
                ),
                (
                    "traceTokenCostTimeSeries(\(Self.range)) { data { promptCost completionCost totalCost } }",
                    """
                    [{"completionCost":0.006,"promptCost":0.003,"totalCost":0.009},\
                    {"completionCost":null,"promptCost":null,"totalCost":null},\
                    {"completionCost":null,"promptCost":null,"totalCost":null}]
                    """
                ),
            ]
            for (field, json) in expected {
                let found = try await series(api, field)
                #expect(found == json, "\(field)")
            }
            let statements = try await log.reads {
                _ = try await series(api, "spanCountTimeSeries(\(Self.range)) { data { errorCount totalCount } }")
            }
            #expect(!statements.contains { $0.contains("FROM spans") }, "\(statements)")
        }
    }

    @Test("types of tokens come from sums, and from spans where an hour is divided")
    func tokenDetails() async throws {
        let log = StatementLog()
        try await withAPI(options: log.options, costing: Corpus.costing) { api in
            var later = TestSpan(trace: 4, id: 6, start: Corpus.at(5400), end: Corpus.at(5401))
            (later.kind, later.model, later.promptTokens, later.completionTokens) = (.llm, "gpt", 30, 12)
            try await api.store(Corpus.spans + [later])
            func details(_ range: String, _ config: String) async throws -> [String] {
                let data = try await api.query(
                    """
                    { p: getProjectByName(name: "default") { s: traceTokenCountTimeSeries(timeRange: {\(range)},
                        timeBinConfig: {\(config)}) { data { totalTokenCount
                            promptTokenCountDetails { tokenType tokenCount }
                            completionTokenCountDetails { tokenType tokenCount } } } } }
                    """)
                let points = try #require(data.at("p", "s", "data") as? [[String: Any]])
                return points.map { point in
                    let sides = ["promptTokenCountDetails", "completionTokenCountDetails"].map { side in
                        (point[side] as? [[String: Any]] ?? []).map {
                            "\($0["tokenType"] ?? "") \($0["tokenCount"] ?? "")"
                        }
                    }
                    return sides.map { $0.joined(separator: ", ") }.joined(separator: "; ")
                }
            }
            let hours = #"start: "2026-01-05T00:00:00Z", end: "2026-01-05T03:00:00Z""#
            let expected: [(range: String, config: String, points: [String], readsSpans: Bool)] = [
                (hours, "scale: HOUR", ["input 30; output 12", "input 30; output 12", "; "], false),
                (hours, "scale: DAY", ["input 60; output 24"], false),
                (
                    hours, "scale: HOUR, utcOffsetMinutes: 30",
                    ["input 30; output 12", "; ", "input 30; output 12", "; "], true
                ),
                (hours, "scale: DAY, utcOffsetMinutes: 330", ["input 60; output 24"], false),
                (
                    #"start: "2026-01-05T00:00:02Z", end: "2026-01-05T02:00:00Z""#, "scale: HOUR",
                    ["; ", "input 30; output 12"], true
                ),
                (
                    #"start: "2026-01-05T01:29:00Z", end: "2026-01-05T01:32:00Z""#, "scale: MINUTE",
                    ["; ", "input 30; output 12", "; "], true
                ),
            ]
            for (range, config, points, readsSpans) in expected {
                var found: [String] = []
                let statements = try await log.reads { found = try await details(range, config) }
                #expect(found == points, "\(range) \(config)")
                #expect(statements.contains { $0.contains("FROM spans") } == readsSpans, "\(range) \(config)")
            }
        }
    }

    @Test("latencies by the hour are within five percent, and null where nothing was")
    func latencies() async throws {
        try await withAPI { api in
            try await api.store(Corpus.spans)
            let data = try await api.query(
                """
                { p: getProjectByName(name: "default") { s: traceLatencyMsPercentileTimeSeries(\(Self.range)) {
                    data { p50 p75 p90 p95 p99 p999 max } } } }
                """)
            let (p50, max) = (
                data.at("p", "s", "data", 0, "p50") as? Double, data.at("p", "s", "data", 0, "max") as? Double
            )
            #expect(abs((p50 ?? 0) - 1000) < 50 && abs((max ?? 0) - 10_000) < 500)
            #expect(data.at("p", "s", "data", 1, "p99") == nil)
        }
    }

    @Test("steps begin when the clock of the offset says so")
    func scales() async throws {
        try await withAPI { api in
            try await api.store(Corpus.spans)
            func starts(_ range: String, _ config: String) async throws -> [String] {
                let data = try await api.query(
                    """
                    { p: getProjectByName(name: "default") { s: traceCountTimeSeries(timeRange: {\(range)},
                        timeBinConfig: {\(config)}) { data { timestamp value } } } }
                    """)
                let points = try #require(data.at("p", "s", "data") as? [[String: Any]])
                return points.map {
                    "\($0.text("timestamp")?.prefix(16) ?? "") \(($0["value"] as? Int).map(String.init) ?? "-")"
                }
            }
            let day = #"start: "2026-01-04T12:00:00Z", end: "2026-01-06T00:00:00Z""#
            let year = #"start: "2025-12-31T00:00:00Z", end: "2026-02-01T00:00:00Z""#
            let expected: [(String, String, [String])] = [
                (day, "scale: DAY", ["2026-01-04T00:00 -", "2026-01-05T00:00 3"]),
                (day, "scale: DAY, utcOffsetMinutes: -60", ["2026-01-04T01:00 2", "2026-01-05T01:00 1"]),
                (
                    day, "scale: DAY, utcOffsetMinutes: 330",
                    ["2026-01-03T18:30 -", "2026-01-04T18:30 3", "2026-01-05T18:30 -"]
                ),
                (day, "scale: WEEK", ["2025-12-29T00:00 -", "2026-01-05T00:00 3"]),
                (year, "scale: MONTH", ["2025-12-01T00:00 -", "2026-01-01T00:00 3"]),
                (year, "scale: YEAR", ["2025-01-01T00:00 -", "2026-01-01T00:00 3"]),
                (
                    #"start: "2026-01-05T00:00:59Z", end: "2026-01-05T00:02:00Z""#, "scale: MINUTE",
                    ["2026-01-05T00:00 1", "2026-01-05T00:01 1"]
                ),
            ]
            for (range, config, points) in expected {
                let found = try await starts(range, config)
                #expect(found == points, "\(config)")
            }
        }
    }

    @Test("a series that ends before it starts, or there, has no steps")
    func reversed() async throws {
        try await withAPI(costing: Corpus.costing) { api in
            try await api.store(Corpus.spans)
            for end in ["2026-01-05T00:00:01Z", "2026-01-01T00:00:00Z"] {
                let range = #"timeRange: {start: "2026-01-05T00:00:01Z", end: "\#(end)"}"#
                for (name, fields) in [
                    ("spanCountTimeSeries", "okCount"), ("traceCountTimeSeries", "value"),
                    ("traceCountByStatusTimeSeries", "okCount"), ("traceLatencyMsPercentileTimeSeries", "p50"),
                    ("traceTokenCountTimeSeries", "promptTokenCountDetails { tokenType }"),
                    ("traceTokenCostTimeSeries", "totalCost"),
                    ("spanAnnotationScoreTimeSeries", "timestamp"), ("traceAnnotationMetricsTimeSeries", "timestamp"),
                ] {
                    let found = try await series(api, "\(name)(\(range)) { data { \(fields) } }")
                    #expect(found == "[]", "\(name) \(end)")
                }
            }
        }
    }

    @Test("a series needs a start, and not too many steps")
    func refusals() async throws {
        try await withAPI { api in
            try await api.store(Corpus.spans)
            let expected = [
                ("timeRange: {}", "timeRange: a start is needed"),
                (
                    #"timeRange: {start: "1980-01-05T00:00:00Z", end: "2026-01-05T00:00:00Z"}, timeBinConfig: {scale: MINUTE}"#,
                    "timeRange: too many steps; take longer ones"
                ),
            ]
            for (arguments, message) in expected {
                let errors = try await api.errors(
                    "{ getProjectByName(name: \"default\") { traceCountTimeSeries(\(arguments)) { data { value } } } }")
                #expect(errors == [message])
            }
        }
    }
}
