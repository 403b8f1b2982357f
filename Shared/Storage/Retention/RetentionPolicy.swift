import Database
import Domain

/// How much of a project is kept. What either bound leaves out goes.
public struct RetentionRule: Sendable, Hashable {
    /// Days since a trace began; nil or 0 for any age.
    public var maxDays: Double?
    /// The newest traces of a project; nil for any number.
    public var maxCount: Int64?

    public init(maxDays: Double? = nil, maxCount: Int64? = nil) {
        self.maxDays = maxDays
        self.maxCount = maxCount
    }
}

/// A policy of retention, with the schedule of its runs.
public struct RetentionPolicy: Sendable, Hashable {
    /// The policy that projects without another follow. It cannot be deleted.
    public static let defaultID: Int64 = 0

    public var id: Int64
    public var name: String
    public var cronExpression: String
    /// Nil for what `PHOENIX_DEFAULT_RETENTION_POLICY_DAYS` says; only the default policy has none.
    public var rule: RetentionRule?
    /// When its last run that was carried through began. Nanoseconds since 1970.
    public var lastRunAt: Int64?
    public var createdAt: Int64
    public var updatedAt: Int64

    static let columns =
        "p.id, p.name, p.cron_expression, p.max_days, p.max_count, p.last_run_at, p.created_at, p.updated_at"

    init(_ row: SQLRow) throws {
        id = try row.integer(0)
        name = try row.text(1)
        cronExpression = try row.text(2)
        let (days, count) = (try row.optionalReal(3), try row.optionalInteger(4))
        rule = days == nil && count == nil ? nil : RetentionRule(maxDays: days, maxCount: count)
        lastRunAt = try row.optionalInteger(5)
        createdAt = try row.integer(6)
        updatedAt = try row.integer(7)
    }

    /// Whether its schedule has named a moment since its last run.
    public func isDue(at time: Int64) -> Bool {
        guard let schedule = try? CronSchedule(cronExpression), let due = schedule.last(before: time) else {
            return false
        }
        return due > (lastRunAt ?? createdAt)
    }
}

/// The tables `retention_policies` and `project_retention_policies`.
public struct RetentionPolicyRepository: Sendable {
    let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// By id, from `firstID` on.
    public func policies(from firstID: Int64 = 0, limit: Int = 1000) async throws -> [RetentionPolicy] {
        try await database.read { connection in
            try connection.query(
                "SELECT \(RetentionPolicy.columns) FROM retention_policies AS p WHERE id >= $1 ORDER BY id LIMIT \(limit)",
                [.integer(firstID)]
            ).map(RetentionPolicy.init)
        }
    }

    public func policy(id: Int64) async throws -> RetentionPolicy? {
        try await database.read { try Self.policy(id, on: $0) }
    }

    private static func policy(_ id: Int64, on connection: DatabaseConnection) throws -> RetentionPolicy? {
        try connection.query(
            "SELECT \(RetentionPolicy.columns) FROM retention_policies AS p WHERE id = $1", [.integer(id)]
        ).first.map(RetentionPolicy.init)
    }

    /// The policies of projects, by project: their own or the default one.
    public func policies(ofProjects ids: [Int64]) async throws -> [Int64: RetentionPolicy] {
        try await database.read { connection in
            var conditions = SQLConditions()
            conditions.add("o.project_id", isOneOf: ids.map(SQLValue.integer))
            let rows = try connection.query(
                """
                SELECT \(RetentionPolicy.columns), o.project_id FROM retention_policies AS p
                JOIN project_retention_policies AS o ON o.policy_id = p.id WHERE \(conditions.sql)
                """, conditions.values)
            var found: [Int64: RetentionPolicy] = [:]
            for row in rows { found[try row.integer(8)] = try RetentionPolicy(row) }
            guard let fallback = try Self.policy(RetentionPolicy.defaultID, on: connection) else { return found }
            for id in ids where found[id] == nil { found[id] = fallback }
            return found
        }
    }

