import Database

/// Whom a token or a key stands for, at this moment.
public struct CredentialOwner: Sendable, Hashable {
    public var userID: Int64
    public var role: String
    /// Nanoseconds since 1970; nil for never.
    public var expiresAt: Int64?
    /// Of an API key; `FULL` for a session.
    public var scope: String
    /// The one project that a key is for.
    public var projectID: Int64?
    /// That project's name.
    public var projectName: String?
}

/// Looks up who makes a request: the one statement that each request costs whose credential is not in memory.
public struct CredentialRepository: Sendable {
    private let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// Nil for one that there is not, or not any more.
    public func owner(accessToken id: Int64) async throws -> CredentialOwner? {
        try await owner(
            """
            SELECT u.id, u.role, t.expires_at, 'FULL', NULL, NULL
            FROM access_tokens t JOIN users u ON u.id = t.user_id WHERE t.id = $1
            """, id)
    }

    /// Nil for one that there is not, or not any more.
    public func owner(apiKey id: Int64) async throws -> CredentialOwner? {
        try await owner(
            """
            SELECT u.id, u.role, k.expires_at, k.scope, k.project_id, p.name
            FROM api_keys k JOIN users u ON u.id = k.user_id LEFT JOIN projects p ON p.id = k.project_id
            WHERE k.id = $1
            """, id)
    }

    private func owner(_ statement: String, _ id: Int64) async throws -> CredentialOwner? {
        try await database.read { connection in
            guard let row = try connection.query(statement, [.integer(id)]).first else { return nil }
            return CredentialOwner(
                userID: try row.integer(0), role: try row.text(1), expiresAt: try row.optionalInteger(2),
                scope: try row.text(3), projectID: try row.optionalInteger(4), projectName: try row.optionalText(5))
        }
    }
}
