import Logging
import Synchronization

/// One database, SQLite or Postgres, for one process.
///
/// Every connection lives on a thread of its own. `read` and `write` run a synchronous closure there, inside one
/// transaction, so nothing awaits while rows are locked and no blocking call sits on Swift's cooperative threads:
///
///     let names = try await database.read { connection in
///         try connection.query("SELECT name FROM projects WHERE id = $1", [.integer(7)]).map { try $0.text(0) }
///     }
///
/// Connections are opened when they are first needed. While the database cannot be reached, calls throw `unavailable`
/// at once, but for one now and then that tries again.
public final class Database: Sendable {
    public let dialect: SQLDialect
    public let location: DatabaseLocation
    public let options: DatabaseOptions
    private let readers: ConnectionPool
    private let writers: ConnectionPool
    private let file: SQLiteFile?

    /// Does not connect yet.
    public init(_ location: DatabaseLocation, options: DatabaseOptions = DatabaseOptions(), logger: Logger) {
        self.location = location
        self.options = options
        let open: @Sendable (TransactionTerms.Access) throws -> any EngineConnection
        let counts: (readers: Int, writers: Int)
        switch location {
        case .sqlite(let path):
            let file = SQLiteFile(path: path)
            self.file = file
            dialect = .sqlite
            counts = (options.readerCount ?? 3, 1)
            open = { access in try SQLiteConnection(file: file, access: access, logger: logger) }
        case .postgres(let parameters):
            file = nil
            dialect = .postgres
            counts = (options.readerCount ?? 4, options.writerCount ?? 2)
            open = { access in
                try PostgresConnection(parameters: parameters, options: options, access: access, logger: logger)
            }
        }
        readers = ConnectionPool(
            label: "reader", limits: .init(options, connections: counts.readers), logger: logger
        ) { try open(.read) }
        writers = ConnectionPool(
            label: "writer", limits: .init(options, connections: counts.writers), logger: logger
        ) { try open(.write) }
    }

    deinit {
        readers.stop()
        writers.stop()
    }

    /// Runs `body` on a thread that owns a read connection, inside a read-only transaction: all its statements see the
    /// database as it was at the first one.
    ///
    /// Throws what `body` throws, `DatabaseError.overloaded` or `.timedOut` when no connection comes free, `.unavailable`
    /// when there is none, and `CancellationError`. A cancelled task leaves the queue, and its running statement is
    /// stopped. `body` may be run a second time when an idle connection turns out to be dead at its first statement.
    public func read<T: Sendable>(
        timeout: Duration? = nil, _ body: @Sendable @escaping (DatabaseConnection) throws -> T
    ) async throws -> T {
        try await readers.run(.read, time: timeout ?? options.readTime, body)
    }

    /// Runs `body` on a writer's thread inside one transaction: committed when it returns, rolled back when it throws.
    /// Returns only after the commit is durable.
    ///
    /// Throws as `read` does. A cancelled task leaves the queue, but what has begun is carried through.
    @discardableResult
    public func write<T: Sendable>(
        timeout: Duration? = nil, _ body: @Sendable @escaping (DatabaseConnection) throws -> T
    ) async throws -> T {
        try await writers.run(.write, time: timeout ?? options.writeTime, body)
    }

    /// What is in use at this moment.
    public var usage: DatabaseUsage {
        DatabaseUsage(
            readsWaiting: readers.waitingCount, writesWaiting: writers.waitingCount,
            readConnections: readers.connectionCount, writeConnections: writers.connectionCount)
    }

    /// Refuses new work, finishes what has begun and closes all connections. What still waits is refused.
    public func close() async {
        await writers.close()
        await readers.close()
        file?.removeIfPrivate()
    }
}

/// How much of a database's limits is used; the limits are in `DatabaseOptions`.
public struct DatabaseUsage: Sendable, Hashable {
    /// Transactions that wait for a connection.
    public var readsWaiting: Int
    public var writesWaiting: Int
    /// Connections that are open.
    public var readConnections: Int
    public var writeConnections: Int
}
