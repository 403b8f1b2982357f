import Database
import Domain

/// Makes a trace's row anew from its spans.
enum TraceRecount {
    /// Returns the trace's times. The trace must have a span, and its row must be locked by this transaction.
    static func run(rowID: Int64, on connection: DatabaseConnection) throws -> (start: Int64, end: Int64) {
        try connection.execute(sumsSQL, [.integer(rowID)])
        try connection.execute(rootSQL, [.integer(rowID)])
        let rows = try connection.query("SELECT start_time, end_time FROM traces WHERE id = $1", [.integer(rowID)])
        guard let row = rows.first else {
            throw DatabaseError.failed(sqlState: "XX000", message: "a locked trace is gone")
        }
        return (start: try row.integer(0), end: try row.integer(1))
    }

    private static let sumsSQL = """
        UPDATE traces SET (start_time, end_time, span_count, error_count, prompt_tokens, completion_tokens,
                prompt_cost, completion_cost) = (
            SELECT MIN(start_time), MAX(end_time), COUNT(*),
                COALESCE(SUM(CASE WHEN status_code = 'ERROR' THEN 1 ELSE 0 END), 0),
                COALESCE(SUM(prompt_tokens), 0), COALESCE(SUM(completion_tokens), 0),
                COALESCE(SUM(prompt_cost), 0), COALESCE(SUM(completion_cost), 0)
            FROM spans WHERE trace_rowid = $1
        ) WHERE id = $1
        """

    private static let rootSQL = """
        UPDATE traces SET (root_is_child, root_start_time, root_end_time, root_span_id, root_name, root_kind,
                root_status, root_user_id, root_input, root_output) = (
            SELECT CASE WHEN parent_id IS NULL THEN 0 ELSE 1 END, start_time, end_time, span_id, name, span_kind,
                status_code, user_id, input_preview, output_preview
            FROM spans WHERE trace_rowid = $1
            ORDER BY CASE WHEN parent_id IS NULL THEN 0 ELSE 1 END, start_time, span_id LIMIT 1
        ) WHERE id = $1
        """
}

/// Makes sessions' rows anew from their traces.
enum SessionRecount {
    /// A session without traces goes.
    ///
    /// The row is locked before its traces are read: a write that is under way has not added to it yet and will do so
    /// when we are done, and one that has ended is seen in both.
    static func run(_ sessionIDs: Set<String>, on connection: DatabaseConnection) throws {
        for id in sessionIDs.sorted(by: { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }) {
            if connection.dialect == .postgres {
                _ = try connection.query(
                    "SELECT id FROM project_sessions WHERE session_id = $1 FOR UPDATE", [.text(id)])
            }
            let left = try connection.query("SELECT 1 FROM traces WHERE session_id = $1 LIMIT 1", [.text(id)])
            try connection.execute(left.isEmpty ? deleteSQL : sumsSQL, [.text(id)])
        }
    }

    private static let deleteSQL = "DELETE FROM project_sessions WHERE session_id = $1"

    private static let sumsSQL = """
        UPDATE project_sessions SET (start_time, end_time, trace_count, span_count, error_count, prompt_tokens,
                completion_tokens, prompt_cost, completion_cost) = (
            SELECT MIN(start_time), MAX(end_time), COUNT(*), SUM(span_count), SUM(error_count), SUM(prompt_tokens),
                SUM(completion_tokens), SUM(prompt_cost), SUM(completion_cost)
            FROM traces WHERE session_id = $1
        ) WHERE session_id = $1
        """
}
