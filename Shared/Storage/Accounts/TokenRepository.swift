import Database
import Domain

/// The tables `access_tokens`, `refresh_tokens` and `password_reset_tokens`: what a token says is no more than a row's number
/// here, and it is worth nothing once the row is gone.
public enum TokenRepository {
    /// A session's two tokens.
    public struct Session: Sendable, Hashable {
        public var accessTokenID: Int64
        public var refreshTokenID: Int64
    }

    /// A token's row.
    public struct Token: Sendable, Hashable {
        public var id: Int64
        public var userID: Int64
        /// Nanoseconds since 1970; the token is worth nothing from then on.
        public var expiresAt: Int64
    }

    /// - Parameters: `accessLife` and `refreshLife` in nanoseconds.
    public static func openSession(
        of user: Int64, accessLife: Int64, refreshLife: Int64, on connection: DatabaseConnection, now: Int64
    ) throws -> Session {
        let refresh = try connection.query(
            "INSERT INTO refresh_tokens (user_id, created_at, expires_at) VALUES ($1, $2, $3) RETURNING id",
            [.integer(user), .integer(now), .integer(now + refreshLife)])[0].integer(0)
        let access = try connection.query(
            """
            INSERT INTO access_tokens (user_id, refresh_token_id, created_at, expires_at)
            VALUES ($1, $2, $3, $4) RETURNING id
            """,
            [.integer(user), .integer(refresh), .integer(now), .integer(now + accessLife)])[0].integer(0)
        return Session(accessTokenID: access, refreshTokenID: refresh)
    }

    public static func accessToken(_ id: Int64, on connection: DatabaseConnection) throws -> Token? {
        try token(id, in: "access_tokens", on: connection)
    }

    public static func passwordResetToken(_ id: Int64, on connection: DatabaseConnection) throws -> Token? {
        try token(id, in: "password_reset_tokens", on: connection)
    }

    public static func refreshToken(_ id: Int64, on connection: DatabaseConnection) throws -> Token? {
        try token(id, in: "refresh_tokens", on: connection)
    }

    /// Ends a session: its refresh token and the access tokens that came of it. Returns the ids of the latter; nil where
    /// the session has ended already, so that of two who try at once one succeeds.
    public static func endSession(refreshToken id: Int64, on connection: DatabaseConnection) throws -> [Int64]? {
        let access = try connection.query(
            "DELETE FROM access_tokens WHERE refresh_token_id = $1 RETURNING id", [.integer(id)]
        ).map { try $0.integer(0) }
        let count = try connection.execute("DELETE FROM refresh_tokens WHERE id = $1", [.integer(id)])
        return count == 1 ? access : nil
    }

    /// Ends all sessions of an account, on every device.
    public static func endSessions(of user: Int64, on connection: DatabaseConnection) throws {
        _ = try connection.execute("DELETE FROM access_tokens WHERE user_id = $1", [.integer(user)])
        _ = try connection.execute("DELETE FROM refresh_tokens WHERE user_id = $1", [.integer(user)])
    }

    /// Makes the one token by which an account's password can be set; an earlier one is worth nothing from then on.
    public static func replacePasswordResetToken(
        of user: Int64, life: Int64, on connection: DatabaseConnection, now: Int64
    ) throws -> Int64 {
        _ = try connection.execute("DELETE FROM password_reset_tokens WHERE user_id = $1", [.integer(user)])
        return try connection.query(
            "INSERT INTO password_reset_tokens (user_id, created_at, expires_at) VALUES ($1, $2, $3) RETURNING id",
            [.integer(user), .integer(now), .integer(now + life)])[0].integer(0)
    }

    /// Takes a reset token away and returns it; nil where it is used up already.
    public static func consumePasswordResetToken(_ id: Int64, on connection: DatabaseConnection) throws -> Token? {
        try connection.query(
            "DELETE FROM password_reset_tokens WHERE id = $1 RETURNING id, user_id, expires_at", [.integer(id)]
        ).first.map(Token.init)
    }

    /// Deletes what expired before `now`; the numbers are never given again.
    public static func removeExpired(on connection: DatabaseConnection, now: Int64) throws {
        // Access tokens go with the refresh token they came of; the others are few.
        for table in ["access_tokens", "refresh_tokens", "password_reset_tokens"] {
            _ = try connection.execute("DELETE FROM \(table) WHERE expires_at <= $1", [.integer(now)])
        }
    }

    private static func token(_ id: Int64, in table: String, on connection: DatabaseConnection) throws -> Token? {
        try connection.query("SELECT id, user_id, expires_at FROM \(table) WHERE id = $1", [.integer(id)]).first
            .map(Token.init)
    }
}

extension TokenRepository.Token {
    fileprivate init(_ row: SQLRow) throws {
        self.init(id: try row.integer(0), userID: try row.integer(1), expiresAt: try row.integer(2))
    }
}
