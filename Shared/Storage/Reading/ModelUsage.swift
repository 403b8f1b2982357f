import Database
import Domain

/// What models were charged for: `model_usage`, by model and type of token.
public struct ModelUsage: Sendable {
    /// Whose tokens count: a project's, or everybody's, from `start` to before `end` (nanoseconds since 1970; nil is open).
    public struct Scope: Sendable, Hashable {
        public var projectID: Int64?
        public var start: Int64?
        public var end: Int64?

        public init(projectID: Int64? = nil, start: Int64? = nil, end: Int64? = nil) {
            self.projectID = projectID
            self.start = start
            self.end = end
        }
    }

    private static let hour = 3600 * Timestamp.nanosecondsPerSecond

    private let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// By model, those without any left out. Whole hours are read from sums; only spans of the two hours at the edges are
    /// looked at.
    ///
    /// - Parameter ids: nil for all models.
    public func charges(ofModels ids: [Int64]? = nil, in scope: Scope) async throws -> [Int64: [TokenCharge]] {
        let whole = (
            start: scope.start.map { RollupRange.ceiling($0, Self.hour) },
            end: scope.end.map { RollupRange.floor($0, Self.hour) }
        )
        let edges = ProjectStatistics.edges((scope.start, scope.end), whole: whole)
        let range = RollupRange(
            from: whole.start.map(ProjectStatistics.seconds), to: whole.end.map(ProjectStatistics.seconds))
        return try await database.read { connection in
            var sums = Sums()
            if !range.pieces.isEmpty { try sums.add(try Self.kept(ids, scope, range, connection)) }
            for edge in edges { try sums.add(try Self.counted(ids, scope, edge, connection)) }
            return sums.byModel()
        }
    }

    /// A project's, by time (seconds since 1970, the first of a minute or an hour). Hours that are whole are read from sums;
    /// only where something was charged are spans of other hours looked at, minute by minute.
    ///
    /// - Parameters:
    ///   - time: nanoseconds since 1970.
    ///   - isWhole: whether an hour, given by its first second, need not be divided.
    public func charges(
        projectID: Int64, _ time: Range<Int64>, isWhole: @escaping @Sendable (_ hour: Int64) -> Bool
    ) async throws -> [(time: Int64, charge: TokenCharge)] {
        try await database.read { connection in
            var found: [(time: Int64, charge: TokenCharge)] = []
            var divided: [Range<Int64>] = []
            for (hour, charge) in try Self.hourly(projectID, time, connection) {
                let span = hour * Timestamp.nanosecondsPerSecond..<(hour * Timestamp.nanosecondsPerSecond + Self.hour)
                if isWhole(hour), time.clamped(to: span) == span {
                    found.append((hour, charge))
                } else if let last = divided.last, last.upperBound >= span.lowerBound {
                    divided[divided.count - 1] = last.lowerBound..<span.upperBound
                } else {
                    divided.append(span)
                }
            }
            for stretch in divided {
                found += try Self.byMinute(projectID, stretch.clamped(to: time), connection)
            }
            return found
        }
    }

    /// By hour in order of time; also hours that only begin or end within the time.
    private static func hourly(
        _ projectID: Int64, _ time: Range<Int64>, _ connection: DatabaseConnection
    ) throws -> [(time: Int64, charge: TokenCharge)] {
        let start = ProjectStatistics.seconds(RollupRange.floor(time.lowerBound, hour))
        let end = ProjectStatistics.seconds(RollupRange.ceiling(time.upperBound, hour))
        return try connection.query(
            """
            SELECT bucket_start, token_type, is_prompt, CAST(SUM(tokens) AS BIGINT), CAST(SUM(cost) AS BIGINT)
            FROM model_usage WHERE project_id = $1 AND width = 3600 AND bucket_start >= $2 AND bucket_start < $3
            GROUP BY bucket_start, token_type, is_prompt HAVING SUM(tokens) <> 0 OR SUM(cost) <> 0
            ORDER BY bucket_start
            """, [.integer(projectID), .integer(start), .integer(end)]
        ).map { row in
            (try row.integer(0), try TokenCharge(row, from: 1))
        }
    }

    private static func byMinute(
        _ projectID: Int64, _ time: Range<Int64>, _ connection: DatabaseConnection
    ) throws -> [(time: Int64, charge: TokenCharge)] {
        let columns = TokenCharge.columns(connection.dialect)
        return try connection.query(
            """
            SELECT s.start_time / 60000000000, \(columns.tokenType), \(columns.isPrompt),
                CAST(SUM(\(columns.tokens)) AS BIGINT), CAST(SUM(\(columns.cost)) AS BIGINT)
            FROM spans s \(TokenCharge.join(connection.dialect))
            WHERE s.model_id IS NOT NULL AND s.project_id = $1 AND s.start_time >= $2 AND s.start_time < $3
            GROUP BY 1, 2, 3
            """, [.integer(projectID), .integer(time.lowerBound), .integer(time.upperBound)]
        ).map { row in
            (try row.integer(0) * 60, try TokenCharge(row, from: 1))
        }
    }

