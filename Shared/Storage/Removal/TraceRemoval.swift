import Database
import Domain
import FilterLanguage

/// Takes traces and spans away, with all that they added to sums, in the caller's transaction.
///
/// Locks are taken in the order of the write path (traces by id, spans, sessions by id, rollups), so a removal and a
/// write cannot deadlock.
public enum TraceRemoval {
    /// Rows of rollups that removals write; any shard would do, as readers add them up.
    private static let shard: Int64 = 0

    /// Removes whole traces. Ids that are not there are passed over. Returns how many were removed.
    @discardableResult
    public static func removeTraces(_ ids: [TraceID], on connection: DatabaseConnection) throws -> Int {
        var rollups = ProjectRollups()
        var sessions: Set<String> = []
        var removed = 0
        for id in ids.sorted() {
            guard let trace = try LockedTrace(id, on: connection) else { continue }
            for span in try CountedSpan.all(ofTrace: trace.rowID, on: connection) { span.take(from: &rollups, trace) }
            rollups.moveTrace(projectID: trace.projectID, from: trace.times, to: nil)
            try connection.execute("DELETE FROM traces WHERE id = $1", [.integer(trace.rowID)])
            try connection.execute("DELETE FROM spans WHERE trace_rowid = $1", [.integer(trace.rowID)])
            if let session = trace.sessionID { sessions.insert(session) }
            removed += 1
        }
        try SessionRecount.run(sessions, on: connection)
        try rollups.apply(to: connection, shard: shard)
        return removed
    }

    /// Removes one span and leaves its children, now orphans, where they are. A trace without spans goes with its last
    /// one. Returns whether the span was there.
    @discardableResult
    public static func removeSpan(_ id: SpanID, on connection: DatabaseConnection) throws -> Bool {
        let found = try connection.query(
            """
            SELECT t.trace_id, s.id FROM spans s JOIN traces t ON t.id = s.trace_rowid
            WHERE \(connection.dialect.span("s", hasID: "$1"))
            """, [.bytes(id.bytes)])
        guard let row = found.first, let traceID = TraceID(bytes: try row.bytes(0)),
            let trace = try LockedTrace(traceID, on: connection)
        else { return false }
        let spans = try CountedSpan.all(ofTrace: trace.rowID, on: connection)
        guard let span = spans.first(where: { $0.id == id }) else { return false }
        guard spans.count > 1 else { return try removeTraces([traceID], on: connection) == 1 }
        var rollups = ProjectRollups()
        span.take(from: &rollups, trace)
        try connection.execute("DELETE FROM spans WHERE id = $1", [.integer(try row.integer(1))])
        let times = try TraceRecount.run(rowID: trace.rowID, on: connection)
        rollups.moveTrace(projectID: trace.projectID, from: trace.times, to: times)
        if let session = trace.sessionID { try SessionRecount.run([session], on: connection) }
        try rollups.apply(to: connection, shard: shard)
        return true
    }
}

/// A trace's row, held until the transaction ends.
struct LockedTrace {
    let rowID: Int64
    var projectID: Int64
    let sessionID: String?
    let times: (start: Int64, end: Int64)

    init?(_ id: TraceID, on connection: DatabaseConnection) throws {
        // SQLite's writer holds the whole database; it knows no row locks.
        let lock = connection.dialect == .postgres ? "FOR UPDATE" : ""
        let rows = try connection.query(
            "SELECT id, project_id, session_id, start_time, end_time FROM traces WHERE trace_id = $1 \(lock)",
            [.bytes(id.bytes)])
        guard let row = rows.first else { return nil }
        rowID = try row.integer(0)
        projectID = try row.integer(1)
        sessionID = try row.optionalText(2)
        times = (start: try row.integer(3), end: try row.integer(4))
    }
}

/// What a stored span counts for.
struct CountedSpan {
    let id: SpanID
    let startTime: Int64
    let endTime: Int64
    let counts: RollupCounts
    let modelID: Int64?
    let charges: [TokenCharge]

    static func all(ofTrace rowID: Int64, on connection: DatabaseConnection) throws -> [CountedSpan] {
        let charges = Dictionary(
            grouping: try ChargedSpan.all(where: "s.trace_rowid = $1", [.integer(rowID)], on: connection), by: \.id
        ).mapValues { $0.map(\.charge) }
        return try connection.query(
            """
            SELECT span_id, start_time, end_time, status_code, prompt_tokens, completion_tokens, prompt_cost,
                completion_cost, model_id
            FROM spans WHERE trace_rowid = $1
            """, [.integer(rowID)]
        ).compactMap { row in
            guard let id = SpanID(bytes: try row.bytes(0)) else { return nil }
            return CountedSpan(
                id: id, startTime: try row.integer(1), endTime: try row.integer(2),
                counts: RollupCounts(
                    spanCount: 1, errorCount: try row.text(3) == SpanStatusCode.error.rawValue ? 1 : 0,
                    promptTokens: try row.optionalInteger(4) ?? 0, completionTokens: try row.optionalInteger(5) ?? 0,
                    promptCost: try row.optionalInteger(6) ?? 0, completionCost: try row.optionalInteger(7) ?? 0),
                modelID: try row.optionalInteger(8), charges: charges[try row.bytes(0)] ?? [])
        }
    }

    func take(from rollups: inout ProjectRollups, _ trace: LockedTrace) {
        add(to: &rollups, trace, times: -1)
    }

    func give(to rollups: inout ProjectRollups, _ trace: LockedTrace) {
        add(to: &rollups, trace, times: 1)
    }

    private func add(to rollups: inout ProjectRollups, _ trace: LockedTrace, times: Int64) {
        let projectID = trace.projectID
        rollups.add(times < 0 ? -counts : counts, projectID: projectID, startTime: startTime)
        rollups.addLatency(.span, projectID: projectID, startTime: startTime, endTime: endTime, times: times)
        guard let modelID else { return }
        rollups.models.add(charges, modelID: modelID, projectID: projectID, startTime: startTime, times: times)
    }
}
