import Database
import Domain
import FilterLanguage

/// What many traces are asked for at once.
extension TraceRepository {
    /// Those of these traces that there are, by row id.
    public func traces(ids: [Int64]) async throws -> [Int64: TraceRecord] {
        let rows = try await database.rows(of: ids, in: "id") {
            "SELECT \(TraceRecord.columns) FROM traces WHERE \($0)"
        } make: {
            try TraceRecord($0)
        }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
    }

    /// The latency in milliseconds below which `probability` (0 to 1) of the traces are that have a selected span, between
    /// two traces' latencies in proportion; nil without traces. The times of `selection` are compared with the traces'.
    public func latencyQuantile(_ selection: SpanSelection, _ probability: Double) async throws -> Double? {
        try await database.read { connection in
            var spans = selection
            (spans.startTime, spans.endTime) = (nil, nil)
            var conditions = spans.conditions(connection.dialect)
            let spanCondition = conditions.sql
            var sql = "t.id IN (SELECT s.trace_rowid FROM spans s WHERE \(spanCondition))"
            if let start = selection.startTime {
                sql += " AND t.start_time >= \(conditions.addValue(.integer(start)))"
            }
            if let end = selection.endTime { sql += " AND t.start_time < \(conditions.addValue(.integer(end)))" }
            return try Quantile.milliseconds(
                probability, of: "t.end_time - t.start_time", from: "traces t WHERE \(sql)", conditions.values,
                on: connection)
        }
    }
}

/// Quantiles that the database sorts for.
enum Quantile {
    /// Of nanoseconds, in milliseconds; between two values in proportion, nil where there are none.
    static func milliseconds(
        _ probability: Double, of expression: String, from rows: String, _ values: [SQLValue],
        on connection: DatabaseConnection
    ) throws -> Double? {
        let count = try connection.query("SELECT COUNT(*) FROM \(rows)", values).first?.integer(0) ?? 0
        guard count > 0 else { return nil }
        let place = min(max(probability, 0), 1) * Double(count - 1)
        let latencies = try connection.query(
            "SELECT \(expression) FROM \(rows) ORDER BY \(expression) LIMIT 2 OFFSET \(Int64(place))", values
        ).map { Double(try $0.integer(0)) / 1e6 }
        guard let low = latencies.first, let high = latencies.last else { return nil }
        return low + (high - low) * (place - place.rounded(.down))
    }

    /// Of sorted values.
    static func milliseconds(_ probability: Double, of nanoseconds: [Int64]) -> Double? {
        guard let last = nanoseconds.last else { return nil }
        let place = min(max(probability, 0), 1) * Double(nanoseconds.count - 1)
        let low = nanoseconds[Int(place)]
        let high = Int(place) + 1 < nanoseconds.count ? nanoseconds[Int(place) + 1] : last
        return (Double(low) + Double(high - low) * (place - place.rounded(.down))) / 1e6
    }
}
