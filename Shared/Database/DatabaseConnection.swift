import Logging

/// A connection within one transaction: what `Database.read` and `Database.write` hand to their closure, on the thread
/// that owns it. It must not be kept beyond the closure.
///
/// Once a statement has thrown, the transaction is lost: later statements throw, and nothing is written even if the error
/// was caught. That is Postgres' rule, kept on SQLite too.
public final class DatabaseConnection {
    public let dialect: SQLDialect
    private let engine: any EngineConnection
    private let statementLogger: Logger?
    private let fault: (@Sendable (FaultPoint) -> DatabaseError?)?
    /// A statement has thrown.
    private(set) var hasFailed = false
    /// A statement has been carried out: from here on the closure may have seen something.
    private(set) var hasAnswered = false

    init(
        _ engine: any EngineConnection, statementLogger: Logger?,
        fault: (@Sendable (FaultPoint) -> DatabaseError?)? = nil
    ) {
        self.engine = engine
        self.fault = fault
        self.statementLogger = statementLogger
        dialect = engine.dialect
    }

    /// Runs one statement, prepared once and kept by its text. Returns how many rows were inserted, updated or deleted.
    @discardableResult
    public func execute(_ sql: String, _ values: [SQLValue] = []) throws -> Int {
        try attempt(sql) { try engine.execute(sql, values) }
    }

    /// Runs one statement, prepared once and kept by its text, and returns its rows.
    public func query(_ sql: String, _ values: [SQLValue] = []) throws -> [SQLRow] {
        try attempt(sql) { try engine.query(sql, values) }
    }

    /// The same, one row at a time, for results that should not be held as a whole. A row is delivered as soon as the
    /// engine has it. If `each` throws, the statement is stopped and the transaction is lost.
    public func query(
        _ sql: String, _ values: [SQLValue] = [], each: (borrowing SQLRow) throws -> Void
    ) throws {
        try attempt(sql) {
            try engine.query(sql, values) { row in
                hasAnswered = true
                try each(row)
            }
        }
    }

    /// Runs statements separated by semicolons, without values; for migrations.
    public func executeScript(_ sql: String) throws {
        try attempt(sql) { try engine.executeScript(sql) }
    }

    /// Postgres only: `COPY … FROM STDIN (FORMAT binary)`. The closure appends rows through the encoder; they are sent
    /// as they come. Returns how many rows were stored.
    @discardableResult
    public func copyIn(_ sql: String, _ body: (inout CopyEncoder) throws -> Void) throws -> Int {
        try attempt(sql) {
            guard let postgres = engine as? PostgresConnection else {
                throw DatabaseError.unsupported("COPY is for Postgres only")
            }
            return try postgres.copyIn(sql, body)
        }
    }

    /// SQLite only: a prepared statement to bind bytes to without copying them, for hot loops.
    public func withStatement<T>(_ sql: String, _ body: (SQLiteStatement) throws -> T) throws -> T {
        try attempt(sql) {
            guard let sqlite = engine as? SQLiteConnection else {
                throw DatabaseError.unsupported("statements with bytes in place are for SQLite only")
            }
            return try sqlite.withStatement(sql, body)
        }
    }

    private func attempt<T>(_ sql: String, _ statement: () throws -> T) throws -> T {
        guard !hasFailed else { throw DatabaseError.transactionFailed }
        do {
            if let error = fault?(.statement) { throw error }
            let answer = try logged(sql, statement)
            hasAnswered = true
            return answer
        } catch {
            hasFailed = true
            throw error
        }
    }

    private func logged<T>(_ sql: String, _ statement: () throws -> T) rethrows -> T {
        guard let statementLogger else { return try statement() }
        let begin = ContinuousClock.now
        defer {
            let time = begin.duration(to: .now)
            statementLogger.debug("statement", metadata: ["sql": "\(sql)", "time": "\(time)"])
        }
        return try statement()
    }
}
