import Database

// On SQLite the ids of spans move out of an index on `spans` into two tables (decision 20): what is stored comes into
// `new_span_ids`, and from there in order into `span_ids`.
//
// `spans` is not made anew, which would write a large database a second time: its index, which SQLite made for a UNIQUE, is
// declared to be one like any other, so that it can be dropped. What lies in the file is the same for both.
extension Migration {
    static let spanIDs = Migration(
        version: 11, name: "span ids",
        up: [.postgres: "", .sqlite: sqliteUp], down: [.postgres: "", .sqlite: sqliteDown])

    private static let sqliteUp = """
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = replace(sql, 'span_id BLOB NOT NULL UNIQUE', 'span_id BLOB NOT NULL')
            WHERE type = 'table' AND name = 'spans';
        UPDATE sqlite_schema SET name = 'spans_by_span_id',
                sql = 'CREATE UNIQUE INDEX spans_by_span_id ON spans (span_id)'
            WHERE type = 'index' AND name = 'sqlite_autoindex_spans_1';
        PRAGMA writable_schema = RESET;
        CREATE TABLE span_ids (
            span_id BLOB PRIMARY KEY,
            span_rowid INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE new_span_ids (
            span_id BLOB PRIMARY KEY,
            span_rowid INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE VIEW all_span_ids AS
            SELECT span_id, span_rowid FROM new_span_ids UNION ALL SELECT span_id, span_rowid FROM span_ids;
        INSERT INTO span_ids SELECT span_id, id FROM spans ORDER BY span_id;
        DROP INDEX spans_by_span_id;
        CREATE TRIGGER spans_deleted AFTER DELETE ON spans BEGIN
            DELETE FROM new_span_ids WHERE span_id = OLD.span_id;
            DELETE FROM span_ids WHERE span_id = OLD.span_id;
        END;
        """

    private static let sqliteDown = """
        DROP TRIGGER spans_deleted;
        DROP VIEW all_span_ids;
        DROP TABLE new_span_ids;
        DROP TABLE span_ids;
        CREATE UNIQUE INDEX spans_by_span_id ON spans (span_id);
        """
}
