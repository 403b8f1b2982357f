import Database

/// How large the database is.
public enum DatabaseSize {
    /// The bytes of all that is stored; what SQLite keeps free in its file for new rows does not count.
    public static func bytes(on connection: DatabaseConnection) throws -> Int64 {
        let sql =
            switch connection.dialect {
            case .postgres: "SELECT pg_database_size(current_database())"
            case .sqlite:
                """
                SELECT (page_count - freelist_count) * page_size
                FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()
                """
            }
        return try connection.query(sql).first.map { try $0.integer(0) } ?? 0
    }

    /// The bytes of each table with its indexes, the largest first. SQLite reads its whole file for it.
    public static func tables(on connection: DatabaseConnection) throws -> [(name: String, bytes: Int64)] {
        let sql =
            switch connection.dialect {
            case .postgres:
                """
                SELECT relname, pg_total_relation_size(oid) FROM pg_class
                WHERE relkind IN ('r', 'p', 'm') AND relnamespace = to_regnamespace(current_schema()) ORDER BY 2 DESC, 1
                """
            case .sqlite:
                """
                SELECT s.tbl_name, SUM(d.pgsize) FROM dbstat d JOIN sqlite_schema s ON s.name = d.name
                WHERE d.aggregate = TRUE GROUP BY s.tbl_name ORDER BY 2 DESC, 1
                """
            }
        return try connection.query(sql).map { (name: try $0.text(0), bytes: try $0.integer(1)) }
    }
}
