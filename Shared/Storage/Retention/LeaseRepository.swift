import Database
import Domain

/// The table `leases`: work that one process of a deployment does at a time.
public struct LeaseRepository: Sendable {
    private let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// Takes or renews a lease. False where another holder has it.
    ///
    /// Postgres' own clock decides, so that it does not matter whether those of its clients agree.
    public func acquire(_ name: String, holder: String, for time: Duration) async throws -> Bool {
        let length = time.components.seconds * Timestamp.nanosecondsPerSecond
        return try await database.write { connection in
            let now = try Self.now(connection)
            return try connection.execute(
                """
                INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $3)
                ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
                WHERE leases.expires_at < $4 OR leases.holder = excluded.holder
                """, [.text(name), .text(holder), .integer(now + length), .integer(now)]) == 1
        }
    }

    /// Gives a lease back before its time.
    public func release(_ name: String, holder: String) async throws {
        try await database.write { connection in
            try connection.execute("DELETE FROM leases WHERE name = $1 AND holder = $2", [.text(name), .text(holder)])
        }
    }

    private static func now(_ connection: DatabaseConnection) throws -> Int64 {
        guard connection.dialect == .postgres else { return SystemClock.now() }
        return try connection.query(
            "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) * 1000")[0].integer(0)
    }
}
