import Database
import Domain

/// A trace's row after a group of spans was added to it, and what it said before.
struct TraceState: Sendable {
    var id: Int64
    var projectID: Int64
    var sessionID: String?
    var startTime: Int64
    var endTime: Int64
    /// Nil when the row was made by this change.
    var previous: Previous?
    /// Sums over all of the trace's spans, those of this change included.
    var counts: RollupCounts

    struct Previous: Sendable {
        var sessionID: String?
        var startTime: Int64
        var endTime: Int64
    }
}

extension TraceState {
    /// The state of a row that the change has made.
    init(new change: TraceChange, id: Int64) {
        self.init(
            id: id, projectID: change.projectID, sessionID: change.sessionID, startTime: change.startTime,
            endTime: change.endTime, previous: nil, counts: change.counts)
        counts.traceCount = 1
    }
}

/// Adds to traces' rows, making those that are missing, and holds their locks until the transaction ends.
///
/// The row's former session and times are kept in columns of their own by the same statement, since RETURNING tells only
/// what a row says afterwards; with them, sums that hang on a trace's start or session can be moved exactly.
enum TraceUpsert {
    /// Returns the state of each change's row, in the order of `changes`, which must be ordered by trace id.
    static func run(_ changes: [TraceChange], on connection: DatabaseConnection) throws -> [TraceState] {
        switch connection.dialect {
        case .postgres: try upsertAll(changes, on: connection)
        case .sqlite: try upsertEach(changes, on: connection)
        }
    }

    private static func upsertAll(_ changes: [TraceChange], on connection: DatabaseConnection) throws -> [TraceState] {
        let rows = try upsert.run(on: connection, rowCount: changes.count, values: values(changes))
        var states: [TraceID: TraceState] = [:]
        states.reserveCapacity(rows.count)
        for row in rows {
            guard let traceID = TraceID(bytes: try row.bytes(0)) else { continue }
            states[traceID] = try state(row)
        }
        return try changes.map { change in
            guard let state = states[change.traceID] else { throw missing(change) }
            return state
        }
    }

    /// Most traces are new, and what a new row says is known without asking. SQLite does RETURNING by a trigger, for whose
    /// sake it copies each page that the statement touches: it costs more than the row.
    private static func upsertEach(_ changes: [TraceChange], on connection: DatabaseConnection) throws -> [TraceState] {
        let values = values(changes)
        return try connection.withStatement(insertNew.sql(for: .sqlite)) { insert in
            try changes.indices.map { index in
                try insert.bind(values, elementsAt: index)
                guard try insert.run() == 0 else { return TraceState(new: changes[index], id: insert.insertedRow) }
                return try update(changes[index], on: connection)
            }
        }
    }

    private static func update(_ change: TraceChange, on connection: DatabaseConnection) throws -> TraceState {
        try upsertSilently.run(on: connection, rowCount: 1, values: values([change]))
        let sql = "SELECT \(returned) FROM traces WHERE trace_id = $1"
        guard let row = try connection.query(sql, [.bytes(change.traceID.bytes)]).first else { throw missing(change) }
        return try state(row)
    }

    private static func missing(_ change: TraceChange) -> DatabaseError {
        .failed(sqlState: "XX000", message: "no row came back for trace \(change.traceID)")
    }

    private static func state(_ row: SQLRow) throws -> TraceState {
        let previous: TraceState.Previous?
        if let start = try row.optionalInteger(7), let end = try row.optionalInteger(8) {
            previous = .init(sessionID: try row.optionalText(6), startTime: start, endTime: end)
        } else {
            previous = nil
        }
        return TraceState(
            id: try row.integer(1), projectID: try row.integer(2), sessionID: try row.optionalText(3),
            startTime: try row.integer(4), endTime: try row.integer(5), previous: previous,
            counts: RollupCounts(
                traceCount: 1, spanCount: try row.integer(9), errorCount: try row.integer(10),
                promptTokens: try row.integer(11), completionTokens: try row.integer(12),
                promptCost: try row.integer(13), completionCost: try row.integer(14)))
    }

