import CSQLite

/// Brings the write-ahead log back into the database between transactions, when it has grown.
///
/// SQLite would do so within a commit, while its caller waits, and beside busy writers it would never get to the log's
/// end: the log then grows without limit.
final class SQLiteCheckpoints {
    /// What is left of the log's file after it was emptied.
    static let walBytesKept: Int32 = 64 << 20
    /// The log's size from which it is brought back as far as readers allow. Less makes for shorter pauses and, as pages
    /// are written again that were written just before, for fewer rows a second.
    private static let passiveBytes: Int32 = 32 << 20
    /// The log's size from which readers are waited for, so that its file can be cut.
    private static let truncateBytes: Int32 = 256 << 20
    /// How long they are waited for, in milliseconds.
    private static let truncateWait: Int32 = 200

    private let connection: OpaquePointer
    private let passivePages: Int32
    private let truncatePages: Int32
    private var pages: Int32 = 0
    private var nextAt: Int32

    /// `pageSize` is the database's, in bytes.
    init(_ connection: OpaquePointer, pageSize: Int32) {
        self.connection = connection
        passivePages = Self.passiveBytes / pageSize
        truncatePages = Self.truncateBytes / pageSize
        nextAt = passivePages
        // In place of the automatic checkpoint.
        sqlite3_wal_hook(
            connection,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<SQLiteCheckpoints>.fromOpaque(context).takeUnretainedValue().pages = pages
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    func runIfNeeded() {
        // The log was begun anew, by us or by another process.
        if pages < nextAt - passivePages { nextAt = passivePages }
        guard pages >= nextAt else { return }
        if pages >= truncatePages {
            sqlite3_busy_timeout(connection, Self.truncateWait)
            sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
            sqlite3_busy_timeout(connection, SQLiteConnection.busyTime.wholeMilliseconds)
        } else {
            sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        }
        // Where a reader stood in the way there is nothing to win from trying again at once.
        nextAt = pages + passivePages
    }
}
