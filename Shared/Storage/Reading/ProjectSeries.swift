import Database
import Domain
import FilterLanguage

/// How many there are by status.
public struct StatusCounts: Sendable {
    public var ok: Int64 = 0
    public var error: Int64 = 0
    public var unset: Int64 = 0

    public init() {}

    public static func += (left: inout StatusCounts, right: StatusCounts) {
        left.ok += right.ok
        left.error += right.error
        left.unset += right.unset
    }
}

/// Projects' sums by time. Times in answers are seconds since 1970, the first of a step.
extension ProjectStatistics {
    /// By project, from rollups: steps of `width` seconds at most in order of time, those without spans left out; the
    /// stretch of time (nanoseconds since 1970) is widened to whole minutes.
    public func buckets(
        of ids: [Int64], _ time: Range<Int64>, width: Int64
    ) async throws -> [Int64: [(time: Int64, totals: SpanTotals)]] {
        let range = Self.widened(time.lowerBound, time.upperBound, widest: width)
        return try await database.read { connection in
            var conditions = SQLConditions()
            conditions.add("project_id", isOneOf: ids.map(SQLValue.integer))
            range.add(to: &conditions)
            let columns = [
                "span_count", "trace_count", "prompt_tokens", "completion_tokens", "prompt_cost", "completion_cost",
                "error_count",
            ].map(Self.sum)
            let rows = try connection.query(
                """
                SELECT project_id, bucket_start, \(columns.joined(separator: ", ")) FROM project_rollups
                WHERE \(conditions.sql) GROUP BY project_id, bucket_start ORDER BY bucket_start
                """, conditions.values)
            var buckets: [Int64: [(time: Int64, totals: SpanTotals)]] = [:]
            for row in rows {
                buckets[try row.integer(0), default: []].append((try row.integer(1), try SpanTotals(row, from: 2)))
            }
            return buckets
        }
    }

    /// Counts by `LatencyBucket` from rollups, in the same way.
    public func latencyBuckets(
        _ subject: Subject, projectID: Int64, _ time: Range<Int64>, width: Int64
    ) async throws -> [(time: Int64, latency: Int64, count: Int64)] {
        let range = Self.widened(time.lowerBound, time.upperBound, widest: width)
        return try await database.read { connection in
            var conditions = SQLConditions()
            conditions.add("project_id = ?", .integer(projectID))
            conditions.add("subject = ?", .integer(subject.rawValue))
            range.add(to: &conditions)
            return try connection.query(
                """
                SELECT bucket_start, bucket, \(Self.sum("count")) FROM project_latencies WHERE \(conditions.sql)
                GROUP BY bucket_start, bucket
                """, conditions.values
            ).map { (try $0.integer(0), try $0.integer(1), try $0.integer(2)) }
        }
    }

    /// How the selected spans ended, by steps of `width` seconds. No sums are kept of this: each of the spans is looked at.
    public func spanStatuses(_ selection: SpanSelection, width: Int64) async throws -> [(time: Int64, StatusCounts)] {
        try await database.read { connection in
            let conditions = selection.conditions(connection.dialect)
            let step = Self.step(of: "s.start_time", width)
            return try connection.query(
                """
                SELECT \(step), SUM(CASE WHEN s.status_code = 'OK' THEN 1 ELSE 0 END),
                    SUM(CASE WHEN s.status_code = 'ERROR' THEN 1 ELSE 0 END),
                    SUM(CASE WHEN s.status_code NOT IN ('OK', 'ERROR') THEN 1 ELSE 0 END)
                FROM spans s WHERE \(conditions.sql) GROUP BY 1
                """, conditions.values
            ).map { row in
                var counts = StatusCounts()
                (counts.ok, counts.error, counts.unset) = (
                    try row.integer(1), try row.integer(2), try row.integer(3)
                )
                return (try row.integer(0) * width, counts)
            }
        }
    }

    /// How many traces have a failed span and how many have none, by steps of `width` seconds; each of the traces in the
    /// stretch of time is looked at.
    public func traceStatuses(
        projectID: Int64, _ time: Range<Int64>, width: Int64
    ) async throws -> [(time: Int64, StatusCounts)] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT \(Self.step(of: "start_time", width)), SUM(CASE WHEN error_count > 0 THEN 0 ELSE 1 END),
                    SUM(CASE WHEN error_count > 0 THEN 1 ELSE 0 END)
                FROM traces WHERE project_id = $1 AND start_time >= $2 AND start_time < $3 GROUP BY 1
                """, [.integer(projectID), .integer(time.lowerBound), .integer(time.upperBound)]
            ).map { row in
                var counts = StatusCounts()
                (counts.ok, counts.error) = (try row.integer(1), try row.integer(2))
                return (try row.integer(0) * width, counts)
            }
        }
    }

    private static func step(of column: String, _ width: Int64) -> String {
        "(\(column) / \(width * Timestamp.nanosecondsPerSecond))"
    }
}
