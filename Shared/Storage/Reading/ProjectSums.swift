import Database
import Domain

/// Projects' sums over any stretch of time.
extension ProjectStatistics {
    private static let minute = 60 * Timestamp.nanosecondsPerSecond

    /// Sums by project over the spans and traces that start from `start` to before `end` (nanoseconds since 1970, nil is
    /// open). Whole minutes are read from rollups; only spans of the two minutes at the edges are looked at.
    public func sums(of ids: [Int64], from start: Int64? = nil, to end: Int64? = nil) async throws -> [Int64:
        SpanTotals]
    {
        let firstMinute = start.map { RollupRange.ceiling($0, Self.minute) }
        let lastMinute = end.map { RollupRange.floor($0, Self.minute) }
        let edges = Self.edges((start, end), whole: (firstMinute, lastMinute))
        let range = RollupRange(from: firstMinute.map(Self.seconds), to: lastMinute.map(Self.seconds))
        return try await database.read { connection in
            var sums: [Int64: SpanTotals] = [:]
            if !range.pieces.isEmpty {
                for (id, totals) in try Self.kept(ids, range, connection) { sums[id, default: .init()] += totals }
            }
            for edge in edges {
                for (id, totals) in try Self.counted(ids, edge, connection) { sums[id, default: .init()] += totals }
            }
            return sums
        }
    }

    public enum Subject: Int64, Sendable {
        case span = 0
        case trace = 1
    }

    /// How many spans or traces have a latency in each `LatencyBucket`, by project; the stretch of time is widened to
    /// whole minutes.
    public func latencies(
        _ subject: Subject, of ids: [Int64], from start: Int64? = nil, to end: Int64? = nil
    ) async throws -> [Int64: [Int64: Int64]] {
        let range = Self.widened(start, end)
        return try await database.read { connection in
            var conditions = SQLConditions()
            conditions.add("subject = ?", .integer(subject.rawValue))
            conditions.add("project_id", isOneOf: ids.map(SQLValue.integer))
            range.add(to: &conditions)
            var counts: [Int64: [Int64: Int64]] = [:]
            let rows = try connection.query(
                """
                SELECT project_id, bucket, \(Self.sum("count")) FROM project_latencies WHERE \(conditions.sql)
                GROUP BY project_id, bucket
                """, conditions.values)
            for row in rows { counts[try row.integer(0), default: [:]][try row.integer(1)] = try row.integer(2) }
            return counts
        }
    }

    /// The whole minutes around a stretch of time.
    static func widened(_ start: Int64?, _ end: Int64?, widest: Int64 = 86_400) -> RollupRange {
        RollupRange(
            from: start.map { seconds(RollupRange.floor($0, minute)) },
            to: end.map { seconds(RollupRange.ceiling($0, minute)) }, widest: widest)
    }

    static func seconds(_ nanoseconds: Int64) -> Int64 {
        RollupRange.floor(nanoseconds, Timestamp.nanosecondsPerSecond) / Timestamp.nanosecondsPerSecond
    }

    /// What of a stretch of time is outside its whole minutes or hours.
    static func edges(
        _ all: (start: Int64?, end: Int64?), whole: (start: Int64?, end: Int64?)
    ) -> [Range<Int64>] {
        if let start = all.start, let end = all.end, let first = whole.start, let last = whole.end, first >= last {
            return start < end ? [start..<end] : []
        }
        var edges: [Range<Int64>] = []
        if let start = all.start, let first = whole.start, start < first { edges.append(start..<first) }
        if let end = all.end, let last = whole.end, last < end { edges.append(last..<end) }
        return edges
    }

    private static func kept(
        _ ids: [Int64], _ range: RollupRange, _ connection: DatabaseConnection
    ) throws -> [Int64: SpanTotals] {
        var conditions = SQLConditions()
        conditions.add("project_id", isOneOf: ids.map(SQLValue.integer))
        range.add(to: &conditions)
        let rows = try connection.query(
            """
            SELECT project_id, \(sum("span_count")), \(sum("trace_count")), \(sum("prompt_tokens")),
                \(sum("completion_tokens")), \(sum("prompt_cost")), \(sum("completion_cost")), \(sum("error_count"))
            FROM project_rollups WHERE \(conditions.sql) GROUP BY project_id
            """, conditions.values)
        return Dictionary(uniqueKeysWithValues: try rows.map { (try $0.integer(0), try SpanTotals($0, from: 1)) })
    }

