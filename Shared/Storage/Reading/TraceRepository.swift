import Database
import Domain
import FilterLanguage

/// A trace as lists show it: its row, which is a rollup of its spans.
public struct TraceRecord: Sendable {
    public var id: Int64
    public var traceID: TraceID
    public var projectID: Int64
    public var sessionID: String?
    public var startTime: Int64
    public var endTime: Int64
    public var spanCount: Int64
    public var errorCount: Int64
    public var promptTokens: Int64
    public var completionTokens: Int64
    /// Nano-dollars.
    public var promptCost: Int64
    public var completionCost: Int64
    public var rootSpanID: SpanID
    public var rootName: String
    public var rootKind: String
    public var rootStatus: String
    /// The span that stands for the trace has a parent, which has not come.
    public var rootIsOrphan: Bool
    public var userID: String?
    public var input: String?
    public var output: String?

    /// Nano-dollars.
    public var cost: Int64 { promptCost + completionCost }

    static let columns = """
        id, trace_id, project_id, session_id, start_time, end_time, span_count, error_count, prompt_tokens,
        completion_tokens, root_span_id, root_name, root_kind, root_status, root_is_child, root_user_id, root_input,
        root_output, prompt_cost, completion_cost
        """
    static let columnCount = 20

    init(_ row: SQLRow) throws {
        guard let traceID = TraceID(bytes: try row.bytes(1)), let root = SpanID(bytes: try row.bytes(10)) else {
            throw DatabaseError.failed(sqlState: "XX001", message: "a trace's ids have the wrong length")
        }
        id = try row.integer(0)
        self.traceID = traceID
        projectID = try row.integer(2)
        sessionID = try row.optionalText(3)
        startTime = try row.integer(4)
        endTime = try row.integer(5)
        spanCount = try row.integer(6)
        errorCount = try row.integer(7)
        promptTokens = try row.integer(8)
        completionTokens = try row.integer(9)
        rootSpanID = root
        rootName = try row.text(11)
        rootKind = try row.text(12)
        rootStatus = try row.text(13)
        rootIsOrphan = try row.integer(14) != 0
        userID = try row.optionalText(15)
        input = try row.optionalText(16)
        output = try row.optionalText(17)
        promptCost = try row.integer(18)
        completionCost = try row.integer(19)
    }
}

/// Which traces of a project are wanted, and in which order.
public struct TraceQuery: Sendable {
    public enum Sort: Sendable {
        case startTime
        /// No index helps here: the project's traces in the time range are sorted for every page.
        case latency
    }

    public var projectID: Int64
    /// Nanoseconds since 1970; the first is included, the second not.
    public var startTime: Int64?
    public var endTime: Int64?
    public var sessionIDs: [String]?
    /// Whether a span of it failed.
    public var hasErrors: Bool?
    /// Nanoseconds from its start to its end; both are included.
    public var latencyMin: Int64?
    public var latencyMax: Int64?
    public var filter: TraceFilter?
    /// Of the session that a trace belongs to.
    public var sessionFilter: SessionFilter?
    /// In the name, or at the beginning of the input or output, of any of its spans, in any case.
    public var search: String?
    public var sort = Sort.startTime
    public var descending = true
    /// The trace before the page.
    public var after: Int64?
    public var limit: Int

    public init(projectID: Int64, limit: Int) {
        self.projectID = projectID
        self.limit = limit
    }
}

/// Reads the table `traces`.
public struct TraceRepository: Sendable {
    let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// Up to `limit` traces. Throws `MissingCursor` where the trace before the page is gone.
    public func page(_ query: TraceQuery) async throws -> [TraceRecord] {
        try await database.read { connection in
            let page = try Self.page(query, on: connection)
            try MissingCursor.check(query.after, in: "traces", on: connection, isEmpty: page.isEmpty)
            return page
        }
    }

    public func trace(id: Int64) async throws -> TraceRecord? {
        try await first("id = $1", .integer(id))
    }

    public func trace(_ id: TraceID) async throws -> TraceRecord? {
        try await first("trace_id = $1", .bytes(id.bytes))
    }

    /// Removes traces with their spans. Returns how many there were.
    public func remove(_ ids: [TraceID]) async throws -> Int {
        try await database.write { try TraceRemoval.removeTraces(ids, on: $0) }
    }

    /// Moves traces to another project, all or none. Throws `TraceTransfer.Refusal`. Returns how many were moved.
    public func move(_ ids: [TraceID], toProject projectID: Int64) async throws -> Int {
        try await database.write { try TraceTransfer.move(Set(ids), toProject: projectID, on: $0) }
    }

    private func first(_ condition: String, _ value: SQLValue) async throws -> TraceRecord? {
        try await database.read { connection in
            try connection.query("SELECT \(TraceRecord.columns) FROM traces WHERE \(condition)", [value])
                .first.map(TraceRecord.init)
        }
    }

    private static func page(_ query: TraceQuery, on connection: DatabaseConnection) throws -> [TraceRecord] {
        if let search = query.search, !search.isEmpty {
            return try TraceSearch(query, needle: search, connection).page()
        }
        let conditions = query.conditions(connection.dialect)
        return try connection.query(
            """
            SELECT \(TraceRecord.columns) FROM traces WHERE \(conditions.sql) \(query.order) LIMIT \(query.limit)
            """, conditions.values
        ).map(TraceRecord.init)
    }
}

extension TraceQuery {
    private var key: String { sort == .startTime ? "start_time" : "(end_time - start_time)" }

    var order: String {
        let direction = descending ? "DESC" : "ASC"
        return "ORDER BY \(key) \(direction), id \(direction)"
    }

    /// All but the search.
    func conditions(_ dialect: SQLDialect) -> SQLConditions {
        var conditions = SQLConditions()
        conditions.add("project_id = ?", .integer(projectID))
        if let startTime { conditions.add("start_time >= ?", .integer(startTime)) }
        if let endTime { conditions.add("start_time < ?", .integer(endTime)) }
        if let sessionIDs { conditions.add("session_id", isOneOf: sessionIDs.map(SQLValue.text)) }
        if let hasErrors { conditions.add(hasErrors ? "error_count > 0" : "error_count = 0") }
        if let latencyMin { conditions.add("(end_time - start_time) >= ?", .integer(latencyMin)) }
        if let latencyMax { conditions.add("(end_time - start_time) <= ?", .integer(latencyMax)) }
        if let filter {
            conditions.add { filter.condition(dialect: dialect, traces: "traces", firstParameter: $0) }
        }
        if let sessionFilter {
            conditions.add { number in
                let (sql, values) = sessionFilter.condition(dialect: dialect, sessions: "p", firstParameter: number)
                return ("session_id IN (SELECT p.session_id FROM project_sessions AS p WHERE \(sql))", values)
            }
        }
        if let after {
            conditions.add(
                "(\(key), id) \(descending ? "<" : ">") (SELECT \(key), id FROM traces WHERE id = ?)", .integer(after))
        }
        return conditions
    }
}
