import Database
import FilterLanguage

extension SpanRepository {
    /// A page of the selected spans, without their bodies. Throws `MissingCursor` where the span before it is gone.
    public func skeletons(_ selection: SpanSelection) async throws -> [SpanSkeleton] {
        try await page(selection, columns: SpanSkeleton.columns, from: "spans s", SpanSkeleton.init)
    }

    /// The same, as summaries.
    public func summaries(_ selection: SpanSelection) async throws -> [SpanSummary] {
        try await page(selection, columns: SpanSummary.columns, from: SpanSummary.source, SpanSummary.init)
    }

    /// The same, as row ids.
    public func ids(_ selection: SpanSelection) async throws -> [Int64] {
        try await page(selection, columns: "s.id", from: "spans s") { try $0.integer(0) }
    }

    /// The same, with their bodies.
    public func spans(_ selection: SpanSelection) async throws -> [SpanRecordWithBodies] {
        try await page(
            selection, columns: SpanRecordWithBodies.columns, from: SpanRecordWithBodies.source,
            SpanRecordWithBodies.init)
    }

    private func page<T: Sendable>(
        _ selection: SpanSelection, columns: String, from source: String,
        _ make: @escaping @Sendable (SQLRow) throws -> T
    ) async throws -> [T] {
        try await database.read { connection in
            let (sql, values) = selection.statement(connection.dialect, columns: columns, from: source)
            let page = try connection.query(sql, values).map(make)
            for cursor in [selection.after, selection.before] {
                try MissingCursor.check(cursor, in: "spans", on: connection, isEmpty: page.isEmpty)
            }
            return page
        }
    }

    /// Prompt and completion tokens of each of these spans and all below it.
    public func cumulativeTokens(of ids: [Int64]) async throws -> [Int64: (prompt: Int64, completion: Int64)] {
        var conditions = SQLConditions()
        conditions.add("s.id", isOneOf: ids.map(SQLValue.integer))
        let (sql, values) = (conditions.sql, conditions.values)
        return try await database.read { connection in
            let prompt = CumulativeTokens.prompt.sql(connection.dialect, spans: "s")
            let completion = CumulativeTokens.completion.sql(connection.dialect, spans: "s")
            var tokens: [Int64: (prompt: Int64, completion: Int64)] = [:]
            for row in try connection.query("SELECT s.id, \(prompt), \(completion) FROM spans s WHERE \(sql)", values) {
                tokens[try row.integer(0)] = (try row.integer(1), try row.integer(2))
            }
            return tokens
        }
    }

    /// Sums over all selected spans, whatever page is asked for.
    public func totals(_ selection: SpanSelection) async throws -> SpanTotals {
        try await database.read { connection in
            let conditions = selection.conditions(connection.dialect)
            let rows = try connection.query(
                """
                SELECT COUNT(*), COUNT(DISTINCT s.trace_rowid),
                    CAST(COALESCE(SUM(s.prompt_tokens), 0) AS BIGINT),
                    CAST(COALESCE(SUM(s.completion_tokens), 0) AS BIGINT),
                    CAST(COALESCE(SUM(s.prompt_cost), 0) AS BIGINT),
                    CAST(COALESCE(SUM(s.completion_cost), 0) AS BIGINT),
                    CAST(COALESCE(SUM(CASE WHEN s.status_code = 'ERROR' THEN 1 ELSE 0 END), 0) AS BIGINT)
                FROM spans s WHERE \(conditions.sql)
                """, conditions.values)
            return try rows.first.map { try SpanTotals($0) } ?? SpanTotals()
        }
    }

    /// The latency in milliseconds below which `probability` (0 to 1) of the selected spans are, between two spans'
    /// latencies in proportion; nil without spans.
    public func latencyQuantile(_ selection: SpanSelection, _ probability: Double) async throws -> Double? {
        try await database.read { connection in
            let conditions = selection.conditions(connection.dialect)
            return try Quantile.milliseconds(
                probability, of: "s.end_time - s.start_time", from: "spans s WHERE \(conditions.sql)",
                conditions.values, on: connection)
        }
    }
}

/// Sums over spans.
public struct SpanTotals: Sendable, Equatable {
    public var spanCount: Int64 = 0
    public var traceCount: Int64 = 0
    public var promptTokens: Int64 = 0
    public var completionTokens: Int64 = 0
    /// Nano-dollars.
    public var promptCost: Int64 = 0
    public var completionCost: Int64 = 0
    /// Spans that failed.
    public var errorCount: Int64 = 0

    public init() {}

    /// Reads seven columns, from `first` on.
    init(_ row: SQLRow, from first: Int = 0) throws {
        spanCount = try row.integer(first)
        traceCount = try row.integer(first + 1)
        promptTokens = try row.integer(first + 2)
        completionTokens = try row.integer(first + 3)
        promptCost = try row.integer(first + 4)
        completionCost = try row.integer(first + 5)
        errorCount = try row.integer(first + 6)
    }

    public static func += (left: inout SpanTotals, right: SpanTotals) {
        left.spanCount += right.spanCount
        left.traceCount += right.traceCount
        left.promptTokens += right.promptTokens
        left.completionTokens += right.completionTokens
        left.promptCost += right.promptCost
        left.completionCost += right.completionCost
        left.errorCount += right.errorCount
    }
}
