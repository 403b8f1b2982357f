import Database
import Domain
import FilterLanguage

/// A session as lists show it.
public struct SessionRecord: Sendable {
    public var id: Int64
    public var sessionID: String
    public var projectID: Int64
    public var startTime: Int64
    public var endTime: Int64
    public var traceCount: Int64
    public var spanCount: Int64
    public var errorCount: Int64
    public var promptTokens: Int64
    public var completionTokens: Int64
    /// Nano-dollars.
    public var promptCost: Int64
    public var completionCost: Int64
    /// Of its earliest trace.
    public var userID: String?

    /// Nano-dollars.
    public var cost: Int64 { promptCost + completionCost }

    static let columns = """
        id, session_id, project_id, start_time, end_time, trace_count, span_count, error_count, prompt_tokens,
        completion_tokens, prompt_cost, completion_cost,
        (SELECT root_user_id FROM traces WHERE traces.session_id = project_sessions.session_id
            ORDER BY start_time, traces.id LIMIT 1)
        """

    init(_ row: SQLRow) throws {
        id = try row.integer(0)
        sessionID = try row.text(1)
        projectID = try row.integer(2)
        startTime = try row.integer(3)
        endTime = try row.integer(4)
        traceCount = try row.integer(5)
        spanCount = try row.integer(6)
        errorCount = try row.integer(7)
        promptTokens = try row.integer(8)
        completionTokens = try row.integer(9)
        promptCost = try row.integer(10)
        completionCost = try row.integer(11)
        userID = try row.optionalText(12)
    }
}

/// A trace within its session.
public struct SessionTrace: Sendable {
    public var id: Int64
    public var traceID: TraceID
    public var startTime: Int64
    public var endTime: Int64
}

/// Reads the table `project_sessions`.
public struct SessionRepository: Sendable {
    let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// A project's sessions by id, from `id` on.
    public func byID(
        projectID: Int64, filter: SessionFilter? = nil, from id: Int64?, descending: Bool, limit: Int
    ) async throws -> [SessionRecord] {
        try await database.read { connection in
            var conditions = SQLConditions()
            conditions.add("project_id = ?", .integer(projectID))
            if let id { conditions.add(descending ? "id <= ?" : "id >= ?", .integer(id)) }
            if let filter {
                conditions.add {
                    filter.condition(
                        dialect: connection.dialect, sessions: "project_sessions", firstParameter: $0)
                }
            }
            return try Self.rows(conditions, order: descending ? "id DESC" : "id", limit: limit, on: connection)
        }
    }

    public func session(id: Int64) async throws -> SessionRecord? {
        var conditions = SQLConditions()
        conditions.add("id = ?", .integer(id))
        return try await rows(conditions, order: "id", limit: 1).first
    }

    public func session(_ sessionID: String) async throws -> SessionRecord? {
        var conditions = SQLConditions()
        conditions.add("session_id = ?", .text(sessionID))
        return try await rows(conditions, order: "id", limit: 1).first
    }

    /// The traces of these sessions, by session, each in order of time.
    public func traces(of sessionIDs: [String]) async throws -> [String: [SessionTrace]] {
        var conditions = SQLConditions()
        conditions.add("session_id", isOneOf: sessionIDs.map(SQLValue.text))
        let (sql, values) = (conditions.sql, conditions.values)
        return try await database.read { connection in
            var traces: [String: [SessionTrace]] = [:]
            let rows = try connection.query(
                """
                SELECT session_id, id, trace_id, start_time, end_time FROM traces WHERE \(sql) ORDER BY start_time, id
                """, values)
            for row in rows {
                guard let traceID = TraceID(bytes: try row.bytes(2)) else { continue }
                traces[try row.text(0), default: []].append(
                    SessionTrace(
                        id: try row.integer(1), traceID: traceID, startTime: try row.integer(3),
                        endTime: try row.integer(4)))
            }
            return traces
        }
    }

    private func rows(_ conditions: SQLConditions, order: String, limit: Int) async throws -> [SessionRecord] {
        try await database.read { [conditions] in try Self.rows(conditions, order: order, limit: limit, on: $0) }
    }

    private static func rows(
        _ conditions: SQLConditions, order: String, limit: Int, on connection: DatabaseConnection
    ) throws -> [SessionRecord] {
        try connection.query(
            """
            SELECT \(SessionRecord.columns) FROM project_sessions WHERE \(conditions.sql)
            ORDER BY \(order) LIMIT \(limit)
            """, conditions.values
        ).map(SessionRecord.init)
    }
}
