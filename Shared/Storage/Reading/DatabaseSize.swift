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
}
