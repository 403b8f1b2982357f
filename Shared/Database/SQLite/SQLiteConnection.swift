import CSQLite
import Foundation
import Logging

/// One connection to a SQLite file. Used by one thread; only a writer's ever changes the file.
final class SQLiteConnection: EngineConnection {
    private static let statementsMax = 256
    private static let pageSize = 16_384
    /// Holds all pages of the largest group of spans: those that do not fit are written to the log before the commit, and
    /// where they change again, the commit reads what was logged since and sums it up anew.
    private static let writerCacheKibibytes = 24_576
    /// How long a lock is waited for that was taken around our own queue: by another program, or by a recovery.
    static let busyTime = Duration.seconds(5)

    let dialect = SQLDialect.sqlite
    private(set) var handle: OpaquePointer?
    private let access: TransactionTerms.Access
    private let turns: SQLiteWriterTurns
    private var checkpoints: SQLiteCheckpoints?
    private var statements = LeastRecentlyUsed<String, SQLiteStatement>(limit: statementsMax)
    private let limit = SQLiteTimeLimit()

    /// Opens the file, making it if it is missing.
    init(file: SQLiteFile, access: TransactionTerms.Access, logger: Logger) throws {
        SQLiteLibrary.configure()
        self.access = access
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        // A private file is never synced, which is when gathered writes are written at the latest.
        let fileSystem = access == .write && !file.isPrivate ? SQLiteFileSystem.name : nil
        let code = sqlite3_open_v2(file.path, &handle, flags, fileSystem)
        turns = SQLiteWriterTurns(databasePath: file.path)
        guard code == SQLITE_OK, let handle else {
            let error = DatabaseError(sqlite: handle, code: code)
            sqlite3_close_v2(handle)
            self.handle = nil
            throw error
        }
        sqlite3_busy_timeout(handle, Self.busyTime.wholeMilliseconds)
        limit.watch(handle)
        do {
            try setUp(file)
        } catch {
            close()
            throw error
        }
    }

    private func setUp(_ file: SQLiteFile) throws {
        try useWriteAheadLog()
        // A file that vanishes with the process has nothing to keep through a power failure.
        let durability = file.isPrivate ? "OFF" : "FULL"
        try executeScript(
            """
            PRAGMA synchronous = \(durability);
            PRAGMA foreign_keys = ON;
            PRAGMA temp_store = MEMORY;
            PRAGMA trusted_schema = OFF;
            PRAGMA cache_size = -\(access == .write ? Self.writerCacheKibibytes : 4096);
            PRAGMA journal_size_limit = \(SQLiteCheckpoints.walBytesKept);
            PRAGMA query_only = \(access == .read ? "ON" : "OFF");
            """)
        guard access == .write, let handle else { return }
        let pageSize = try query("PRAGMA page_size", []).first?.integer(0) ?? 4096
        checkpoints = SQLiteCheckpoints(handle, pageSize: Int32(clamping: pageSize))
    }

    /// The file says how it is written, so only the first to open it changes that, and alone: SQLite would tell all but
    /// one that the file is locked.
    private func useWriteAheadLog() throws {
        guard try journalMode("PRAGMA journal_mode") != "wal" else { return }
        turns.take()
        defer { turns.end() }
        // Takes effect in a new file only. Rows are about 3 KB: in pages of 4 KiB a quarter would be empty.
        try executeScript("PRAGMA page_size = \(Self.pageSize)")
        let mode = try journalMode("PRAGMA journal_mode = WAL")
        guard mode == "wal" else {
            throw DatabaseError.failed(
                sqlState: "58000",
                message: "SQLite cannot keep a write-ahead log here (a network folder?), only \(mode)")
        }
    }

    private func journalMode(_ sql: String) throws -> String {
        try query(sql, []).first?.text(0) ?? ""
    }

    var isUsable: Bool { handle != nil }

    func takeTurnAtOnce() -> Bool { access == .read || turns.takeAtOnce() }
    func takeTurn() { turns.take() }

    func endTurn() {
        // Before the turn ends: while others write, a checkpoint never reaches the end of the log.
        checkpoints?.runIfNeeded()
        turns.end()
    }

    func close() {
        statements.removeAll()
        checkpoints = nil
        sqlite3_close_v2(handle)
        handle = nil
        turns.close()
    }
}

// MARK: - Transactions

extension SQLiteConnection {
    func begin(_ terms: TransactionTerms) throws {
        limit.start(terms)
        try run(terms.access == .write ? "BEGIN IMMEDIATE" : "BEGIN")
    }

    func commit() throws {
        limit.stop()
        try run("COMMIT")
    }

    func rollback() {
        limit.stop()
        guard let handle, sqlite3_get_autocommit(handle) == 0 else { return }
        do {
            try run("ROLLBACK")
        } catch {
            close()
        }
    }

    private func run(_ sql: String) throws {
        try withStatement(sql) { _ = try $0.run() }
    }
}

// MARK: - Statements

extension SQLiteConnection {
    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int {
        try withStatement(sql) { statement in
            try statement.bind(values)
            let before = sqlite3_total_changes64(handle)
            let changed = try statement.run()
            // A statement that changes no rows leaves the last one's count standing.
            return sqlite3_total_changes64(handle) == before ? 0 : changed
        }
    }

    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] {
        try withStatement(sql) { statement in
            try statement.bind(values)
            return try statement.rows()
        }
    }

    func query(_ sql: String, _ values: [SQLValue], each: (borrowing SQLRow) throws -> Void) throws {
        try withStatement(sql) { statement in
            try statement.bind(values)
            while try statement.step() {
                var row = SQLiteRows(columnCount: Int(sqlite3_column_count(statement.handle)))
                row.append(rowOf: statement.handle)
                try each(SQLRow(storage: .sqlite(row, row: 0)))
            }
        }
    }

    func executeScript(_ sql: String) throws {
        guard let handle else { throw Self.closed }
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(DatabaseError(sqlite: handle, code: code)) }
    }

    func withStatement<T>(_ sql: String, _ body: (SQLiteStatement) throws -> T) throws -> T {
        let statement = try prepared(sql)
        statement.isInUse = true
        defer {
            // Bytes that were bound in place may be gone from here on.
            statement.reset()
            statement.isInUse = false
        }
        do {
            return try body(statement)
        } catch {
            throw failure(error)
        }
    }

    /// An interrupted statement may have been stopped for its caller's sake.
    private func failure(_ error: any Error) -> any Error {
        limit.wasCancelled ? CancellationError() : error
    }

    private func prepared(_ sql: String) throws -> SQLiteStatement {
        let known = statements.value(for: sql)
        if let known, !known.isInUse { return known }
        guard let handle else { throw Self.closed }
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared else {
            if code == SQLITE_OK { throw DatabaseError.failed(sqlState: "42601", message: "the statement is empty") }
            throw DatabaseError(sqlite: handle, code: code)
        }
        let statement = try SQLiteStatement(prepared)
        // Within its own rows a statement is run a second time: that one is for once.
        if known == nil { _ = statements.insert(statement, for: sql) }
        return statement
    }

    private static let closed = DatabaseError.unavailable("the connection is closed")
}
