import CPostgres
import Foundation
import Logging

/// One connection to a Postgres server. Used by one thread; every wait on the server has a limit.
final class PostgresConnection: EngineConnection {
    private static let statementsMax = 256
    /// What a server may take to answer that it has cancelled a statement.
    private static let cancelTime = Duration.seconds(2)
    /// What a commit may take even when its transaction has used up its time: no answer is worse than a late one.
    private static let commitTime = Duration.seconds(10)
    private static let rollbackTime = Duration.seconds(5)

    let dialect = SQLDialect.postgres
    private let socket: PostgresSocket
    private let access: TransactionTerms.Access
    private let defaultTime: Duration
    private var statements = LeastRecentlyUsed<String, PreparedStatement>(limit: statementsMax)
    private var statementsMade = 0
    /// Set when what was prepared no longer fits the schema.
    private var mustForgetStatements = false
    /// Set when this server turned out not to take writes: another of the hosts may.
    private var mustReconnect = false
    private let scratch = GrowingBytes(capacity: 16 << 10)
    private let copyBuffer = GrowingBytes(capacity: 64 << 10)

    struct PreparedStatement {
        let name: String
        let parameterTypes: [Oid]
    }

    /// Connects, and sets what all transactions share.
    init(
        parameters: PostgresParameters, options: DatabaseOptions, access: TransactionTerms.Access, logger: Logger
    ) throws {
        self.access = access
        defaultTime = access == .read ? options.readTime : options.writeTime
        socket = try PostgresSocket.connect(to: parameters, options: options, logger: logger)
        try setUp(schema: parameters.schema)
    }

    private func setUp(schema: String?) throws {
        socket.limit(to: .now + .seconds(10))
        var settings = [
            "SET statement_timeout = \(defaultTime.wholeMilliseconds)",
            // A process that hangs within a transaction must not hold its locks for ever.
            "SET idle_in_transaction_session_timeout = \((defaultTime + .seconds(60)).wholeMilliseconds)",
        ]
        if let schema { settings.append("SET search_path TO \(schema.quotedIdentifier)") }
        do {
            try runSimple(settings.joined(separator: "; "))
        } catch {
            socket.close()
            throw error
        }
    }

    var isUsable: Bool { socket.isAlive }

    func takeTurnAtOnce() -> Bool { true }
    func takeTurn() {}
    func endTurn() {}

    func close() {
        socket.close()
    }
}

// MARK: - Transactions

extension PostgresConnection {
    func begin(_ terms: TransactionTerms) throws {
        socket.limit(to: terms.deadline, isCancelled: terms.isCancelled)
        if mustForgetStatements {
            try runSimple("DEALLOCATE ALL")
            statements.removeAll()
            mustForgetStatements = false
        }
        var sql =
            switch terms.access {
            case .read: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
            case .write: "BEGIN ISOLATION LEVEL READ COMMITTED"
            }
        if terms.time != defaultTime {
            sql += "; SET LOCAL statement_timeout = \(terms.time.wholeMilliseconds)"
        }
        try runSimple(sql)
    }

    func commit() throws {
        socket.limit(to: max(socket.deadline, .now + Self.commitTime))
        let tag: String
        do {
            tag = try runSimple("COMMIT")
        } catch let error as DatabaseError where !socket.isAlive || error == .timedOut {
            // Not to be mistaken for a failure, after which nothing is written.
            socket.close()
            throw DatabaseError.unavailable("the answer to COMMIT is missing, its outcome unknown: \(error)")
        }
        // A transaction in which something failed answers so, without an error.
        guard tag == "COMMIT" else { throw DatabaseError.transactionFailed }
    }

    func rollback() {
        if mustReconnect { socket.close() }
        guard socket.isAlive else { return }
        switch socket.transactionStatus {
        case PQTRANS_IDLE: return
        case PQTRANS_INTRANS, PQTRANS_INERROR:
            socket.limit(to: .now + Self.rollbackTime)
            do {
                try runSimple("ROLLBACK")
            } catch {
                socket.close()
            }
        default: socket.close()
        }
    }
}

// MARK: - Statements

