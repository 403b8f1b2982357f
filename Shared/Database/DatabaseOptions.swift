import Logging

/// How many connections a process holds, and how long anything may wait for one.
public struct DatabaseOptions: Sendable {
    /// Connections for `read`. Nil: 3 on SQLite, 4 on Postgres.
    public var readerCount: Int?
    /// Connections for `write`. Nil: 2 on Postgres. SQLite always has one.
    public var writerCount: Int?
    /// How many reads, and how many writes, may wait for a connection; beyond it `overloaded` is thrown.
    public var waitingMax = 1024
    /// How long one may wait for a connection before `timedOut` is thrown.
    public var waitingTime: Duration = .seconds(10)
    /// How long one read transaction may take.
    public var readTime: Duration = .seconds(30)
    /// How long one write transaction may take.
    public var writeTime: Duration = .seconds(60)
    /// How long one address of the server may take to let us in, unless the URL says `connect_timeout`.
    public var connectTime: Duration = .seconds(5)
    /// What Postgres lists in `pg_stat_activity`, unless the URL says `application_name`.
    public var applicationName = "bennu"
    /// Gets each statement's text, without its values, and how long it took, at level debug. Nil: statements are not
    /// logged.
    public var statementLogger: Logger?
    /// For tests: asked before and after each step of a transaction, and what it returns is thrown in its place.
    public var fault: (@Sendable (FaultPoint) -> DatabaseError?)?

    public init() {}
}

/// Where a test may let a database fail.
public enum FaultPoint: Sendable, Hashable, CaseIterable {
    /// A statement is about to be run.
    case statement
    /// A transaction is about to be committed.
    case commit
    /// It is committed, and its caller has not heard of it yet.
    case committed
}
