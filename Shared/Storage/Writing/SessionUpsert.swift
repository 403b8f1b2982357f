import Database
import Domain

/// Adds to sessions' rows what a group of spans changed in their traces.
enum SessionUpsert {
    private struct Change {
        var projectID: Int64
        var startTime: Int64
        var endTime: Int64
        var counts: RollupCounts
    }

    /// `states[i]` is the row of `changes[i]` after the change.
    static func run(_ changes: [TraceChange], _ states: [TraceState], on connection: DatabaseConnection) throws {
        var sessions: [String: Change] = [:]
        for (change, state) in zip(changes, states) {
            guard let sessionID = state.sessionID else { continue }
            let counts = contribution(of: change, state)
            var session =
                sessions[sessionID]
                ?? Change(
                    projectID: state.projectID, startTime: state.startTime, endTime: state.endTime,
                    counts: RollupCounts())
            session.startTime = min(session.startTime, state.startTime)
            session.endTime = max(session.endTime, state.endTime)
            session.counts += counts
            sessions[sessionID] = session
        }
        // By bytes, as the engines' own order of text depends on their locale, and only one order avoids deadlocks.
        let rows = sessions.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
        try upsert.run(
            on: connection, rowCount: rows.count,
            values: [
                .texts(rows.map(\.key)), .integers(rows.map(\.value.projectID)), .integers(rows.map(\.value.startTime)),
                .integers(rows.map(\.value.endTime)), .integers(rows.map(\.value.counts.traceCount)),
                .integers(rows.map(\.value.counts.spanCount)), .integers(rows.map(\.value.counts.errorCount)),
                .integers(rows.map(\.value.counts.promptTokens)),
                .integers(rows.map(\.value.counts.completionTokens)), .integers(rows.map(\.value.counts.promptCost)),
                .integers(rows.map(\.value.counts.completionCost)),
            ])
    }

    /// A trace that had its session before adds only this change; one that comes to it now brings all that it has.
    private static func contribution(of change: TraceChange, _ state: TraceState) -> RollupCounts {
        guard let previous = state.previous, previous.sessionID != nil else { return state.counts }
        return change.counts
    }

    private static let upsert = Upsert(
        table: "project_sessions",
        columns: [
            ("session_id", .text), ("project_id", .integer), ("start_time", .integer), ("end_time", .integer),
            ("trace_count", .integer), ("span_count", .integer), ("error_count", .integer),
            ("prompt_tokens", .integer), ("completion_tokens", .integer), ("prompt_cost", .integer),
            ("completion_cost", .integer),
        ],
        onConflict: """
            (session_id) DO UPDATE SET
                start_time = CASE WHEN excluded.start_time < project_sessions.start_time
                    THEN excluded.start_time ELSE project_sessions.start_time END,
                end_time = CASE WHEN excluded.end_time > project_sessions.end_time
                    THEN excluded.end_time ELSE project_sessions.end_time END,
                trace_count = project_sessions.trace_count + excluded.trace_count,
                span_count = project_sessions.span_count + excluded.span_count,
                error_count = project_sessions.error_count + excluded.error_count,
                prompt_tokens = project_sessions.prompt_tokens + excluded.prompt_tokens,
                completion_tokens = project_sessions.completion_tokens + excluded.completion_tokens,
                prompt_cost = project_sessions.prompt_cost + excluded.prompt_cost,
                completion_cost = project_sessions.completion_cost + excluded.completion_cost
            """)
}
