import CSQLite

/// What holds for all of a process's connections.
enum SQLiteLibrary {
    /// To be called before anything else of SQLite; later it changes nothing.
    static func configure() { _ = isWithoutStatistics }

    /// SQLite would take a lock at every allocation to count its bytes, which nobody asks for.
    private static let isWithoutStatistics = bennu_sqlite3_without_memory_statistics() == SQLITE_OK
}
