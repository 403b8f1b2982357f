import Database
import FilterLanguage

/// Which sessions of a project are wanted, in which order, and which page of them.
public struct SessionSelection: Sendable {
    public enum Sort: Sendable, Hashable {
        /// The one order that an index helps with.
        case startTime
        case endTime
        case tokens
        case traceCount
        case cost
        /// Of the annotation of this name; of several, the greatest.
        case annotationScore(String)
        case annotationLabel(String)
    }

    public var projectID: Int64
    public var filter: SessionFilter?
    /// Nanoseconds since 1970: sessions that something happened in between, before `endTime`.
    public var startTime: Int64?
    public var endTime: Int64?
    public var sort = Sort.startTime
    public var descending = true
    /// The row id of the session before the page.
    public var after: Int64?
    public var limit: Int

    public init(projectID: Int64, limit: Int) {
        self.projectID = projectID
        self.limit = limit
    }

    func conditions(_ dialect: SQLDialect) -> SQLConditions {
        var conditions = SQLConditions()
        conditions.add("project_sessions.project_id = ?", .integer(projectID))
        if let startTime { conditions.add("project_sessions.end_time >= ?", .integer(startTime)) }
        if let endTime { conditions.add("project_sessions.start_time < ?", .integer(endTime)) }
        if let filter {
            conditions.add { filter.condition(dialect: dialect, sessions: "project_sessions", firstParameter: $0) }
        }
        return conditions
    }

    fileprivate func statement(_ dialect: SQLDialect) -> (sql: String, values: [SQLValue]) {
        var conditions = conditions(dialect)
        let name = annotationName.map { conditions.addValue(.text($0)) } ?? ""
        let key = key(of: "project_sessions", dialect, annotationName: name)
        let (comparison, direction) = descending ? ("<", "DESC") : (">", "ASC")
        if let after {
            let other = self.key(of: "c", dialect, annotationName: name)
            conditions.add(
                """
                (\(key), project_sessions.id) \(comparison)
                (SELECT \(other), c.id FROM project_sessions AS c WHERE c.id = ?)
                """, .integer(after))
        }
        let sql = """
            SELECT \(SessionRecord.columns) FROM project_sessions WHERE \(conditions.sql)
            ORDER BY \(key) \(direction), project_sessions.id \(direction) LIMIT \(limit)
            """
        return (sql, conditions.values)
    }

    private var annotationName: String? {
        switch sort {
        case .annotationScore(let name), .annotationLabel(let name): name
        default: nil
        }
    }

    private var missing: MissingKey { MissingKey(descending: descending) }

    /// What is sorted by; what is missing comes last in either order.
    private func key(of session: String, _ dialect: SQLDialect, annotationName: String) -> String {
        switch sort {
        case .startTime: "\(session).start_time"
        case .endTime: "\(session).end_time"
        case .tokens: "(\(session).prompt_tokens + \(session).completion_tokens)"
        case .traceCount: "\(session).trace_count"
        case .cost: "(\(session).prompt_cost + \(session).completion_cost)"
        case .annotationScore: greatest("a.score", or: missing.score, session, annotationName)
        case .annotationLabel: greatest(dialect.bytewise("a.label"), or: missing.text, session, annotationName)
        }
    }

    private func greatest(_ column: String, or missing: String, _ session: String, _ name: String) -> String {
        """
        COALESCE((SELECT MAX(\(column)) FROM session_annotations AS a
            WHERE a.session_rowid = \(session).id AND a.name = \(name)), \(missing))
        """
    }
}

/// Sums over sessions.
public struct SessionTotals: Sendable {
    public var count: Int64
    /// Nil without sessions.
    public var averageDuration: Double?
    public var averageTraceCount: Double?
}

extension SessionRepository {
    /// A page of the selected sessions. Throws `MissingCursor` where the session before it is gone.
    public func page(_ selection: SessionSelection) async throws -> [SessionRecord] {
        try await database.read { connection in
            let (sql, values) = selection.statement(connection.dialect)
            let page = try connection.query(sql, values).map(SessionRecord.init)
            try MissingCursor.check(
                selection.after, in: "project_sessions", on: connection, isEmpty: page.isEmpty)
            return page
        }
    }

    /// Over all selected sessions, whatever page is asked for. Durations are nanoseconds.
    public func totals(_ selection: SessionSelection) async throws -> SessionTotals {
        try await database.read { connection in
            let conditions = selection.conditions(connection.dialect)
            let row = try connection.query(
                """
                SELECT COUNT(*), AVG(CAST(end_time - start_time AS DOUBLE PRECISION)),
                    AVG(CAST(trace_count AS DOUBLE PRECISION))
                FROM project_sessions WHERE \(conditions.sql)
                """, conditions.values
            ).first
            return SessionTotals(
                count: try row?.integer(0) ?? 0, averageDuration: try row?.optionalReal(1),
                averageTraceCount: try row?.optionalReal(2))
        }
    }

    /// In milliseconds; nil without sessions.
    public func durationQuantile(_ selection: SessionSelection, _ probability: Double) async throws -> Double? {
        try await database.read { connection in
            let conditions = selection.conditions(connection.dialect)
            return try Quantile.milliseconds(
                probability, of: "end_time - start_time", from: "project_sessions WHERE \(conditions.sql)",
                conditions.values, on: connection)
        }
    }
}
