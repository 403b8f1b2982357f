import CSQLite

/// A prepared statement of SQLite to which bytes are bound where they lie. Valid only within `withStatement`.
///
/// Bind every parameter, then `run`, and again for the next row. Parameters are named by their number: 1 is `$1`. What
/// goes wrong in binding is thrown by `run`.
public final class SQLiteStatement {
    /// How long bound bytes are there.
    public enum Lifetime: Sendable {
        /// SQLite makes a copy at once.
        case copied
        /// They stay where they are, unchanged, until `run` has returned; nothing is copied.
        case untilRun
    }

    let handle: OpaquePointer
    /// Between its preparation and its last row: another run would disturb it.
    var isInUse = false
    /// SQLite's own number of the parameter `$n`, at n - 1. The names `$1`, `$2` mean nothing to it.
    private let indices: [Int32]
    private var bindFailure: Int32 = SQLITE_OK

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
        // Without an address SQLite would bind NULL.
        let start = text.baseAddress ?? Self.somewhere
        note(
            sqlite3_bind_text64(
                handle, index(parameter), start.assumingMemoryBound(to: CChar.self), UInt64(text.count),
                destructor(lifetime), UInt8(SQLITE_UTF8)))
    }

    public func bind(bytes: UnsafeRawBufferPointer, at parameter: Int, lifetime: Lifetime = .copied) {
        let start = bytes.baseAddress ?? Self.somewhere
        note(sqlite3_bind_blob64(handle, index(parameter), start, UInt64(bytes.count), destructor(lifetime)))
    }

    /// Carries the statement out, forgets the bound values, and returns how many rows were changed.
    @discardableResult
    public func run() throws -> Int {
        defer { reset() }
        while try step() {}
        return Int(sqlite3_changes64(sqlite3_db_handle(handle)))
    }

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
        bindFailure = SQLITE_OK
    }

    private func index(_ parameter: Int) -> Int32 {
        precondition(parameter > 0 && parameter <= indices.count, "the statement has no parameter $\(parameter)")
        return indices[parameter - 1]
    }

    private func note(_ code: Int32) {
        if code != SQLITE_OK && bindFailure == SQLITE_OK { bindFailure = code }
    }

    private func destructor(_ lifetime: Lifetime) -> sqlite3_destructor_type? {
        switch lifetime {
        // SQLITE_TRANSIENT, which C spells as a cast of -1.
        case .copied: unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        case .untilRun: nil
        }
    }

    private static let empty: StaticString = "\0"
    private static var somewhere: UnsafeRawPointer { UnsafeRawPointer(empty.utf8Start) }
}

// MARK: - Values

extension SQLiteStatement {
    func bind(_ values: [SQLValue]) throws {
        guard values.count == parameterCount else {
            throw DatabaseError.failed(
                sqlState: "08P01", message: "\(values.count) values were given for \(parameterCount) parameters")
        }
        for (position, value) in values.enumerated() {
            // A number that is left out, as in `$1, $3`.
            guard indices[position] > 0 else { continue }
            try bind(value, at: position + 1)
        }
    }

    private func bind(_ value: SQLValue, at parameter: Int) throws {
        switch value {
        case .null: bindNull(at: parameter)
        case .integer(let value): bind(value, at: parameter)
        case .real(let value): bind(value, at: parameter)
        case .boolean(let value): bind(Int64(value ? 1 : 0), at: parameter)
        case .bytes(let value): value.withUnsafeBytes { bind(bytes: $0, at: parameter) }
        case .text(let value):
            guard !value.utf8.contains(0) else { throw DatabaseError.nulInText }
            var value = value
            value.withUTF8 { bind(text: UnsafeRawBufferPointer($0), at: parameter) }
        case .integers, .optionalIntegers, .texts, .byteStrings, .reals:
            throw DatabaseError.unsupported("arrays are for Postgres only")
        }
    }
}
