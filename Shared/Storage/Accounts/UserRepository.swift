import Database
import Domain

/// The table `users`. What changes accounts is done on a connection, as one part of a transaction.
public struct UserRepository: Sendable {
    /// One thing to find an account by.
    public enum Key: Sendable, Hashable {
        case id(Int64)
        /// In lower case.
        case email(String)
        case name(String)
        case provider(clientID: String, userID: String)
        case directory(uniqueID: String)
    }

    private let database: Database

    public init(database: Database) {
        self.database = database
    }

    public func user(_ key: Key) async throws -> UserRecord? {
        try await database.read { try Self.user(key, on: $0) }
    }

    /// Those that there are of these, by id.
    public func users(ids: [Int64]) async throws -> [UserRecord] {
        guard !ids.isEmpty else { return [] }
        return try await database.read { connection in
            let places = (1...ids.count).map { "$\($0)" }.joined(separator: ", ")
            return try connection.query(
                "SELECT \(Self.columns) FROM users WHERE id IN (\(places)) ORDER BY id",
                ids.map(SQLValue.integer)
            ).map(UserRecord.init)
        }
    }

    /// People (not the system) by id, beginning behind `after`.
    public func people(after: Int64? = nil, limit: Int) async throws -> [UserRecord] {
        try await database.read { connection in
            try connection.query(
                "SELECT \(Self.columns) FROM users WHERE role <> 'SYSTEM' AND id > $1 ORDER BY id LIMIT $2",
                [.integer(after ?? 0), .integer(Int64(limit))]
            ).map(UserRecord.init)
        }
    }

    /// The number of people of each role.
    public func countsByRole() async throws -> [String: Int64] {
        try await database.read { connection in
            let rows = try connection.query("SELECT role, COUNT(*) FROM users GROUP BY role")
            return try Dictionary(uniqueKeysWithValues: rows.map { (try $0.text(0), try $0.integer(1)) })
        }
    }

    // MARK: Within a transaction

    /// - Parameter locking: keeps others from changing the account until the transaction ends.
    public static func user(
        _ key: Key, on connection: DatabaseConnection, locking: Bool = false
    ) throws -> UserRecord? {
        let (condition, values): (String, [SQLValue]) =
            switch key {
            case .id(let id): ("id = $1", [.integer(id)])
            case .email(let email): ("email = $1", [.text(email)])
            case .name(let name): ("name = $1", [.text(name)])
            case .provider(let clientID, let userID):
                ("oauth2_client_id = $1 AND oauth2_user_id = $2", [.text(clientID), .text(userID)])
            case .directory(let uniqueID): ("ldap_unique_id = $1", [.text(uniqueID)])
            }
        let lock = locking && connection.dialect == .postgres ? " FOR UPDATE" : ""
        return try connection.query("SELECT \(columns) FROM users WHERE \(condition)\(lock)", values).first
            .map(UserRecord.init)
    }

    /// Throws `DatabaseError.uniqueViolation` where the name, the address or the proof is another's.
    public static func insert(
        _ draft: UserDraft, on connection: DatabaseConnection, now: Int64 = SystemClock.now()
    ) throws -> UserRecord {
        let rows = try connection.query(
            """
            INSERT INTO users (name, email, role, auth_method, password_hash, must_reset_password, picture_url,
                oauth2_client_id, oauth2_user_id, ldap_unique_id, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) RETURNING \(columns)
            """,
            [
                .text(draft.name), .text(draft.email), .text(draft.role), .text(draft.method.rawValue),
                .optional(draft.passwordHash), .integer(draft.mustResetPassword ? 1 : 0), .optional(draft.pictureURL),
                .optional(draft.oauth2ClientID), .optional(draft.oauth2UserID), .optional(draft.ldapUniqueID),
                .integer(now),
            ])
        return try UserRecord(rows[0])
    }

    /// Stores all of an account's columns but its id and the time of its making. Throws as `insert` does.
    public static func update(
        _ user: UserRecord, on connection: DatabaseConnection, now: Int64 = SystemClock.now()
    ) throws {
        var hash = SQLValue.null
        var legacy = (salt: SQLValue.null, hash: SQLValue.null)
        switch user.password {
        case .current(let text): hash = .text(text)
        case .legacy(let salt, let bytes): legacy = (.bytes(salt), .bytes(bytes))
        case nil: break
        }
        _ = try connection.execute(
            """
            UPDATE users SET name = $2, email = $3, role = $4, auth_method = $5, password_hash = $6,
                legacy_password_salt = $7, legacy_password_hash = $8, must_reset_password = $9, picture_url = $10,
                oauth2_client_id = $11, oauth2_user_id = $12, ldap_unique_id = $13, updated_at = $14
            WHERE id = $1
            """,
            [
                .integer(user.id), .text(user.name), .text(user.email), .text(user.role), .text(user.method.rawValue),
                hash, legacy.salt, legacy.hash, .integer(user.mustResetPassword ? 1 : 0), .optional(user.pictureURL),
                .optional(user.oauth2ClientID), .optional(user.oauth2UserID), .optional(user.ldapUniqueID),
                .integer(now),
            ])
    }

    /// Ends their tokens and keys too. False where there is none.
    public static func delete(id: Int64, on connection: DatabaseConnection) throws -> Bool {
        try connection.execute("DELETE FROM users WHERE id = $1", [.integer(id)]) == 1
    }

    /// The system's account, which is there since the first start with authentication.
    public static func system(on connection: DatabaseConnection) throws -> UserRecord? {
        try connection.query("SELECT \(columns) FROM users WHERE role = 'SYSTEM' ORDER BY id LIMIT 1").first
            .map(UserRecord.init)
    }

    public static func hasUser(ofRole role: String, on connection: DatabaseConnection) throws -> Bool {
        try !connection.query("SELECT 1 FROM users WHERE role = $1 LIMIT 1", [.text(role)]).isEmpty
    }

    fileprivate static let columns = """
        id, name, email, role, auth_method, password_hash, legacy_password_salt, legacy_password_hash,
        must_reset_password, picture_url, oauth2_client_id, oauth2_user_id, ldap_unique_id, created_at, updated_at
        """
}

extension UserRecord {
    fileprivate init(_ row: SQLRow) throws {
        id = try row.integer(0)
        name = try row.text(1)
        email = try row.text(2)
        role = try row.text(3)
        let method = try row.text(4)
        self.method = Method(rawValue: method) ?? .local
        if let text = try row.optionalText(5) {
            password = .current(text)
        } else if let salt = try row.optionalBytes(6), let hash = try row.optionalBytes(7) {
            password = .legacy(salt: salt, hash: hash)
        }
        mustResetPassword = try row.integer(8) != 0
        pictureURL = try row.optionalText(9)
        oauth2ClientID = try row.optionalText(10)
        oauth2UserID = try row.optionalText(11)
        ldapUniqueID = try row.optionalText(12)
        createdAt = try row.integer(13)
        updatedAt = try row.integer(14)
    }
}
