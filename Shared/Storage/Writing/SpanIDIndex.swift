import Database
import Domain

/// The ids of spans on SQLite, each with its span's row: found by `all_span_ids`, unique by what stands here.
///
/// Ids are random, so that in one large index nearly each would change a page of its own. They go into a small table first;
/// when that has grown, some of it that follow one another go into the large one, where they share pages.
///
/// ```
/// a group's ids, in order ──► new_span_ids ──► (a stretch at a time, round and round) ──► span_ids
/// ```
enum SpanIDIndex {
    struct Entry {
        var id: SpanID
        var row: Int64
    }

    /// Throws `DatabaseError.uniqueViolation` where one of the ids, which must be in order, is in `span_ids`.
    /// Of those in `new_span_ids` one hears by `add`.
    static func checkAbsence(of ids: [SpanID], on connection: DatabaseConnection) throws {
        try connection.withStatement("SELECT 1 FROM span_ids WHERE span_id = $1") { statement in
            for id in ids {
                withUnsafeBytes(of: id.value.bigEndian) { statement.bind(bytes: $0, at: 1) }
                if try statement.hasRow() { throw DatabaseError.uniqueViolation(constraint: "span_ids.span_id") }
            }
        }
    }

    /// Adds entries, which must be ordered by id. Throws `DatabaseError.uniqueViolation` where one is new no longer.
    static func add(_ entries: [Entry], on connection: DatabaseConnection) throws {
        try connection.withStatement("INSERT INTO new_span_ids (span_id, span_rowid) VALUES ($1, $2)") { statement in
            for entry in entries {
                withUnsafeBytes(of: entry.id.value.bigEndian) { statement.bind(bytes: $0, at: 1) }
                statement.bind(entry.row, at: 2)
                try statement.run()
            }
        }
    }
}
