import Database
import Domain

/// What annotations of a name look like: what people may choose from, and which end is better.
public struct AnnotationConfig: Sendable, Hashable {
    public enum Direction: String, Sendable, Hashable, CaseIterable {
        case minimize = "MINIMIZE"
        case maximize = "MAXIMIZE"
        case none = "NONE"
    }

    /// One of the labels to choose from.
    public struct Choice: Sendable, Hashable, Codable {
        public var label: String
        public var score: Double?

        public init(label: String, score: Double? = nil) {
            self.label = label
            self.score = score
        }
    }

    public enum Kind: Sendable, Hashable {
        case categorical(direction: Direction, choices: [Choice])
        case continuous(direction: Direction, lowerBound: Double?, upperBound: Double?)
        case freeform(direction: Direction?, threshold: Double?, lowerBound: Double?, upperBound: Double?)
    }

    public var name: String
    public var description: String?
    public var kind: Kind

    public init(name: String, description: String? = nil, kind: Kind) {
        self.name = name
        self.description = description
        self.kind = kind
    }
}

/// A stored config.
public struct AnnotationConfigRecord: Sendable, Hashable {
    public var id: Int64
    public var config: AnnotationConfig
}

/// A config that people are offered in a project.
public struct AnnotationConfigAssignment: Sendable, Hashable {
    public var configID: Int64
    public var projectID: Int64

    public init(configID: Int64, projectID: Int64) {
        self.configID = configID
        self.projectID = projectID
    }
}

/// The tables `annotation_configs` and `project_annotation_configs`.
public struct AnnotationConfigRepository: Sendable {
    private let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// By id, from `firstID` on.
    public func page(from firstID: Int64 = 0, limit: Int) async throws -> [AnnotationConfigRecord] {
        try await rows("c.id >= $1 ORDER BY c.id LIMIT \(limit)", [.integer(firstID)])
    }

    public func config(id: Int64) async throws -> AnnotationConfigRecord? {
        try await rows("c.id = $1", [.integer(id)]).first
    }

    public func config(name: String) async throws -> AnnotationConfigRecord? {
        try await rows("c.name = $1", [.text(name)]).first
    }

    public func configs(ids: [Int64]) async throws -> [AnnotationConfigRecord] {
        var conditions = SQLConditions()
        conditions.add("c.id", isOneOf: ids.map(SQLValue.integer))
        return try await rows("\(conditions.sql) ORDER BY c.id", conditions.values)
    }

    /// Throws `DatabaseError.uniqueViolation` where the name is taken.
    public func create(_ config: AnnotationConfig) async throws -> AnnotationConfigRecord {
        let values = config.values
        return try await database.write { connection in
            let rows = try connection.query(
                """
                INSERT INTO annotation_configs (name, annotation_type, description, optimization_direction, threshold,
                    lower_bound, upper_bound, choices)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
                """, values)
            return AnnotationConfigRecord(id: try rows[0].integer(0), config: config)
        }
    }

    /// Puts another config in the place of one. Nil where there is none; throws as `create` does.
    public func replace(id: Int64, with config: AnnotationConfig) async throws -> AnnotationConfigRecord? {
        let values = config.values
        return try await database.write { connection in
            let count = try connection.execute(
                """
                UPDATE annotation_configs SET name = $1, annotation_type = $2, description = $3,
                    optimization_direction = $4, threshold = $5, lower_bound = $6, upper_bound = $7, choices = $8
                WHERE id = $9
                """, values + [.integer(id)])
            return count == 1 ? AnnotationConfigRecord(id: id, config: config) : nil
        }
    }

    /// Deletes configs and their assignments, and returns what they were. Annotations stay.
    public func remove(ids: [Int64]) async throws -> [AnnotationConfigRecord] {
        try await database.write { connection in
            var conditions = SQLConditions()
            conditions.add("c.id", isOneOf: ids.map(SQLValue.integer))
            let found = try Self.rows("\(conditions.sql) ORDER BY c.id", conditions.values, on: connection)
            for config in found {
                try connection.execute("DELETE FROM annotation_configs WHERE id = $1", [.integer(config.id)])
            }
            return found
        }
    }

    // MARK: - Projects

    /// The configs of projects, by project, each in the order of their ids.
    public func configs(ofProjects ids: [Int64]) async throws -> [Int64: [AnnotationConfigRecord]] {
        var conditions = SQLConditions()
        conditions.add("p.project_id", isOneOf: ids.map(SQLValue.integer))
        let (sql, values) = (conditions.sql, conditions.values)
        return try await database.read { connection in
            let rows = try connection.query(
                """
                SELECT \(AnnotationConfigRecord.columns), p.project_id FROM annotation_configs AS c
                JOIN project_annotation_configs AS p ON p.config_id = c.id WHERE \(sql) ORDER BY c.id
                """, values)
            return try rows.reduce(into: [:]) { found, row in
                found[try row.integer(9), default: []].append(try AnnotationConfigRecord(row))
            }
        }
    }

    /// A config that is assigned stays so. Throws `DatabaseError.foreignKeyViolation` where one of both is not there.
    public func assign(_ configID: Int64, toProject projectID: Int64) async throws {
        try await assign([AnnotationConfigAssignment(configID: configID, projectID: projectID)])
    }

    /// All or, where it throws as the other does, none.
    public func assign(_ assignments: [AnnotationConfigAssignment]) async throws {
        try await database.write { connection in
            for one in assignments { try Self.assign(one.configID, one.projectID, on: connection) }
        }
    }

    public func unassign(_ configID: Int64, fromProject projectID: Int64) async throws {
        try await unassign([AnnotationConfigAssignment(configID: configID, projectID: projectID)])
    }

    /// What is not assigned stays so.
    public func unassign(_ assignments: [AnnotationConfigAssignment]) async throws {
        try await database.write { connection in
            for one in assignments {
                try connection.execute(
                    "DELETE FROM project_annotation_configs WHERE project_id = $1 AND config_id = $2",
                    [.integer(one.projectID), .integer(one.configID)])
            }
        }
    }

    /// Makes these a project's configs, and no others.
    public func assignOnly(_ configIDs: Set<Int64>, toProject projectID: Int64) async throws {
        try await database.write { connection in
            try connection.execute(
                "DELETE FROM project_annotation_configs WHERE project_id = $1", [.integer(projectID)])
            for id in configIDs.sorted() { try Self.assign(id, projectID, on: connection) }
        }
    }

    private static func assign(_ configID: Int64, _ projectID: Int64, on connection: DatabaseConnection) throws {
        try connection.execute(
            """
            INSERT INTO project_annotation_configs (project_id, config_id) VALUES ($1, $2)
            ON CONFLICT (project_id, config_id) DO NOTHING
            """, [.integer(projectID), .integer(configID)])
    }

    // MARK: - Rows

    private func rows(_ condition: String, _ values: [SQLValue]) async throws -> [AnnotationConfigRecord] {
        try await database.read { try Self.rows(condition, values, on: $0) }
    }

    private static func rows(
        _ condition: String, _ values: [SQLValue], on connection: DatabaseConnection
    ) throws -> [AnnotationConfigRecord] {
        try connection.query(
            "SELECT \(AnnotationConfigRecord.columns) FROM annotation_configs AS c WHERE \(condition)", values
        ).map(AnnotationConfigRecord.init)
    }
}
