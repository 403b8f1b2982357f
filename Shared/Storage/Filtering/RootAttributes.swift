import Database
import FilterLanguage

extension TraceRepository {
    // As many as tell what a project's attributes are, and so few that nobody waits for them.
    private static let traceCountMax = 1000
    private static let rootCountMax = 200
    private static let bytesMax: Int64 = 2 << 20

    /// The attributes of the root spans of a project's newest traces that began in the given time, as JSON objects.
    ///
    /// At most two MiB of 200 spans; with `inSessions` only of traces that belong to sessions.
    public func rootAttributes(
        projectID: Int64, startTime: Int64? = nil, endTime: Int64? = nil, inSessions: Bool = false
    ) async throws -> [[UInt8]] {
        var query = TraceQuery(projectID: projectID, limit: Self.traceCountMax)
        query.startTime = startTime
        query.endTime = endTime
        let sizes = try await rootSizes(query, inSessions: inSessions)
        var ids: [Int64] = []
        var bytes: Int64 = 0
        for (id, size) in sizes {
            bytes += size
            guard bytes <= Self.bytesMax else { break }
            ids.append(id)
        }
        let attributes = try await SpanRepository(database: database).attributes(of: ids)
        return ids.compactMap { attributes[$0] }
    }

    private func rootSizes(_ query: TraceQuery, inSessions: Bool) async throws -> [(id: Int64, size: Int64)] {
        try await database.read { connection in
            let conditions = query.conditions(connection.dialect)
            let bytes = connection.dialect == .postgres ? "octet_length(s.attributes)" : "length(s.attributes)"
            let newest = "SELECT * FROM traces WHERE \(conditions.sql) \(query.order) LIMIT \(query.limit)"
            return try connection.query(
                """
                SELECT s.id, CAST(\(bytes) AS BIGINT) FROM (\(newest)) AS t
                JOIN spans AS s ON \(connection.dialect.span("s", hasID: "t.root_span_id"))
                \(inSessions ? "WHERE t.session_id IS NOT NULL AND t.root_is_child = 0" : "")
                ORDER BY t.start_time DESC, t.id DESC LIMIT \(Self.rootCountMax)
                """, conditions.values
            ).map { (id: try $0.integer(0), size: try $0.integer(1)) }
        }
    }
}
