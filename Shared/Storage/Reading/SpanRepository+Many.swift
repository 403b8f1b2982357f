import Database
import Domain
import FilterLanguage

/// What many spans, or the spans of many traces, are asked for at once.
extension SpanRepository {
    /// Those of these spans that there are, by row id.
    public func summaries(ids: [Int64]) async throws -> [Int64: SpanSummary] {
        let rows = try await summaries(ids, in: "s.id")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
    }

    public func summary(_ id: SpanID) async throws -> SpanSummary? {
        try await database.read { connection in
            try connection.query(
                """
                SELECT \(SpanSummary.columns) FROM \(SpanSummary.source)
                WHERE \(connection.dialect.span("s", hasID: "$1"))
                """, [.bytes(id.bytes)]
            ).first.map(SpanSummary.init)
        }
    }

    /// The first spans of each of these traces in order of time, by the trace's row.
    public func summaries(ofTraces ids: [Int64], firstOfEach limit: Int) async throws -> [Int64: [SpanSummary]] {
        let rows = try await database.rows(of: ids, in: "s.trace_rowid") { condition in
            """
            SELECT \(SpanSummary.columns) FROM \(SpanSummary.source) JOIN (
                SELECT s.id, ROW_NUMBER() OVER (PARTITION BY s.trace_rowid ORDER BY s.start_time, s.id) AS place
                FROM spans s WHERE \(condition)
            ) AS placed ON placed.id = s.id WHERE placed.place <= \(limit) ORDER BY s.start_time, s.id
            """
        } make: {
            try SpanSummary($0)
        }
        return Dictionary(grouping: rows, by: \.traceRowID)
    }

    /// The spans that stand for these traces, by the trace's row: the first without a parent, or the first of those whose
    /// parents have not come.
    public func rootSummaries(ofTraces ids: [Int64]) async throws -> [Int64: SpanSummary] {
        let isRoot = database.dialect.span("s", hasID: "t.root_span_id")
        let rows = try await database.rows(of: ids, in: "t.id") {
            """
            SELECT \(SpanSummary.columns) FROM traces t JOIN spans s ON \(isRoot)
            WHERE \($0)
            """
        } make: {
            try SpanSummary($0)
        }
        return Dictionary(rows.map { ($0.traceRowID, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The attributes of these spans, JSON objects as they were stored, by row id.
    public func attributes(of ids: [Int64]) async throws -> [Int64: [UInt8]] {
        try await column("attributes", of: ids)
    }

    /// The events of these spans, JSON arrays as they were stored, by row id; spans without any are left out.
    public func events(of ids: [Int64]) async throws -> [Int64: [UInt8]] {
        try await column("events", of: ids)
    }

    /// What OTLP says of these spans beyond the other columns, JSON objects as they were stored, by row id; spans without
    /// are left out.
    public func otlp(of ids: [Int64]) async throws -> [Int64: [UInt8]] {
        try await column("otlp", of: ids)
    }

    /// What sent these spans, `{"resource": …, "scope": …}` as it was stored, by row id; spans without are left out.
    public func resources(of ids: [Int64]) async throws -> [Int64: [UInt8]] {
        let rows = try await database.rows(of: ids, in: "s.id") {
            "SELECT s.id, r.content FROM spans s JOIN resources r ON r.id = s.resource_id WHERE \($0)"
        } make: {
            (try $0.integer(0), try $0.json(1))
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// What these spans cost by kind of token, JSON arrays as they were stored, by row id; those without are left out.
    public func costDetails(of ids: [Int64]) async throws -> [Int64: [UInt8]] {
        try await column("cost_details", of: ids)
    }

    /// The same of all spans of these traces, by the trace's row.
    public func costDetails(ofTraces ids: [Int64]) async throws -> [Int64: [[UInt8]]] {
        try await grouped(ids, in: "s.trace_rowid") {
            "SELECT s.trace_rowid, s.cost_details FROM spans s WHERE s.cost_details IS NOT NULL AND \($0)"
        }
    }

    /// The same of all spans of these sessions, by the session's row.
    public func costDetails(ofSessions ids: [Int64]) async throws -> [Int64: [[UInt8]]] {
        try await grouped(ids, in: "p.id") {
            """
            SELECT p.id, s.cost_details FROM project_sessions p JOIN traces t ON t.session_id = p.session_id
            JOIN spans s ON s.trace_rowid = t.id WHERE s.cost_details IS NOT NULL AND \($0)
            """
        }
    }

    /// The events of the failed spans of these traces, one entry a span, empty without events; by the trace's row.
    public func eventsOfErrors(inTraces ids: [Int64]) async throws -> [Int64: [[UInt8]]] {
        try await grouped(ids, in: "s.trace_rowid") {
            "SELECT s.trace_rowid, COALESCE(s.events, '') FROM spans s WHERE s.status_code = 'ERROR' AND \($0)"
        }
    }

    /// How many spans of each kind these traces have, the most first, by the trace's row.
    public func kindCounts(ofTraces ids: [Int64]) async throws -> [Int64: [(kind: String, count: Int64)]] {
        let rows = try await database.rows(of: ids, in: "s.trace_rowid") {
            """
            SELECT s.trace_rowid, s.span_kind, COUNT(*) FROM spans s WHERE \($0)
            GROUP BY s.trace_rowid, s.span_kind ORDER BY COUNT(*) DESC, s.span_kind
            """
        } make: {
            (trace: try $0.integer(0), kind: try $0.text(1), count: try $0.integer(2))
        }
        return Dictionary(grouping: rows, by: \.trace).mapValues { $0.map { ($0.kind, $0.count) } }
    }

    private func summaries(_ ids: [Int64], in column: String) async throws -> [SpanSummary] {
        try await database.rows(of: ids, in: column) {
            "SELECT \(SpanSummary.columns) FROM \(SpanSummary.source) WHERE \($0)"
        } make: {
            try SpanSummary($0)
        }
    }

    private func column(_ name: String, of ids: [Int64]) async throws -> [Int64: [UInt8]] {
        let rows = try await database.rows(of: ids, in: "id") {
            "SELECT id, \(name) FROM spans WHERE \(name) IS NOT NULL AND \($0)"
        } make: {
            (try $0.integer(0), try $0.json(1))
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    private func grouped(
        _ ids: [Int64], in column: String, _ statement: @escaping @Sendable (String) -> String
    ) async throws -> [Int64: [[UInt8]]] {
        let rows = try await database.rows(of: ids, in: column, statement) {
            (key: try $0.integer(0), json: try $0.json(1))
        }
        return Dictionary(grouping: rows, by: \.key).mapValues { $0.map(\.json) }
    }
}