    private static func counted(
        _ ids: [Int64], _ edge: Range<Int64>, _ connection: DatabaseConnection
    ) throws -> [Int64: SpanTotals] {
        var conditions = SQLConditions()
        conditions.add("project_id", isOneOf: ids.map(SQLValue.integer))
        conditions.add("start_time >= ?", .integer(edge.lowerBound))
        conditions.add("start_time < ?", .integer(edge.upperBound))
        func summed(_ column: String) -> String { "CAST(COALESCE(SUM(\(column)), 0) AS BIGINT)" }
        let spans = try connection.query(
            """
            SELECT project_id, COUNT(*), 0, \(summed("prompt_tokens")), \(summed("completion_tokens")),
                \(summed("prompt_cost")), \(summed("completion_cost")),
                \(summed("CASE WHEN status_code = 'ERROR' THEN 1 ELSE 0 END"))
            FROM spans WHERE \(conditions.sql) GROUP BY project_id
            """, conditions.values)
        var sums = Dictionary(uniqueKeysWithValues: try spans.map { (try $0.integer(0), try SpanTotals($0, from: 1)) })
        let traces = try connection.query(
            "SELECT project_id, COUNT(*) FROM traces WHERE \(conditions.sql) GROUP BY project_id", conditions.values)
        for row in traces { sums[try row.integer(0), default: .init()].traceCount = try row.integer(1) }
        return sums
    }
}

/// When a project's first trace started and its last one ended. Nanoseconds since 1970.
public struct ProjectActivity: Sendable {
    public var firstStart: Int64?
    public var lastEnd: Int64?
}

extension ProjectStatistics {
    /// By project; all by a few steps in indexes, except for traces that may have ended last, which are looked at.
    public func activity(of ids: [Int64]) async throws -> [Int64: ProjectActivity] {
        guard !ids.isEmpty else { return [:] }
        let longest = try await latencies(.trace, of: ids).mapValues { counts in
            counts.filter { $0.value > 0 }.keys.max().map { LatencyBucket.nanoseconds(index: $0 + 1) } ?? 0
        }
        return try await database.read { connection in
            var values: [SQLValue] = []
            let wanted = ids.map { id in
                // A trace that ended after the newest one's end began no earlier than the longest latency before it.
                values += [.integer(id), .integer(Int64(min(longest[id] ?? 0, 9e18)))]
                return "(CAST($\(values.count - 1) AS BIGINT), CAST($\(values.count) AS BIGINT))"
            }
            let rows = try connection.query(
                """
                WITH wanted(id, longest) AS (VALUES \(wanted.joined(separator: ", "))),
                newest AS (
                    SELECT id, longest, (SELECT t.end_time FROM traces t WHERE t.project_id = wanted.id
                        ORDER BY t.start_time DESC, t.id DESC LIMIT 1) AS end_time FROM wanted
                )
                SELECT id,
                    (SELECT t.start_time FROM traces t WHERE t.project_id = newest.id
                        ORDER BY t.start_time, t.id LIMIT 1),
                    (SELECT MAX(t.end_time) FROM traces t
                        WHERE t.project_id = newest.id AND t.start_time >= newest.end_time - newest.longest)
                FROM newest
                """, values)
            return Dictionary(
                try rows.map { row in
                    let activity = ProjectActivity(
                        firstStart: try row.optionalInteger(1), lastEnd: try row.optionalInteger(2))
                    return (try row.integer(0), activity)
                }, uniquingKeysWith: { first, _ in first })
        }
    }

    /// When the newest span of each of these projects started, by one step in an index each; projects without spans are
    /// left out.
    public func newestSpans(of ids: [Int64]) async throws -> [Int64: Int64] {
        let rows = try await database.rows(of: ids, in: "p.id") {
            """
            SELECT p.id, (SELECT s.start_time FROM spans s WHERE s.project_id = p.id
                ORDER BY s.start_time DESC, s.id DESC LIMIT 1)
            FROM projects p WHERE \($0)
            """
        } make: {
            (project: try $0.integer(0), start: try $0.optionalInteger(1))
        }
        return Dictionary(uniqueKeysWithValues: rows.compactMap { row in row.start.map { (row.project, $0) } })
    }
}
