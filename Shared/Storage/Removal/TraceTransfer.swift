import Database
import Domain

/// Moves traces to another project, with all that they added to sums. Their annotations go along, as they are the spans'
/// and the traces' own.
public enum TraceTransfer {
    /// Why traces cannot be moved.
    public enum Refusal: Error, Sendable, Equatable {
        case missing([TraceID])
        /// The traces are not all of one project.
        case manyProjects
        case noProject
    }

    /// Rows of rollups that transfers write; any shard would do, as readers add them up.
    private static let shard: Int64 = 0

    /// Moves all of the traces, or none. Returns how many were moved; those that are there already are not counted.
    @discardableResult
    public static func move(
        _ ids: Set<TraceID>, toProject destination: Int64, on connection: DatabaseConnection
    ) throws -> Int {
        // The project must not go before this transaction ends.
        let lock = connection.dialect == .postgres ? "FOR KEY SHARE" : ""
        let project = try connection.query("SELECT id FROM projects WHERE id = $1 \(lock)", [.integer(destination)])
        guard !project.isEmpty else { throw Refusal.noProject }
        var traces: [LockedTrace] = []
        var missing: [TraceID] = []
        for id in ids.sorted() {
            if let trace = try LockedTrace(id, on: connection) { traces.append(trace) } else { missing.append(id) }
        }
        guard missing.isEmpty else { throw Refusal.missing(missing) }
        guard Set(traces.map(\.projectID)).count <= 1 else { throw Refusal.manyProjects }
        let moving = traces.filter { $0.projectID != destination }
        try move(moving, to: destination, on: connection)
        return moving.count
    }

    private static func move(
        _ traces: [LockedTrace], to destination: Int64, on connection: DatabaseConnection
    ) throws {
        var rollups = ProjectRollups()
        for trace in traces {
            var moved = trace
            moved.projectID = destination
            for span in try CountedSpan.all(ofTrace: trace.rowID, on: connection) {
                span.take(from: &rollups, trace)
                span.give(to: &rollups, moved)
            }
            rollups.moveTrace(projectID: trace.projectID, from: trace.times, to: nil)
            rollups.moveTrace(projectID: destination, from: nil, to: trace.times)
            let values: [SQLValue] = [.integer(destination), .integer(trace.rowID)]
            try connection.execute("UPDATE traces SET project_id = $1 WHERE id = $2", values)
            try connection.execute("UPDATE spans SET project_id = $1 WHERE trace_rowid = $2", values)
        }
        try moveSessions(Set(traces.compactMap(\.sessionID)), on: connection)
        try rollups.apply(to: connection, shard: shard)
    }

    /// A session is in the project of its first trace.
    private static func moveSessions(_ ids: Set<String>, on connection: DatabaseConnection) throws {
        for id in ids.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            try connection.execute(
                """
                UPDATE project_sessions SET project_id = (
                    SELECT project_id FROM traces WHERE session_id = $1 ORDER BY start_time, id LIMIT 1
                ) WHERE session_id = $1
                """, [.text(id)])
        }
    }
}