extension PostgresConnection {
    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int {
        try runPrepared(sql, values).affectedCount
    }

    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow] {
        let result = try runPrepared(sql, values)
        return (0..<result.rowCount).map { SQLRow(storage: .postgres(result, row: $0)) }
    }

    func query(_ sql: String, _ values: [SQLValue], each: (borrowing SQLRow) throws -> Void) throws {
        try stoppingWhenLate {
            try sendPrepared(sql, values)
            socket.deliverRowByRow()
            try socket.results { result in
                guard result.status == PGRES_SINGLE_TUPLE else { return try check(result) }
                try each(SQLRow(storage: .postgres(result, row: 0)))
            }
        }
    }

    func executeScript(_ sql: String) throws {
        _ = try runSimple(sql)
    }

    private func runPrepared(_ sql: String, _ values: [SQLValue]) throws -> PostgresResult {
        try stoppingWhenLate {
            try sendPrepared(sql, values)
            return try onlyResult()
        }
    }

    private func sendPrepared(_ sql: String, _ values: [SQLValue]) throws {
        let statement = try prepared(sql, values)
        guard values.count == statement.parameterTypes.count else {
            throw DatabaseError.failed(
                sqlState: "08P01",
                message: "\(values.count) values were given for \(statement.parameterTypes.count) parameters")
        }
        var parameters = ParameterEncoder(buffer: scratch)
        for (value, type) in zip(values, statement.parameterTypes) {
            try parameters.append(value, as: type)
        }
        try socket.send { connection in
            parameters.withPointers { pointers, lengths, formats in
                PQsendQueryPrepared(connection, statement.name, Int32(values.count), pointers, lengths, formats, 1)
            }
        }
    }

    private func prepared(_ sql: String, _ values: [SQLValue]) throws -> PreparedStatement {
        if let known = statements.value(for: sql) { return known }
        statementsMade += 1
        let name = "s\(statementsMade)"
        try socket.send { PQsendPrepare($0, name, sql, 0, nil) }
        _ = try onlyResult()
        try socket.send { PQsendDescribePrepared($0, name) }
        let description = try onlyResult()
        let types = (0..<PQnparams(description.handle)).map { PQparamtype(description.handle, $0) }
        let statement = PreparedStatement(name: name, parameterTypes: types)
        if let dropped = statements.insert(statement, for: sql) {
            try runSimple("DEALLOCATE \(dropped.name)")
        }
        return statement
    }

    /// Runs statements without values and returns the last one's tag.
    @discardableResult
    private func runSimple(_ sql: String) throws -> String {
        try stoppingWhenLate {
            try socket.send { PQsendQuery($0, sql) }
            var tag = ""
            try socket.results { result in
                try check(result)
                tag = result.commandTag
            }
            return tag
        }
    }

    private func onlyResult() throws -> PostgresResult {
        var last: PostgresResult?
        try socket.results { result in
            try check(result)
            last = result
        }
        guard let last else { throw socket.lost() }
        return last
    }

    private func check(_ result: PostgresResult) throws {
        switch result.status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY, PGRES_SINGLE_TUPLE: return
        case PGRES_FATAL_ERROR where !socket.isOpen: throw socket.lost(result)
        case PGRES_FATAL_ERROR, PGRES_NONFATAL_ERROR: throw failure(result)
        default: throw DatabaseError.unsupported("the server answered with status \(result.status.rawValue)")
        }
    }

    private func failure(_ result: PostgresResult) -> DatabaseError {
        if result.saysPlanIsOutdated {
            mustForgetStatements = true
            return .serialization
        }
        let error = DatabaseError(result)
        if error == .readOnly && access == .write { mustReconnect = true }
        return error
    }

    /// When `body` ends in the middle of an answer (too late, cancelled, or a row's receiver threw), has the server stop
    /// and takes in the rest, so that the connection can go on.
    private func stoppingWhenLate<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch {
            guard socket.isAlive, socket.isAnswering else { throw error }
            socket.stopStatement(within: Self.cancelTime)
            throw error
        }
    }
}

// MARK: - COPY

extension PostgresConnection {
    func copyIn(_ sql: String, _ body: (inout CopyEncoder) throws -> Void) throws -> Int {
        try stoppingWhenLate {
            try socket.send { PQsendQuery($0, sql) }
            try socket.beginCopy { try check($0) }
            do {
                var encoder = CopyEncoder(buffer: copyBuffer) { [socket] in try socket.sendCopyData($0) }
                try body(&encoder)
                try encoder.finish()
            } catch {
                socket.abandonCopy()
                throw error
            }
            try socket.endCopy()
            return try onlyResult().affectedCount
        }
    }
}

extension Duration {
    /// Rounded up, and at most what Postgres' settings take.
    var wholeMilliseconds: Int32 {
        let (seconds, attoseconds) = components
        let milliseconds = seconds.multipliedReportingOverflow(by: 1000)
        guard !milliseconds.overflow else { return .max }
        return Int32(clamping: milliseconds.partialValue + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}

extension String {
    /// As a name in SQL, whatever characters it has.
    var quotedIdentifier: String {
        "\"" + replacing("\"", with: "\"\"") + "\""
    }
}
