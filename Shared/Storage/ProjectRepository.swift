import Database
import Domain

/// A project as people see it.
public struct ProjectRecord: Sendable, Equatable {
    public var id: Int64
    public var name: String
    public var description: String?
    public var gradientStartColor: String
    public var gradientEndColor: String
    /// Nanoseconds since 1970.
    public var createdAt: Int64
    public var updatedAt: Int64

    static let columns = "id, name, description, gradient_start_color, gradient_end_color, created_at, updated_at"

    init(_ row: SQLRow) throws {
        id = try row.integer(0)
        name = try row.text(1)
        description = try row.optionalText(2)
        gradientStartColor = try row.text(3)
        gradientEndColor = try row.text(4)
        createdAt = try row.integer(5)
        updatedAt = try row.integer(6)
    }
}

/// The table `projects`.
public struct ProjectRepository: Sendable {
    // Small enough for a removal's transaction to stay well below what writers wait for.
    private static let removedAtOnce: Int64 = 200

    private let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// Projects with ids from `firstID` on, ordered by id; `nameContains` in any case.
    ///
    /// Names are compared here and not in SQL: what the engines hold for upper and lower case differs beyond ASCII.
    public func page(from firstID: Int64, limit: Int, nameContains: String? = nil) async throws -> [ProjectRecord] {
        let wanted = nameContains?.lowercased()
        return try await database.read { connection in
            let bound = wanted == nil ? " LIMIT \(limit)" : ""
            let rows = try connection.query(
                "SELECT \(ProjectRecord.columns) FROM projects WHERE id >= $1 ORDER BY id\(bound)", [.integer(firstID)])
            let all = try rows.map(ProjectRecord.init)
            guard let wanted else { return all }
            return Array(all.filter { $0.name.lowercased().contains(wanted) }.prefix(limit))
        }
    }

    public func project(id: Int64) async throws -> ProjectRecord? {
        try await first("id = $1", .integer(id))
    }

    public func project(name: String) async throws -> ProjectRecord? {
        try await first("name = $1", .text(name))
    }

    /// Those of these projects that there are, by id.
    public func projects(_ ids: [Int64]) async throws -> [Int64: ProjectRecord] {
        let rows = try await database.rows(of: ids, in: "id") {
            "SELECT \(ProjectRecord.columns) FROM projects WHERE \($0)"
        } make: {
            try ProjectRecord($0)
        }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
    }

    public func count() async throws -> Int64 {
        try await database.read { try $0.query("SELECT COUNT(*) FROM projects").first?.integer(0) ?? 0 }
    }

    /// When one of them was made or changed last; nil without projects.
    public func lastUpdate() async throws -> Int64? {
        try await database.read { try $0.query("SELECT MAX(updated_at) FROM projects").first?.optionalInteger(0) }
    }

    private func first(_ condition: String, _ value: SQLValue) async throws -> ProjectRecord? {
        try await database.read { connection in
            try connection.query("SELECT \(ProjectRecord.columns) FROM projects WHERE \(condition)", [value])
                .first.map(ProjectRecord.init)
        }
    }

    /// Throws `DatabaseError.uniqueViolation` where the name is taken.
    public func create(
        name: String, description: String?, gradient: (start: String?, end: String?) = (nil, nil)
    ) async throws -> ProjectRecord {
        let now = SystemClock.now()
        return try await database.write { connection in
            let rows = try connection.query(
                """
                INSERT INTO projects (name, description, gradient_start_color, gradient_end_color, created_at, updated_at)
                VALUES ($1, $2, $3, $4, $5, $5) RETURNING \(ProjectRecord.columns)
                """,
                [
                    .text(name), .optional(description), .text(gradient.start ?? ProjectRow.gradientStartColor),
                    .text(gradient.end ?? ProjectRow.gradientEndColor), .integer(now),
                ])
            return try ProjectRecord(rows[0])
        }
    }

    /// Makes a project where it is missing. Any number of processes may do this at once.
    public func ensure(_ name: String) async throws {
        guard try await project(name: name) == nil else { return }
        try await database.write { try ProjectRow.insertIfMissing(name: name, on: $0) }
    }

    /// Returns the project as it is now; nil where there is none.
    public func update(id: Int64, description: String?) async throws -> ProjectRecord? {
        let now = SystemClock.now()
        return try await database.write { connection in
            try connection.query(
                """
                UPDATE projects SET description = $2, updated_at = $3 WHERE id = $1 RETURNING \(ProjectRecord.columns)
                """, [.integer(id), .optional(description), .integer(now)]
            ).first.map(ProjectRecord.init)
        }
    }

    /// Changes what is not nil, and returns the project as it is now; nil where there is none.
    public func patch(
        id: Int64, description: String?, gradient: (start: String?, end: String?)
    ) async throws -> ProjectRecord? {
        let now = SystemClock.now()
        return try await database.write { connection in
            try connection.query(
                """
                UPDATE projects SET description = COALESCE($2, description),
                    gradient_start_color = COALESCE($3, gradient_start_color),
                    gradient_end_color = COALESCE($4, gradient_end_color), updated_at = $5
                WHERE id = $1 RETURNING \(ProjectRecord.columns)
                """,
                [
                    .integer(id), .optional(description), .optional(gradient.start), .optional(gradient.end),
                    .integer(now),
                ]
            ).first.map(ProjectRecord.init)
        }
    }

    /// Removes a project and all that is in it, in transactions of a few hundred traces, so that nothing else waits long.
    /// Until the last one the project is there, with what is left of it.
    public func remove(id: Int64) async throws {
        while true {
            do {
                if try await removeSome(id) { continue }
                try await removeRow(id)
                return
            } catch DatabaseError.foreignKeyViolation {
                // Spans have arrived in between.
            }
        }
    }

    /// Removes a project's traces that began from `start` on and before `end` (nanoseconds since 1970), in transactions
    /// as `remove` does.
    public func clear(id: Int64, from start: Int64 = .min, before end: Int64 = .max) async throws {
        while try await removeSome(id, from: start, before: end) {}
    }

    /// Returns whether there were traces.
    private func removeSome(_ id: Int64, from start: Int64 = .min, before end: Int64 = .max) async throws -> Bool {
        try await database.write { connection in
            let traces = try connection.query(
                """
                SELECT trace_id FROM traces WHERE project_id = $1 AND start_time >= $4 AND start_time < $3
                ORDER BY start_time LIMIT $2
                """, [.integer(id), .integer(Self.removedAtOnce), .integer(end), .integer(start)]
            ).compactMap { TraceID(bytes: try $0.bytes(0)) }
            guard !traces.isEmpty else { return false }
            try TraceRemoval.removeTraces(traces, on: connection)
            return true
        }
    }

    private func removeRow(_ id: Int64) async throws {
        try await database.write { connection in
            // A session that lives on by another project's traces goes to that project.
            try connection.execute(
                """
                UPDATE project_sessions SET project_id = (
                    SELECT project_id FROM traces WHERE traces.session_id = project_sessions.session_id
                    ORDER BY start_time, id LIMIT 1
                ) WHERE project_id = $1
                """, [.integer(id)])
            for table in ["project_rollups", "project_latencies", "model_usage"] {
                try connection.execute("DELETE FROM \(table) WHERE project_id = $1", [.integer(id)])
            }
            try connection.execute("DELETE FROM projects WHERE id = $1", [.integer(id)])
        }
    }
}
