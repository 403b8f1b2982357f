import Database
import Domain

/// Writes a group of requests in one transaction: traces, spans, sessions and projects' sums, in that order.
///
/// Locks are taken in one order everywhere (traces by id, spans, sessions by id, rollups by key), and the rows that all
/// collectors share come last, so that they are held only while the transaction commits.
enum GroupWrite {
    /// Returns what was written. Throws `DatabaseError.uniqueViolation` where a span is stored already; then nothing was.
    static func run(
        _ plan: WritePlan, on connection: DatabaseConnection, shard: Int64, moves: SpanIDMoves = SpanIDMoves()
    ) throws -> CommittedSpans {
        let states = try TraceUpsert.run(plan.traces, on: connection)
        switch connection.dialect {
        case .postgres: try copySpans(plan, states, on: connection)
        case .sqlite: try insertEachSpan(plan, states, moves, on: connection)
        }
        try TextQueue.add(plan.spanIDs, on: connection)
        try SessionUpsert.run(plan.traces, states, on: connection)
        try rollups(plan, states).apply(to: connection, shard: shard)
        return CommittedSpans(
            spanCount: plan.spans.count,
            tracesByProject: Dictionary(grouping: zip(plan.traces, states), by: \.1.projectID)
                .mapValues { $0.map(\.0.traceID) })
    }

    /// Those of the span ids that are stored already.
    static func stored(among ids: [SpanID], on connection: DatabaseConnection) throws -> Set<SpanID> {
        var stored: Set<SpanID> = []
        switch connection.dialect {
        case .postgres:
            let sql = "SELECT span_id FROM spans WHERE span_id = ANY($1::bytea[])"
            for row in try connection.query(sql, [.byteStrings(ids.map(\.bytes))]) {
                if let id = SpanID(bytes: try row.bytes(0)) { stored.insert(id) }
            }
        case .sqlite:
            for id in ids {
                let found = try connection.query("SELECT 1 FROM all_span_ids WHERE span_id = $1", [.bytes(id.bytes)])
                if !found.isEmpty { stored.insert(id) }
            }
        }
        return stored
    }

    private static func rollups(_ plan: WritePlan, _ states: [TraceState]) -> ProjectRollups {
        var rollups = ProjectRollups()
        plan.eachRequest { request, spans in
            for planned in spans {
                let span = request.batch.spans[planned.index]
                let projectID = states[planned.trace].projectID
                rollups.add(
                    request.counts(ofSpan: planned.index), projectID: projectID, startTime: span.startTime)
                rollups.addLatency(
                    .span, projectID: projectID, startTime: span.startTime, endTime: span.endTime, times: 1)
                guard let cost = request.costs[planned.index] else { continue }
                rollups.models.add(
                    cost.charges, modelID: cost.modelID, projectID: projectID, startTime: span.startTime, times: 1)
            }
        }
        for state in states {
            rollups.moveTrace(
                projectID: state.projectID,
                from: state.previous.map { (start: $0.startTime, end: $0.endTime) },
                to: (start: state.startTime, end: state.endTime))
        }
        return rollups
    }

    private static let copySQL =
        "COPY spans (\(SpanColumns.names.joined(separator: ", "))) FROM STDIN (FORMAT binary)"

    private static let insertSQL = """
        INSERT INTO spans (\(SpanColumns.names.joined(separator: ", ")))
        VALUES (\(SpanColumns.names.indices.map { "$\($0 + 1)" }.joined(separator: ", ")))
        """

    private static func copySpans(
        _ plan: WritePlan, _ states: [TraceState], on connection: DatabaseConnection
    ) throws {
        try connection.copyIn(copySQL) { encoder in
            try plan.eachRequest { request, spans in
                try request.batch.bytes.withUnsafeBytes { bytes in
                    for planned in spans {
                        try encoder.beginRow(columnCount: SpanColumns.names.count)
                        SpanColumns.write(
                            request, index: planned.index, trace: states[planned.trace], bytes: bytes, into: &encoder)
                    }
                }
            }
        }
    }

    private static func insertEachSpan(
        _ plan: WritePlan, _ states: [TraceState], _ moves: SpanIDMoves, on connection: DatabaseConnection
    ) throws {
        let ids = plan.spanIDs
        let order = ids.indices.sorted { ids[$0] < ids[$1] }
        try SpanIDIndex.checkAbsence(of: order.map { ids[$0] }, on: connection)
        let rows = try insertRows(plan, states, on: connection)
        try SpanIDIndex.add(order.map { .init(id: ids[$0], row: rows[$0]) }, on: connection)
        try moves.run(added: rows.count, lastRow: rows.last ?? 0, on: connection)
    }

    /// Returns the new rows' numbers, in the order of the plan.
    private static func insertRows(
        _ plan: WritePlan, _ states: [TraceState], on connection: DatabaseConnection
    ) throws -> [Int64] {
        var rows: [Int64] = []
        rows.reserveCapacity(plan.spans.count)
        try connection.withStatement(insertSQL) { statement in
            try plan.eachRequest { request, spans in
                try request.batch.bytes.withUnsafeBytes { bytes in
                    for planned in spans {
                        var sink = StatementSink(statement: statement)
                        SpanColumns.write(
                            request, index: planned.index, trace: states[planned.trace], bytes: bytes, into: &sink)
                        try statement.run()
                        rows.append(statement.insertedRow)
                    }
                }
            }
        }
        return rows
    }
}

extension CopyEncoder: SpanColumnSink {
    mutating func integer(_ value: Int64) { append(value) }
    mutating func text(_ value: UnsafeRawBufferPointer) { append(value) }
    mutating func passingText(_ value: UnsafeRawBufferPointer) { append(value) }
    mutating func passingBytes(_ value: UnsafeRawBufferPointer) { append(value) }
    mutating func null() { appendNull() }
}

/// Binds a span's values to the parameters of its INSERT, without copying what lives until the statement has run.
private struct StatementSink: SpanColumnSink {
    let statement: SQLiteStatement
    private var parameter = 0

    init(statement: SQLiteStatement) {
        self.statement = statement
    }

    private mutating func next() -> Int {
        parameter += 1
        return parameter
    }

    mutating func integer(_ value: Int64) { statement.bind(value, at: next()) }
    mutating func text(_ value: UnsafeRawBufferPointer) { statement.bind(text: value, at: next(), lifetime: .untilRun) }
    mutating func passingText(_ value: UnsafeRawBufferPointer) { statement.bind(text: value, at: next()) }
    mutating func passingBytes(_ value: UnsafeRawBufferPointer) { statement.bind(bytes: value, at: next()) }
    mutating func null() { statement.bindNull(at: next()) }
}
