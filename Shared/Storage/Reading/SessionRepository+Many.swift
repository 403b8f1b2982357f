import Database
import Domain
import FilterLanguage

/// What many sessions are asked for at once.
extension SessionRepository {
    /// Those of these sessions that there are, by their own ids.
    public func sessions(_ sessionIDs: [String]) async throws -> [String: SessionRecord] {
        guard !sessionIDs.isEmpty else { return [:] }
        var conditions = SQLConditions()
        conditions.add("session_id", isOneOf: sessionIDs.map(SQLValue.text))
        let (sql, values) = (conditions.sql, conditions.values)
        return try await database.read { connection in
            let rows = try connection.query(
                "SELECT \(SessionRecord.columns) FROM project_sessions WHERE \(sql)", values
            ).map(SessionRecord.init)
            return Dictionary(uniqueKeysWithValues: rows.map { ($0.sessionID, $0) })
        }
    }

    /// How many traces of these sessions have a failed span, by the session's row.
    public func failedTraceCounts(of ids: [Int64]) async throws -> [Int64: Int64] {
        let rows = try await database.rows(of: ids, in: "p.id") {
            """
            SELECT p.id, COUNT(*) FROM project_sessions p JOIN traces t ON t.session_id = p.session_id
            WHERE t.error_count > 0 AND \($0) GROUP BY p.id
            """
        } make: {
            (try $0.integer(0), try $0.integer(1))
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// The quantile of the latencies of these sessions' traces in milliseconds, by the session's row.
    public func traceLatencyQuantiles(of ids: [Int64], _ probability: Double) async throws -> [Int64: Double] {
        let rows = try await database.rows(of: ids, in: "p.id") {
            """
            SELECT p.id, t.end_time - t.start_time FROM project_sessions p JOIN traces t ON t.session_id = p.session_id
            WHERE \($0) ORDER BY t.end_time - t.start_time
            """
        } make: {
            (session: try $0.integer(0), latency: try $0.integer(1))
        }
        return Dictionary(grouping: rows, by: \.session)
            .compactMapValues { Quantile.milliseconds(probability, of: $0.map(\.latency)) }
    }

    public enum End: Sendable {
        case first, last
    }

    /// The attributes of the span that stands for each session's first or last trace, by the session's row.
    public func rootAttributes(of ids: [Int64], _ end: End) async throws -> [Int64: [UInt8]] {
        let direction = end == .first ? "ASC" : "DESC"
        let root = """
            (SELECT t.root_span_id FROM traces t WHERE t.session_id = p.session_id
            ORDER BY t.start_time \(direction), t.id \(direction) LIMIT 1)
            """
        let isRoot = database.dialect.span("s", hasID: root)
        let rows = try await database.rows(of: ids, in: "p.id") {
            """
            SELECT p.id, s.attributes FROM project_sessions p JOIN spans s ON \(isRoot) WHERE \($0)
            """
        } make: {
            (try $0.integer(0), try $0.json(1))
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// A page of each of these sessions' traces in order of time, by the session's row.
    ///
    /// - Parameters:
    ///   - after: the row of the trace before the page.
    ///   - before: the row of the trace behind all that the page may have.
    public func tracePages(
        of ids: [Int64], after: Int64?, before: Int64?, firstOfEach limit: Int
    ) async throws -> [Int64: [TraceRecord]] {
        let place = [(after, ">"), (before, "<")].compactMap { cursor, comparison in
            cursor.map {
                " AND (t.start_time, t.id) \(comparison) (SELECT start_time, id FROM traces WHERE id = \($0))"
            }
        }.joined()
        let rows = try await database.rows(of: ids, in: "p.id") {
            """
            SELECT \(TraceRecord.columns), session FROM (
                SELECT t.*, p.id AS session, ROW_NUMBER() OVER (PARTITION BY p.id ORDER BY t.start_time, t.id) AS place
                FROM project_sessions p JOIN traces t ON t.session_id = p.session_id WHERE \($0)\(place)
            ) AS placed WHERE place <= \(limit) ORDER BY start_time, id
            """
        } make: {
            (session: try $0.integer(TraceRecord.columnCount), trace: try TraceRecord($0))
        }
        return Dictionary(grouping: rows, by: \.session).mapValues { $0.map(\.trace) }
    }
}
