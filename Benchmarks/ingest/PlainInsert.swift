import CSQLite
import Foundation

// SQLite's own limit: a plain prepared INSERT of rows that Bennu has stored, into a table of the same shape with the same
// indexes and at the same durability:
//
//     PlainInsert <Bennu's database> <new database> <rows a transaction> <bytes a page> <pages between checkpoints>
//
// The rows are read into memory ahead. Prints one line of JSON.

struct Failure: Error, CustomStringConvertible {
    let description: String
}

func check(_ status: Int32, _ database: OpaquePointer?, among good: [Int32] = [SQLITE_OK]) throws {
    guard good.contains(status) else { throw Failure(description: String(cString: sqlite3_errmsg(database))) }
}

func open(_ path: String) throws -> OpaquePointer? {
    var database: OpaquePointer?
    try check(sqlite3_open(path, &database), database)
    return database
}

func prepare(_ sql: String, on database: OpaquePointer?) throws -> OpaquePointer? {
    var statement: OpaquePointer?
    try check(sqlite3_prepare_v2(database, sql, -1, &statement, nil), database)
    return statement
}

func run(_ sql: String, on database: OpaquePointer?) throws {
    try check(sqlite3_exec(database, sql, nil, nil, nil), database)
}

/// The values of every row of `spans`, in the order in which they were stored.
func readRows(from database: OpaquePointer?) throws -> (columnCount: Int32, values: [OpaquePointer?]) {
    let statement = try prepare("SELECT * FROM spans ORDER BY id", on: database)
    defer { sqlite3_finalize(statement) }
    let columnCount = sqlite3_column_count(statement)
    var values: [OpaquePointer?] = []
    while sqlite3_step(statement) == SQLITE_ROW {
        for column in 0..<columnCount { values.append(sqlite3_value_dup(sqlite3_column_value(statement, column))) }
    }
    return (columnCount, values)
}

/// The statements that make `spans` and its indexes, with one that has each id once, as one would have that plainly.
func readSchema(from database: OpaquePointer?) throws -> [String] {
    let statement = try prepare(
        """
        SELECT sql FROM sqlite_master WHERE tbl_name = 'spans' AND type IN ('table', 'index') AND sql IS NOT NULL
        ORDER BY type DESC
        """, on: database)
    defer { sqlite3_finalize(statement) }
    var schema: [String] = []
    while sqlite3_step(statement) == SQLITE_ROW {
        if let text = sqlite3_column_text(statement, 0) { schema.append(String(cString: text)) }
    }
    return schema + ["CREATE UNIQUE INDEX spans_by_span_id ON spans (span_id)"]
}

func insert(
    _ rows: (columnCount: Int32, values: [OpaquePointer?]), into database: OpaquePointer?, rowsPerTransaction: Int
) throws -> Double {
    let marks = (0..<rows.columnCount).map { _ in "?" }.joined(separator: ", ")
    let statement = try prepare("INSERT INTO spans VALUES (\(marks))", on: database)
    defer { sqlite3_finalize(statement) }
    let rowCount = rows.values.count / Int(rows.columnCount)
    let start = ContinuousClock.now
    for first in stride(from: 0, to: rowCount, by: rowsPerTransaction) {
        try run("BEGIN IMMEDIATE", on: database)
        for row in first..<min(first + rowsPerTransaction, rowCount) {
            for column in 0..<rows.columnCount {
                sqlite3_bind_value(statement, column + 1, rows.values[row * Int(rows.columnCount) + Int(column)])
            }
            try check(sqlite3_step(statement), database, among: [SQLITE_DONE])
            sqlite3_reset(statement)
        }
        try run("COMMIT", on: database)
    }
    return (ContinuousClock.now - start) / .seconds(1)
}

let arguments = CommandLine.arguments
let numbers = arguments.dropFirst(3).compactMap { Int($0) }
guard arguments.count == 6, numbers.count == 3 else {
    throw Failure(
        description: "usage: PlainInsert <Bennu's database> <new database> <rows a transaction> <bytes a page> <pages>")
}
let (rowsPerTransaction, pageBytes, checkpointPages) = (numbers[0], numbers[1], numbers[2])
// As Bennu does.
_ = bennu_sqlite3_without_memory_statistics()
let source = try open(arguments[1])
let rows = try readRows(from: source)
let schema = try readSchema(from: source)
sqlite3_close(source)
let target = try open(arguments[2])
try run(
    """
    PRAGMA page_size = \(pageBytes);
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -24576;
    PRAGMA wal_autocheckpoint = \(checkpointPages);
    """, on: target)
for sql in schema { try run(sql, on: target) }
let seconds = try insert(rows, into: target, rowsPerTransaction: rowsPerTransaction)
sqlite3_close(target)
print(#"{"rows": \#(rows.values.count / Int(rows.columnCount)), "seconds": \#(seconds)}"#)