    private static func values(_ changes: [TraceChange]) -> [SQLValue] {
        [
            .byteStrings(changes.map { $0.traceID.bytes }),
            .integers(changes.map(\.projectID)),
            .texts(changes.map(\.sessionID)),
            .integers(changes.map(\.startTime)),
            .integers(changes.map(\.endTime)),
            .integers(changes.map(\.counts.spanCount)),
            .integers(changes.map(\.counts.errorCount)),
            .integers(changes.map(\.counts.promptTokens)),
            .integers(changes.map(\.counts.completionTokens)),
            .integers(changes.map(\.counts.promptCost)),
            .integers(changes.map(\.counts.completionCost)),
            .integers(changes.map { $0.root.isChild ? 1 : 0 }),
            .integers(changes.map(\.root.startTime)),
            .integers(changes.map(\.root.endTime)),
            .byteStrings(changes.map { $0.root.spanID.bytes }),
            .texts(changes.map(\.root.name)),
            .texts(changes.map(\.root.kind.rawValue)),
            .texts(changes.map(\.root.status.rawValue)),
            .texts(changes.map(\.root.userID)),
            .texts(changes.map(\.root.input)),
            .texts(changes.map(\.root.output)),
        ]
    }

    private static let rootColumns = [
        "root_is_child", "root_start_time", "root_end_time", "root_span_id", "root_name", "root_kind", "root_status",
        "root_user_id", "root_input", "root_output",
    ]

    private static let columns: [(name: String, type: Upsert.ColumnType)] = [
        ("trace_id", .bytes), ("project_id", .integer), ("session_id", .text), ("start_time", .integer),
        ("end_time", .integer), ("span_count", .integer), ("error_count", .integer), ("prompt_tokens", .integer),
        ("completion_tokens", .integer), ("prompt_cost", .integer), ("completion_cost", .integer),
        ("root_is_child", .integer), ("root_start_time", .integer), ("root_end_time", .integer),
        ("root_span_id", .bytes), ("root_name", .text), ("root_kind", .text), ("root_status", .text),
        ("root_user_id", .text), ("root_input", .text), ("root_output", .text),
    ]

    private static let additions = """
        (trace_id) DO UPDATE SET
            previous_session_id = traces.session_id,
            previous_start_time = traces.start_time,
            previous_end_time = traces.end_time,
            session_id = COALESCE(traces.session_id, excluded.session_id),
            start_time = CASE WHEN excluded.start_time < traces.start_time
                THEN excluded.start_time ELSE traces.start_time END,
            end_time = CASE WHEN excluded.end_time > traces.end_time
                THEN excluded.end_time ELSE traces.end_time END,
            span_count = traces.span_count + excluded.span_count,
            error_count = traces.error_count + excluded.error_count,
            prompt_tokens = traces.prompt_tokens + excluded.prompt_tokens,
            completion_tokens = traces.completion_tokens + excluded.completion_tokens,
            prompt_cost = traces.prompt_cost + excluded.prompt_cost,
            completion_cost = traces.completion_cost + excluded.completion_cost,
        \(rootColumns.map(rootAssignment).joined(separator: ",\n"))
        """

    private static let returned = """
        trace_id, id, project_id, session_id, start_time, end_time, previous_session_id, previous_start_time,
        previous_end_time, span_count, error_count, prompt_tokens, completion_tokens, prompt_cost, completion_cost
        """

    private static let upsert = Upsert(table: "traces", columns: columns, onConflict: additions, returning: returned)
    private static let upsertSilently = Upsert(table: "traces", columns: columns, onConflict: additions)
    private static let insertNew = Upsert(table: "traces", columns: columns, onConflict: "(trace_id) DO NOTHING")

    private static func rootAssignment(_ column: String) -> String {
        """
            \(column) = CASE WHEN (excluded.root_is_child, excluded.root_start_time, excluded.root_span_id)
                < (traces.root_is_child, traces.root_start_time, traces.root_span_id)
                THEN excluded.\(column) ELSE traces.\(column) END
        """
    }
}