    /// When the newest span that is charged by each of the models began. It is looked for in the last hour that has one.
    public func lastUses(ofModels ids: [Int64]) async throws -> [Int64: Int64] {
        let pairs = try await database.rows(of: ids, in: "model_id") { condition in
            """
            WITH hours AS (
                SELECT model_id, bucket_start FROM model_usage WHERE \(condition) AND width = 3600
                GROUP BY model_id, bucket_start HAVING SUM(tokens) > 0
            ), latest AS (SELECT model_id, MAX(bucket_start) AS hour FROM hours GROUP BY model_id)
            SELECT model_id, (
                SELECT MAX(s.start_time) FROM spans s
                WHERE s.project_id IN (SELECT id FROM projects) AND s.start_time >= latest.hour * 1000000000
                    AND s.start_time < (latest.hour + 3600) * 1000000000 AND s.model_id = latest.model_id
            ) FROM latest
            """
        } make: { row in
            (try row.integer(0), try row.optionalInteger(1))
        }
        return Dictionary(uniqueKeysWithValues: pairs.compactMap { id, time in time.map { (id, $0) } })
    }

    private static func kept(
        _ ids: [Int64]?, _ scope: Scope, _ range: RollupRange, _ connection: DatabaseConnection
    ) throws -> [SQLRow] {
        var conditions = SQLConditions()
        if let ids { conditions.add("model_id", isOneOf: ids.map(SQLValue.integer)) }
        if let projectID = scope.projectID { conditions.add("project_id = ?", .integer(projectID)) }
        range.add(to: &conditions)
        return try connection.query(
            """
            SELECT model_id, token_type, is_prompt, CAST(SUM(tokens) AS BIGINT), CAST(SUM(cost) AS BIGINT)
            FROM model_usage WHERE \(conditions.sql) GROUP BY model_id, token_type, is_prompt
            """, conditions.values)
    }

    private static func counted(
        _ ids: [Int64]?, _ scope: Scope, _ edge: Range<Int64>, _ connection: DatabaseConnection
    ) throws -> [SQLRow] {
        var conditions = SQLConditions()
        if let projectID = scope.projectID {
            conditions.add("s.project_id = ?", .integer(projectID))
        } else {
            // Spans are indexed by project and time.
            conditions.add("s.project_id IN (SELECT id FROM projects)")
        }
        conditions.add("s.start_time >= ?", .integer(edge.lowerBound))
        conditions.add("s.start_time < ?", .integer(edge.upperBound))
        if let ids { conditions.add("s.model_id", isOneOf: ids.map(SQLValue.integer)) }
        let columns = TokenCharge.columns(connection.dialect)
        return try connection.query(
            """
            SELECT s.model_id, \(columns.tokenType), \(columns.isPrompt), CAST(SUM(\(columns.tokens)) AS BIGINT),
                CAST(SUM(\(columns.cost)) AS BIGINT)
            FROM spans s \(TokenCharge.join(connection.dialect))
            WHERE s.model_id IS NOT NULL AND \(conditions.sql) GROUP BY 1, 2, 3
            """, conditions.values)
    }

    private struct Sums {
        private struct Key: Hashable {
            var modelID: Int64
            var tokenType: String
            var isPrompt: Bool
        }

        private var sums: [Key: (tokens: Int64, cost: Int64)] = [:]

        mutating func add(_ rows: [SQLRow]) throws {
            for row in rows {
                let key = Key(
                    modelID: try row.integer(0), tokenType: try row.text(1), isPrompt: try row.integer(2) != 0)
                let known = sums[key] ?? (tokens: 0, cost: 0)
                sums[key] = (tokens: known.tokens + (try row.integer(3)), cost: known.cost + (try row.integer(4)))
            }
        }

        /// Prompts' tokens first, then by type.
        func byModel() -> [Int64: [TokenCharge]] {
            var byModel: [Int64: [TokenCharge]] = [:]
            for (key, sum) in sums where sum.tokens != 0 || sum.cost != 0 {
                byModel[key.modelID, default: []].append(
                    TokenCharge(tokenType: key.tokenType, isPrompt: key.isPrompt, tokens: sum.tokens, cost: sum.cost))
            }
            return byModel.mapValues { charges in
                charges.sorted { ($0.isPrompt ? 0 : 1, $0.tokenType) < ($1.isPrompt ? 0 : 1, $1.tokenType) }
            }
        }
    }
}
