import Database
import Domain

/// What a project sums up to. Costs are nano-dollars, latencies nanoseconds, times nanoseconds since 1970.
public struct ProjectTotals: Sendable {
    public var traceCount: Int64 = 0
    public var spanCount: Int64 = 0
    public var errorCount: Int64 = 0
    public var promptTokens: Int64 = 0
    public var completionTokens: Int64 = 0
    public var cost: Int64 = 0
    /// Of traces; nil without any.
    public var latencyP50: Double?
    public var latencyP99: Double?
    /// When the latest span started.
    public var lastSpanTime: Int64?

    public init() {}
}

/// One step of a project's time series.
public struct ProjectPoint: Sendable {
    /// Seconds since 1970.
    public var time: Int64
    public var traceCount: Int64
    public var spanCount: Int64
    public var errorCount: Int64
    public var promptTokens: Int64
    public var completionTokens: Int64
}

/// Reads projects' numbers from their rollups: the work grows with the days kept, not with the spans.
public struct ProjectStatistics: Sendable {
    let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// Totals by project; a project without spans has none. `projectID` nil means all.
    public func totals(projectID: Int64? = nil) async throws -> [Int64: ProjectTotals] {
        // One parameter of one type on both engines: 0 is nobody's id.
        let selected = SQLValue.integer(projectID ?? 0)
        return try await database.read { connection in
            var totals: [Int64: ProjectTotals] = [:]
            for row in try connection.query(Self.totalsSQL, [selected]) {
                var total = ProjectTotals()
                total.traceCount = try row.integer(1)
                total.spanCount = try row.integer(2)
                total.errorCount = try row.integer(3)
                total.promptTokens = try row.integer(4)
                total.completionTokens = try row.integer(5)
                total.cost = try row.integer(6)
                total.lastSpanTime = try row.optionalInteger(7)
                totals[try row.integer(0)] = total
            }
            for (id, counts) in try Self.latencies(connection, selected) {
                totals[id]?.latencyP50 = LatencyBucket.quantile(0.5, counts: counts)
                totals[id]?.latencyP99 = LatencyBucket.quantile(0.99, counts: counts)
            }
            return totals
        }
    }

    /// Sums of steps of `width` seconds (60, 3600 or 86,400), from `start` on (seconds since 1970), those without spans
    /// left out.
    public func series(projectID: Int64, width: Int64, from start: Int64) async throws -> [ProjectPoint] {
        try await database.read { connection in
            try connection.query(Self.seriesSQL, [.integer(projectID), .integer(width), .integer(start)]).map { row in
                ProjectPoint(
                    time: try row.integer(0), traceCount: try row.integer(1), spanCount: try row.integer(2),
                    errorCount: try row.integer(3), promptTokens: try row.integer(4),
                    completionTokens: try row.integer(5))
            }
        }
    }

    private static func latencies(
        _ connection: DatabaseConnection, _ selected: SQLValue
    ) throws -> [Int64: [Int64: Int64]] {
        var counts: [Int64: [Int64: Int64]] = [:]
        for row in try connection.query(latenciesSQL, [selected]) {
            counts[try row.integer(0), default: [:]][try row.integer(1)] = try row.integer(2)
        }
        return counts
    }

    static func sum(_ column: String) -> String { "CAST(SUM(\(column)) AS BIGINT)" }

    private static let totalsSQL = """
        SELECT project_id, \(sum("trace_count")), \(sum("span_count")), \(sum("error_count")), \(sum("prompt_tokens")),
            \(sum("completion_tokens")), \(sum("prompt_cost + completion_cost")),
            (SELECT start_time FROM spans WHERE spans.project_id = r.project_id ORDER BY start_time DESC, id DESC LIMIT 1)
        FROM project_rollups r WHERE width = 86400 AND ($1 = 0 OR project_id = $1) GROUP BY project_id
        """

    private static let latenciesSQL = """
        SELECT project_id, bucket, \(sum("count")) FROM project_latencies
        WHERE width = 86400 AND subject = 1 AND ($1 = 0 OR project_id = $1) GROUP BY project_id, bucket
        """

    private static let seriesSQL = """
        SELECT bucket_start, \(sum("trace_count")), \(sum("span_count")), \(sum("error_count")), \(sum("prompt_tokens")),
            \(sum("completion_tokens"))
        FROM project_rollups WHERE project_id = $1 AND width = $2 AND bucket_start >= $3
        GROUP BY bucket_start ORDER BY bucket_start
        """
}
