import CSQLite

extension DatabaseError {
    /// What SQLite's last call on the connection says, judged by its extended result code.
    init(sqlite connection: OpaquePointer?, code: Int32) {
        let message = connection.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
        switch code {
        case SQLiteCode.uniqueViolation, SQLiteCode.primaryKeyViolation, SQLiteCode.rowidViolation:
            self = .uniqueViolation(constraint: message.afterLast("failed: "))
        case SQLiteCode.foreignKeyViolation: self = .foreignKeyViolation(constraint: "")
        case SQLiteCode.notNullViolation: self = .failed(sqlState: "23502", message: message)
        case SQLiteCode.checkViolation: self = .failed(sqlState: "23514", message: message)
        case SQLiteCode.datatypeViolation: self = .failed(sqlState: "42804", message: message)
        default: self.init(primary: code & 0xFF, message: message)
        }
    }

    private init(primary: Int32, message: String) {
        switch primary {
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_INTERRUPT: self = .timedOut
        case SQLITE_FULL: self = .diskFull
        case SQLITE_READONLY, SQLITE_PERM: self = .readOnly
        case SQLITE_CANTOPEN: self = .failed(sqlState: "58P01", message: message)
        case SQLITE_IOERR: self = .failed(sqlState: "58030", message: message)
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .failed(sqlState: "XX001", message: message)
        case SQLITE_NOMEM: self = .failed(sqlState: "53200", message: message)
        case SQLITE_CONSTRAINT: self = .failed(sqlState: "23000", message: message)
        case SQLITE_MISMATCH: self = .failed(sqlState: "42804", message: message)
        case SQLITE_TOOBIG: self = .failed(sqlState: "54000", message: message)
        case SQLITE_ERROR: self = .failed(sqlState: "42000", message: message)
        default: self = .failed(sqlState: "XX000", message: message)
        }
    }
}

/// Extended result codes, which C has as macros of macros.
enum SQLiteCode {
    static let uniqueViolation = SQLITE_CONSTRAINT | (8 << 8)
    static let primaryKeyViolation = SQLITE_CONSTRAINT | (6 << 8)
    static let rowidViolation = SQLITE_CONSTRAINT | (10 << 8)
    static let foreignKeyViolation = SQLITE_CONSTRAINT | (3 << 8)
    static let notNullViolation = SQLITE_CONSTRAINT | (5 << 8)
    static let checkViolation = SQLITE_CONSTRAINT | (1 << 8)
    static let datatypeViolation = SQLITE_CONSTRAINT | (12 << 8)
}

extension String {
    fileprivate func afterLast(_ separator: String) -> String {
        ranges(of: separator).last.map { String(self[$0.upperBound...]) } ?? self
    }
}
