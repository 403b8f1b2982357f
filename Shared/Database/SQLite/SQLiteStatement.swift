import CSQLite

/// A prepared statement of SQLite to which bytes are bound where they lie. Valid only within `withStatement`.
///
/// Bind every parameter, then `run`, and again for the next row. Parameters are named by their number: 1 is `$1`. What
/// goes wrong in binding is thrown by `run`.
public final class SQLiteStatement {
    /// How long bound bytes are there.
    public enum Lifetime: Sendable {
        /// They are copied at once.
        case copied
        /// They stay where they are, unchanged, until `run` has returned; nothing is copied.
        case untilRun
    }

    let handle: OpaquePointer
    /// Between its preparation and its last row: another run would disturb it.
    var isInUse = false
    /// SQLite's own number of the parameter `$n`, at n - 1. The names `$1`, `$2` mean nothing to it.
    let indices: [Int32]
    private var bindFailure: Int32 = SQLITE_OK
    private var copies = SQLiteCopies()

    /// Takes ownership. Throws for parameters that are not `$1`, `$2`, ….
    init(_ handle: OpaquePointer) throws {
        self.handle = handle
        var indices: [Int32] = []
        for index in 1..<(1 + sqlite3_bind_parameter_count(handle)) {
            let name = sqlite3_bind_parameter_name(handle, index).map { String(cString: $0) } ?? ""
            guard name.first == "$", let number = Int(name.dropFirst()), (1...32_766).contains(number) else {
                sqlite3_finalize(handle)
                throw DatabaseError.failed(sqlState: "42601", message: "parameters are written as $1, $2, …")
            }
            while indices.count < number { indices.append(0) }
            indices[number - 1] = index
        }
        self.indices = indices
    }

    deinit {
        sqlite3_finalize(handle)
        copies.free()
    }

    /// The highest `$n`.
    public var parameterCount: Int { indices.count }

    public func bind(_ value: Int64, at parameter: Int) {
        note(sqlite3_bind_int64(handle, index(parameter), value))
    }

    public func bind(_ value: Double, at parameter: Int) {
        note(sqlite3_bind_double(handle, index(parameter), value))
    }

    public func bindNull(at parameter: Int) {
        note(sqlite3_bind_null(handle, index(parameter)))
    }

    /// Valid UTF-8 without NUL.
    public func bind(text: UnsafeRawBufferPointer, at parameter: Int, lifetime: Lifetime = .copied) {
        let (start, destructor) = place(text, lifetime)
        note(
            sqlite3_bind_text64(
                handle, index(parameter), start.assumingMemoryBound(to: CChar.self), UInt64(text.count),
                destructor, UInt8(SQLITE_UTF8)))
    }

    public func bind(bytes: UnsafeRawBufferPointer, at parameter: Int, lifetime: Lifetime = .copied) {
        let (start, destructor) = place(bytes, lifetime)
        note(sqlite3_bind_blob64(handle, index(parameter), start, UInt64(bytes.count), destructor))
    }

    /// Carries the statement out, forgets the bound values, and returns how many rows were changed.
    @discardableResult
    public func run() throws -> Int {
        defer { reset() }
        while try step() {}
        return Int(sqlite3_changes64(sqlite3_db_handle(handle)))
    }

    /// Carries the statement out, forgets the bound values, and returns its rows.
    public func rows() throws -> [SQLRow] {
        defer { reset() }
        let columnCount = Int(sqlite3_column_count(handle))
        guard columnCount > 0 else {
            while try step() {}
            return []
        }
        var rows = SQLiteRows(columnCount: columnCount)
        while try step() { rows.append(rowOf: handle) }
        return (0..<rows.rowCount).map { SQLRow(storage: .sqlite(rows, row: $0)) }
    }

    /// Carries the statement out as far as its first row, forgets the bound values, and returns whether there is one.
    public func hasRow() throws -> Bool {
        defer { reset() }
        return try step()
    }

    /// The INTEGER PRIMARY KEY of the row that this connection inserted last.
    public var insertedRow: Int64 { sqlite3_last_insert_rowid(sqlite3_db_handle(handle)) }

    /// True when there is a row.
    func step() throws -> Bool {
        guard bindFailure == SQLITE_OK else {
            throw DatabaseError(sqlite: sqlite3_db_handle(handle), code: bindFailure)
        }
        let code = sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw DatabaseError(sqlite: sqlite3_db_handle(handle), code: code)
        }
    }

    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        copies.forget()
        bindFailure = SQLITE_OK
    }

    private func index(_ parameter: Int) -> Int32 {
        precondition(parameter > 0 && parameter <= indices.count, "the statement has no parameter $\(parameter)")
        return indices[parameter - 1]
    }

    private func note(_ code: Int32) {
        if code != SQLITE_OK && bindFailure == SQLITE_OK { bindFailure = code }
    }

    /// Where SQLite finds the bytes, and whether it is to copy them (SQLITE_TRANSIENT, which C spells as a cast of -1) or
    /// not (SQLITE_STATIC, which is NULL).
    private func place(
        _ bytes: UnsafeRawBufferPointer, _ lifetime: Lifetime
    ) -> (start: UnsafeRawPointer, destructor: sqlite3_destructor_type?) {
        // Without an address SQLite would bind NULL.
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return (Self.somewhere, nil) }
        if lifetime == .untilRun { return (start, nil) }
        if let copy = copies.add(bytes) { return (copy, nil) }
        return (start, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
    }

    private static let empty: StaticString = "\0"
    private static var somewhere: UnsafeRawPointer { UnsafeRawPointer(empty.utf8Start) }
}
