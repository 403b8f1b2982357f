import Database
import Domain

/// Recounts every sum from the spans and compares it with what is kept: the one statement of what rollups mean, used by
/// tests and by `bennu doctor`.
///
/// It reads all spans' numbers and holds a record a trace in memory; on a large database that takes a while.
public enum RollupAudit {
    /// One sentence for each difference; empty when everything agrees.
    public static func differences(in database: Database) async throws -> [String] {
        try await database.read { connection in
            var audit = Audit()
            try audit.readTraces(connection)
            try audit.readSpans(connection)
            try audit.readCharges(connection)
            if connection.dialect == .sqlite { try audit.readSpanIDs(connection) }
            return try audit.differences(connection)
        }
    }
}

/// The numbers of one aggregate, as text compares them: equal text, equal numbers.
private struct Sums: Equatable {
    var counts = RollupCounts()
    var startTime = Int64.max
    var endTime = Int64.min

    mutating func extend(from start: Int64, to end: Int64) {
        startTime = min(startTime, start)
        endTime = max(endTime, end)
    }

    var description: String {
        "\(counts.traceCount) traces, \(counts.spanCount) spans, \(counts.errorCount) errors, "
            + "\(counts.promptTokens)+\(counts.completionTokens) tokens, "
            + "\(counts.promptCost)+\(counts.completionCost) nano-dollars, \(startTime)…\(endTime)"
    }
}

private struct Audit {
    private struct Trace {
        var projectID: Int64
        var sessionID: String?
        var kept: Sums
        var counted = Sums()
        var keptRoot: [UInt8]
        var root: (isChild: Bool, start: Int64, id: [UInt8])?
    }

    private var traces: [Int64: Trace] = [:]
    private var rollups = ProjectRollups()
    private var spanIDs: Set<[UInt8]> = []
    private var found: [String] = []

    private static let countColumns =
        "span_count, error_count, prompt_tokens, completion_tokens, prompt_cost, completion_cost"

    private static func counts(_ row: SQLRow, from column: Int, traces: Int64) throws -> RollupCounts {
        RollupCounts(
            traceCount: traces, spanCount: try row.integer(column), errorCount: try row.integer(column + 1),
            promptTokens: try row.integer(column + 2), completionTokens: try row.integer(column + 3),
            promptCost: try row.integer(column + 4), completionCost: try row.integer(column + 5))
    }

    mutating func readTraces(_ connection: DatabaseConnection) throws {
        let sql = """
            SELECT id, project_id, session_id, start_time, end_time, root_span_id, \(Self.countColumns) FROM traces
            """
        for row in try connection.query(sql) {
            let kept = Sums(
                counts: try Self.counts(row, from: 6, traces: 1), startTime: try row.integer(3),
                endTime: try row.integer(4))
            traces[try row.integer(0)] = Trace(
                projectID: try row.integer(1), sessionID: try row.optionalText(2), kept: kept,
                keptRoot: try row.bytes(5))
        }
    }

    mutating func readSpans(_ connection: DatabaseConnection) throws {
        let sql = """
            SELECT trace_rowid, project_id, span_id, parent_id, start_time, end_time, status_code,
                prompt_tokens, completion_tokens, prompt_cost, completion_cost FROM spans
            """
        for row in try connection.query(sql) {
            let (id, start, end) = (try row.bytes(2), try row.integer(4), try row.integer(5))
            if !spanIDs.insert(id).inserted { found.append("span \(Hex.encode(id)) is stored twice") }
            guard var trace = traces[try row.integer(0)] else {
                found.append("span \(Hex.encode(id)) has no trace")
                continue
            }
            let counts = RollupCounts(
                spanCount: 1, errorCount: try row.text(6) == "ERROR" ? 1 : 0,
                promptTokens: try row.optionalInteger(7) ?? 0, completionTokens: try row.optionalInteger(8) ?? 0,
                promptCost: try row.optionalInteger(9) ?? 0, completionCost: try row.optionalInteger(10) ?? 0)
            trace.counted.counts += counts
            trace.counted.extend(from: start, to: end)
            let candidate = (isChild: try row.optionalBytes(3) != nil, start: start, id: id)
            if Self.isBetter(candidate, than: trace.root) { trace.root = candidate }
            traces[try row.integer(0)] = trace
            if try row.integer(1) != trace.projectID {
                found.append("span \(Hex.encode(id)) is not in its trace's project")
            }
            rollups.add(counts, projectID: trace.projectID, startTime: start)
            rollups.addLatency(.span, projectID: trace.projectID, startTime: start, endTime: end, times: 1)
        }
    }

    mutating func readCharges(_ connection: DatabaseConnection) throws {
        for span in try ChargedSpan.all(where: "TRUE", [], on: connection) {
            rollups.models.add(
                [span.charge], modelID: span.modelID, projectID: span.projectID, startTime: span.startTime, times: 1)
        }
    }

    /// On SQLite ids stand beside the spans, and each must lead to its span.
    mutating func readSpanIDs(_ connection: DatabaseConnection) throws {
        let lost =
            "SELECT span_id FROM spans s WHERE id IS NOT (SELECT span_rowid FROM all_span_ids i WHERE i.span_id = s.span_id)"
        for row in try connection.query(lost) {
            found.append("span \(Hex.encode(try row.bytes(0))) is not found by its id")
        }
        let count = try connection.query("SELECT COUNT(*) FROM all_span_ids").first?.integer(0) ?? 0
        if count != Int64(spanIDs.count) { found.append("\(count) ids are kept of \(spanIDs.count) spans") }
    }