    /// The projects that follow a policy, by id from `firstID` on.
    public func projectIDs(ofPolicy id: Int64, from firstID: Int64 = 0, limit: Int = 1000) async throws -> [Int64] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT p.id FROM projects AS p LEFT JOIN project_retention_policies AS o ON o.project_id = p.id
                WHERE COALESCE(o.policy_id, 0) = $1 AND p.id >= $2 ORDER BY p.id LIMIT \(limit)
                """, [.integer(id), .integer(firstID)]
            ).map { try $0.integer(0) }
        }
    }

    /// Throws `DatabaseError.uniqueViolation` where the name is taken, `.foreignKeyViolation` where a project is not there.
    public func create(
        name: String, cronExpression: String, rule: RetentionRule, projects: [Int64] = [],
        now: Int64 = SystemClock.now()
    ) async throws -> RetentionPolicy {
        try await database.write { connection in
            let row = try connection.query(
                """
                INSERT INTO retention_policies (name, cron_expression, max_days, max_count, created_at, updated_at)
                VALUES ($1, $2, $3, $4, $5, $5) RETURNING id
                """, [.text(name), .text(cronExpression)] + rule.values + [.integer(now)])[0]
            let id = try row.integer(0)
            try Self.add(projects, to: id, on: connection)
            guard let policy = try Self.policy(id, on: connection) else { throw DatabaseError.serialization }
            return policy
        }
    }

    /// Changes what is given and leaves the rest. Nil where there is no such policy; throws as `create` does.
    public func update(
        id: Int64, name: String? = nil, cronExpression: String? = nil, rule: RetentionRule? = nil,
        addProjects: [Int64] = [], removeProjects: [Int64] = [], now: Int64 = SystemClock.now()
    ) async throws -> RetentionPolicy? {
        try await database.write { connection in
            guard var policy = try Self.policy(id, on: connection) else { return nil }
            policy.name = name ?? policy.name
            policy.cronExpression = cronExpression ?? policy.cronExpression
            policy.rule = rule ?? policy.rule
            policy.updatedAt = now
            try connection.execute(
                """
                UPDATE retention_policies SET name = $2, cron_expression = $3, max_days = $4, max_count = $5,
                    updated_at = $6 WHERE id = $1
                """,
                [.integer(id), .text(policy.name), .text(policy.cronExpression)]
                    + (policy.rule?.values ?? [.null, .null]) + [.integer(now)])
            try Self.remove(removeProjects, from: id, on: connection)
            try Self.add(addProjects, to: id, on: connection)
            return policy
        }
    }

    /// Lets a project follow a policy from now on. Throws `DatabaseError.foreignKeyViolation` where either is not there.
    public func assign(_ id: Int64, toProject projectID: Int64) async throws {
        try await database.write { try Self.add([projectID], to: id, on: $0) }
    }

    /// Deletes a policy; its projects follow the default one then. Nil where there is none, or it is the default one.
    public func remove(id: Int64) async throws -> RetentionPolicy? {
        guard id != RetentionPolicy.defaultID else { return nil }
        return try await database.write { connection in
            guard let policy = try Self.policy(id, on: connection) else { return nil }
            try connection.execute("DELETE FROM retention_policies WHERE id = $1", [.integer(id)])
            return policy
        }
    }

    /// Notes that a run that began at `time` was carried through.
    public func finishRun(of id: Int64, begunAt time: Int64) async throws {
        try await database.write { connection in
            try connection.execute(
                "UPDATE retention_policies SET last_run_at = $2 WHERE id = $1", [.integer(id), .integer(time)])
        }
    }

    private static func add(_ projects: [Int64], to id: Int64, on connection: DatabaseConnection) throws {
        guard id != RetentionPolicy.defaultID else {
            for project in projects {
                try connection.execute(
                    "DELETE FROM project_retention_policies WHERE project_id = $1", [.integer(project)])
            }
            return
        }
        for project in Set(projects).sorted() {
            try connection.execute(
                """
                INSERT INTO project_retention_policies (project_id, policy_id) VALUES ($1, $2)
                ON CONFLICT (project_id) DO UPDATE SET policy_id = excluded.policy_id
                """, [.integer(project), .integer(id)])
        }
    }

    private static func remove(_ projects: [Int64], from id: Int64, on connection: DatabaseConnection) throws {
        for project in projects {
            try connection.execute(
                "DELETE FROM project_retention_policies WHERE project_id = $1 AND policy_id = $2",
                [.integer(project), .integer(id)])
        }
    }
}

extension RetentionRule {
    /// An age that is no bound is kept as 0, so that the rule is not taken for none.
    fileprivate var values: [SQLValue] {
        [
            maxDays.map(SQLValue.real) ?? (maxCount == nil ? .real(0) : .null),
            .optional(maxCount),
        ]
    }
}
