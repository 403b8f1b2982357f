import Database

/// The table `sign_in_failures`: how often somebody at an address has tried to sign in to an account and failed, counted for
/// all replicas.
public enum SignInFailures {
    /// What is known of an account's failures.
    public struct Count: Sendable, Hashable {
        /// From the address that asks.
        public var ofPair: Int64
        /// From everywhere, that address included.
        public var ofAccount: Int64
    }

    /// Failures before `since` (nanoseconds since 1970) are forgotten.
    public static func count(
        account: String, address: String, since: Int64, on connection: DatabaseConnection
    ) throws -> Count {
        let row = try connection.query(
            """
            SELECT COALESCE(SUM(CASE WHEN address = $2 THEN failures ELSE 0 END), 0), COALESCE(SUM(failures), 0)
            FROM sign_in_failures WHERE account = $1 AND last_failed_at > $3
            """, [.text(account), .text(address), .integer(since)])[0]
        return Count(ofPair: try row.integer(0), ofAccount: try row.integer(1))
    }

    public static func add(
        account: String, address: String, since: Int64, on connection: DatabaseConnection, now: Int64
    ) throws {
        _ = try connection.execute(
            """
            INSERT INTO sign_in_failures (account, address, failures, last_failed_at) VALUES ($1, $2, 1, $3)
            ON CONFLICT (account, address) DO UPDATE SET last_failed_at = excluded.last_failed_at,
                failures = CASE WHEN sign_in_failures.last_failed_at > $4 THEN sign_in_failures.failures + 1 ELSE 1 END
            """, [.text(account), .text(address), .integer(now), .integer(since)])
    }

    /// After a success: of this address only, so that an attacker's failures stay counted.
    public static func reset(account: String, address: String, on connection: DatabaseConnection) throws {
        _ = try connection.execute(
            "DELETE FROM sign_in_failures WHERE account = $1 AND address = $2", [.text(account), .text(address)])
    }

    /// After the password was set anew.
    public static func reset(account: String, on connection: DatabaseConnection) throws {
        _ = try connection.execute("DELETE FROM sign_in_failures WHERE account = $1", [.text(account)])
    }

    public static func remove(before time: Int64, on connection: DatabaseConnection) throws {
        _ = try connection.execute("DELETE FROM sign_in_failures WHERE last_failed_at <= $1", [.integer(time)])
    }
}