    mutating func differences(_ connection: DatabaseConnection) throws -> [String] {
        var sessions: [String: Sums] = [:]
        for (id, trace) in traces {
            var counted = trace.counted
            counted.counts.traceCount = 1
            if counted != trace.kept {
                found.append("trace \(id) keeps \(trace.kept.description) and has \(counted.description)")
            }
            if trace.root?.id != trace.keptRoot { found.append("trace \(id) keeps the wrong root span") }
            rollups.moveTrace(
                projectID: trace.projectID, from: nil, to: (start: counted.startTime, end: counted.endTime))
            if let sessionID = trace.sessionID {
                sessions[sessionID, default: Sums()].counts += counted.counts
                sessions[sessionID, default: Sums()].extend(from: counted.startTime, to: counted.endTime)
            }
        }
        try compareSessions(sessions, connection)
        try compareProjects(connection)
        try compareModels(connection)
        return found
    }

    private mutating func compareSessions(_ counted: [String: Sums], _ connection: DatabaseConnection) throws {
        var counted = counted
        let sql = "SELECT session_id, start_time, end_time, trace_count, \(Self.countColumns) FROM project_sessions"
        for row in try connection.query(sql) {
            let id = try row.text(0)
            let kept = Sums(
                counts: try Self.counts(row, from: 4, traces: try row.integer(3)), startTime: try row.integer(1),
                endTime: try row.integer(2))
            let recounted = counted.removeValue(forKey: id)
            if kept != recounted {
                found.append("session \(id) keeps \(kept.description) and has \(recounted?.description ?? "no trace")")
            }
        }
        for id in counted.keys { found.append("session \(id) has no row") }
    }

    private mutating func compareProjects(_ connection: DatabaseConnection) throws {
        var (counts, latencies) = rollups.widened()
        let countsSQL = """
            SELECT project_id, width, bucket_start, CAST(SUM(trace_count) AS BIGINT), \(Self.sums) FROM project_rollups
            GROUP BY project_id, width, bucket_start
            """
        for row in try connection.query(countsSQL) {
            let bucket = ProjectRollups.Bucket(
                projectID: try row.integer(0), width: try row.integer(1), start: try row.integer(2))
            let kept = try Self.counts(row, from: 4, traces: try row.integer(3))
            let counted = counts.removeValue(forKey: bucket) ?? RollupCounts()
            if kept != counted { found.append("\(bucket) keeps \(kept) and has \(counted)") }
        }
        let latenciesSQL = """
            SELECT project_id, width, bucket_start, subject, bucket, CAST(SUM(count) AS BIGINT) FROM project_latencies
            GROUP BY project_id, width, bucket_start, subject, bucket
            """
        for row in try connection.query(latenciesSQL) {
            let bucket = ProjectRollups.Bucket(
                projectID: try row.integer(0), width: try row.integer(1), start: try row.integer(2))
            let key = ProjectRollups.LatencyKey(
                bucket: bucket, subject: try row.integer(3), latency: try row.integer(4))
            let (kept, counted) = (try row.integer(5), latencies.removeValue(forKey: key) ?? 0)
            if kept != counted { found.append("\(key) keeps \(kept) and has \(counted)") }
        }
        for (bucket, counted) in counts where !counted.isZero {
            found.append("\(bucket) is missing; it has \(counted)")
        }
        for (key, counted) in latencies where counted != 0 { found.append("\(key) is missing; it has \(counted)") }
    }

    private mutating func compareModels(_ connection: DatabaseConnection) throws {
        var counted = rollups.models.widened()
        let sql = """
            SELECT project_id, width, bucket_start, model_id, token_type, is_prompt, CAST(SUM(tokens) AS BIGINT),
                CAST(SUM(cost) AS BIGINT)
            FROM model_usage GROUP BY project_id, width, bucket_start, model_id, token_type, is_prompt
            """
        for row in try connection.query(sql) {
            let bucket = ProjectRollups.Bucket(
                projectID: try row.integer(0), width: try row.integer(1), start: try row.integer(2))
            let key = ModelUsageRollups.Key(
                bucket: bucket, modelID: try row.integer(3), tokenType: try row.text(4),
                isPrompt: try row.integer(5) != 0)
            let kept = ModelUsageRollups.Sums(tokens: try row.integer(6), cost: try row.integer(7))
            let sums = counted.removeValue(forKey: key) ?? ModelUsageRollups.Sums()
            if kept != sums { found.append("\(key) keeps \(kept) and has \(sums)") }
        }
        for (key, sums) in counted { found.append("\(key) is missing; it has \(sums)") }
    }

    private static let sums =
        countColumns.split(separator: ", ").map { "CAST(SUM(\($0)) AS BIGINT)" }.joined(separator: ", ")

    private static func isBetter(
        _ candidate: (isChild: Bool, start: Int64, id: [UInt8]),
        than root: (isChild: Bool, start: Int64, id: [UInt8])?
    ) -> Bool {
        guard let root else { return true }
        guard candidate.isChild == root.isChild else { return !candidate.isChild }
        guard candidate.start == root.start else { return candidate.start < root.start }
        return candidate.id.lexicographicallyPrecedes(root.id)
    }
}
