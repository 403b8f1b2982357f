import Database
import Domain

/// Removes what a rule leaves out of one project, piece by piece: each piece is a transaction of its own with a bounded
/// number of spans, so that memory stays the same and writers wait only shortly, however much there is to remove.
public struct RetentionRemoval: Sendable {
    private static let tracesAtOnce = 200
    private static let spansAtOnce: Int64 = 5000
    private static let nanosecondsPerDay = 86_400 * Double(Timestamp.nanosecondsPerSecond)

    private let database: Database
    private let projectID: Int64
    private let rule: RetentionRule
    private let now: Int64
    private let grace: Int64

    /// - Parameters:
    ///   - now: what ages are counted back from. Nanoseconds since 1970.
    ///   - grace: traces whose last span ended less than so many nanoseconds ago are spared, as more of them may come.
    public init(database: Database, projectID: Int64, rule: RetentionRule, now: Int64, grace: Int64) {
        self.database = database
        self.projectID = projectID
        self.rule = rule
        self.now = now
        self.grace = grace
    }

    /// Where the kept traces end: what begins earlier goes.
    private struct Cutoff: Sendable {
        var startTime: Int64
        /// Of the traces that begin just then, those up to this row go.
        var rowID: Int64
    }

    /// Calls `each` after every piece with how many traces it removed, until nothing is left to remove or `each` returns
    /// false. It may be begun again at any time.
    public func run(_ each: (_ removed: Int) async throws -> Bool) async throws {
        guard let cutoff = try await cutoff() else { return }
        while true {
            let removed = try await removeSome(cutoff)
            guard removed > 0, try await each(removed) else { return }
        }
    }

    private func cutoff() async throws -> Cutoff? {
        var cutoff: Cutoff?
        if let days = rule.maxDays, days > 0 {
            let start = Double(now) - days * Self.nanosecondsPerDay
            if start > 0 { cutoff = Cutoff(startTime: Int64(start), rowID: 0) }
        }
        guard let count = rule.maxCount, count >= 0 else { return cutoff }
        let rows = try await database.read { [projectID] connection in
            try connection.query(
                """
                SELECT start_time, id FROM traces WHERE project_id = $1
                ORDER BY start_time DESC, id DESC LIMIT 1 OFFSET $2
                """, [.integer(projectID), .integer(count)])
        }
        guard let row = rows.first else { return cutoff }
        let byCount = Cutoff(startTime: try row.integer(0), rowID: try row.integer(1))
        guard let byAge = cutoff else { return byCount }
        return (byAge.startTime, byAge.rowID) > (byCount.startTime, byCount.rowID) ? byAge : byCount
    }

    private func removeSome(_ cutoff: Cutoff) async throws -> Int {
        try await database.write { [projectID, now, grace] connection in
            let rows = try connection.query(
                """
                SELECT trace_id, span_count FROM traces
                WHERE project_id = $1 AND (start_time, id) <= ($2, $3) AND end_time < $4
                ORDER BY start_time, id LIMIT \(Self.tracesAtOnce)
                """,
                [.integer(projectID), .integer(cutoff.startTime), .integer(cutoff.rowID), .integer(now - grace)])
            var ids: [TraceID] = []
            var spans: Int64 = 0
            for row in rows {
                spans += try row.integer(1)
                guard ids.isEmpty || spans <= Self.spansAtOnce else { break }
                if let id = TraceID(bytes: try row.bytes(0)) { ids.append(id) }
            }
            return ids.isEmpty ? 0 : try TraceRemoval.removeTraces(ids, on: connection)
        }
    }
}
