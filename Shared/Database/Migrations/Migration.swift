/// A numbered change of the schema, forth and back, for each engine.
public struct Migration: Sendable {
    /// From 1, growing.
    public let version: Int
    public let name: String
    /// Statements separated by semicolons, run in one transaction.
    public let up: [SQLDialect: String]
    public let down: [SQLDialect: String]

    public init(version: Int, name: String, up: [SQLDialect: String], down: [SQLDialect: String]) {
        self.version = version
        self.name = name
        self.up = up
        self.down = down
    }
}

/// Whether a migration has been applied.
public struct MigrationStatus: Sendable, Equatable {
    public let version: Int
    public let name: String
    /// Nanoseconds since 1970-01-01T00:00:00Z; nil while it is pending.
    public let appliedAt: Int64?
    /// False for one that a newer release has applied.
    public let isKnown: Bool
}
