/// What went wrong in the database, the same for both engines.
///
/// No case carries a password, nor the values of rows beyond what the engine's own message quotes.
public enum DatabaseError: Error, Sendable, Hashable {
    /// The database cannot be reached, or the connection broke. Of a write that got as far as its commit the outcome is
    /// unknown: it must not be acknowledged, and must be safe to repeat.
    case unavailable(String)
    /// More work waits for a connection than may.
    case overloaded
    /// No connection came free in time, or the transaction ran longer than it may. Nothing was written.
    case timedOut
    /// A deadlock or a serialization failure: another transaction was in the way. Nothing was written.
    case serialization
    /// Postgres names the constraint (`spans_span_id_key`), SQLite the columns (`spans.span_id`).
    case uniqueViolation(constraint: String)
    /// Postgres names the constraint; SQLite does not know it and says nothing (an empty text).
    case foreignKeyViolation(constraint: String)
    case diskFull
    /// A write was tried in `Database.read`, on a standby or on a file that may not be written.
    case readOnly
    /// The database was migrated by a newer release; it was not touched.
    case newerSchema(found: Int, known: Int)
    /// A row's value is not of the type that was asked for.
    case unexpectedValue(column: Int, expected: String)
    /// Anything else, by the SQL standard's five characters (SQLite's codes are translated).
    case failed(sqlState: String, message: String)

    /// Whether the same work may well succeed a moment later.
    public var isRetryable: Bool {
        switch self {
        case .unavailable, .overloaded, .timedOut, .serialization: true
        case .uniqueViolation, .foreignKeyViolation, .diskFull, .readOnly, .newerSchema, .unexpectedValue, .failed:
            false
        }
    }
}

extension DatabaseError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unavailable(let reason): "the database is unavailable: \(reason)"
        case .overloaded: "too much work waits for the database"
        case .timedOut: "the database took too long"
        case .serialization: "another transaction was in the way"
        case .uniqueViolation(let constraint): "already there (\(constraint))"
        case .foreignKeyViolation(let constraint): "refers to what is not there (\(constraint))"
        case .diskFull: "the database's disk is full"
        case .readOnly: "the database may only be read"
        case .newerSchema(let found, let known):
            "the database has schema version \(found), this release knows \(known) at most; it was left untouched"
        case .unexpectedValue(let column, let expected): "column \(column) holds no \(expected)"
        case .failed(let sqlState, let message): "\(message) (\(sqlState))"
        }
    }
}

extension DatabaseError {
    /// A statement after one that failed in the same transaction, or the commit of such a transaction.
    static let transactionFailed = failed(
        sqlState: "25P02", message: "a statement of this transaction has failed; nothing of it will be written")

    static let nulInText = failed(
        sqlState: "22021", message: "a text holds a NUL character, which no text column takes")

    static func unsupported(_ what: String) -> DatabaseError {
        failed(sqlState: "0A000", message: what)
    }
}
