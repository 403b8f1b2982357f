import Database
import Domain

/// An API key, without the token itself, which nobody can be shown again.
public struct APIKeyRecord: Sendable, Hashable {
    public var id: Int64
    public var userID: Int64
    public var name: String
    public var description: String?
    /// `FULL`, `READ` (nothing can be changed) or `INGEST` (spans only).
    public var scope: String
    /// The one project that the key is for; nil for all.
    public var projectID: Int64?
    /// Nanoseconds since 1970.
    public var createdAt: Int64
    /// Nil for never.
    public var expiresAt: Int64?
    /// To about a minute; nil for never.
    public var lastUsedAt: Int64?
}

/// What a key is made of.
public struct APIKeyDraft: Sendable, Hashable {
    public var userID: Int64
    public var name: String
    public var description: String?
    public var scope: String
    public var projectID: Int64?
    public var expiresAt: Int64?

    public init(
        userID: Int64, name: String, description: String? = nil, scope: String = "FULL", projectID: Int64? = nil,
        expiresAt: Int64? = nil
    ) {
        self.userID = userID
        self.name = name
        self.description = description
        self.scope = scope
        self.projectID = projectID
        self.expiresAt = expiresAt
    }
}

/// The table `api_keys`. A system key is one whose owner is the system.
public struct APIKeyRepository: Sendable {
    /// Whose keys.
    public enum Owner: Sendable, Hashable {
        case user(Int64)
        case anyPerson
        case system
    }

    private let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// By id, beginning behind `after`.
    public func keys(of owner: Owner, after: Int64? = nil, limit: Int = 10_000) async throws -> [APIKeyRecord] {
        let (condition, values) = Self.condition(owner)
        return try await database.read { connection in
            try connection.query(
                """
                SELECT \(Self.columns) FROM api_keys k JOIN users u ON u.id = k.user_id
                WHERE k.id > $1 AND \(condition) ORDER BY k.id LIMIT $2
                """, [.integer(after ?? 0), .integer(Int64(limit))] + values
            ).map(APIKeyRecord.init)
        }
    }

    /// The keys of several people, by owner and id.
    public func keys(ofUsers ids: [Int64]) async throws -> [APIKeyRecord] {
        guard !ids.isEmpty else { return [] }
        return try await database.read { connection in
            let places = (1...ids.count).map { "$\($0)" }.joined(separator: ", ")
            return try connection.query(
                "SELECT \(Self.columns) FROM api_keys k WHERE k.user_id IN (\(places)) ORDER BY k.user_id, k.id",
                ids.map(SQLValue.integer)
            ).map(APIKeyRecord.init)
        }
    }

    public func key(id: Int64, of owner: Owner) async throws -> APIKeyRecord? {
        try await database.read { try Self.key(id: id, of: owner, on: $0) }
    }

    /// Notes that keys were used. `uses` are ids and times, nanoseconds since 1970; earlier times than those known count
    /// for nothing.
    public func markUsed(_ uses: [Int64: Int64]) async throws {
        guard !uses.isEmpty else { return }
        try await database.write { connection in
            // In one order everywhere, so that replicas cannot wait for each other.
            for (id, time) in uses.sorted(by: { $0.key < $1.key }) {
                _ = try connection.execute(
                    """
                    UPDATE api_keys SET last_used_at = $2
                    WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)
                    """, [.integer(id), .integer(time)])
            }
        }
    }

    // MARK: Within a transaction

    public static func key(id: Int64, of owner: Owner, on connection: DatabaseConnection) throws -> APIKeyRecord? {
        let (condition, values) = condition(owner, place: 2)
        return try connection.query(
            "SELECT \(columns) FROM api_keys k JOIN users u ON u.id = k.user_id WHERE k.id = $1 AND \(condition)",
            [.integer(id)] + values
        ).first.map(APIKeyRecord.init)
    }

    public static func insert(
        _ draft: APIKeyDraft, on connection: DatabaseConnection, now: Int64 = SystemClock.now()
    ) throws -> APIKeyRecord {
        let rows = try connection.query(
            """
            INSERT INTO api_keys AS k (user_id, name, description, scope, project_id, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING \(returned)
            """,
            [
                .integer(draft.userID), .text(draft.name), .optional(draft.description), .text(draft.scope),
                .optional(draft.projectID), .integer(now), .optional(draft.expiresAt),
            ])
        return try APIKeyRecord(rows[0])
    }

    /// False where there is none.
    public static func delete(id: Int64, on connection: DatabaseConnection) throws -> Bool {
        try connection.execute("DELETE FROM api_keys WHERE id = $1", [.integer(id)]) == 1
    }

    private static func condition(_ owner: Owner, place: Int = 3) -> (String, [SQLValue]) {
        switch owner {
        case .user(let id): ("k.user_id = $\(place)", [.integer(id)])
        case .anyPerson: ("u.role <> 'SYSTEM'", [])
        case .system: ("u.role = 'SYSTEM'", [])
        }
    }

    private static let returned =
        "id, user_id, name, description, scope, project_id, created_at, expires_at, last_used_at"
    private static let columns = """
        k.id, k.user_id, k.name, k.description, k.scope, k.project_id, k.created_at, k.expires_at, k.last_used_at
        """
}

extension APIKeyRecord {
    fileprivate init(_ row: SQLRow) throws {
        self.init(
            id: try row.integer(0), userID: try row.integer(1), name: try row.text(2),
            description: try row.optionalText(3), scope: try row.text(4), projectID: try row.optionalInteger(5),
            createdAt: try row.integer(6), expiresAt: try row.optionalInteger(7),
            lastUsedAt: try row.optionalInteger(8))
    }
}
