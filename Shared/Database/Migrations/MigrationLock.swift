/// What keeps two processes from migrating at once: held until the transaction ends.
enum MigrationLock {
    /// The first of an advisory lock's two numbers; the second is of the schema. "BENN" as a number.
    private static let number: Int64 = 0x4245_4E4E

    /// False if another process has it. On SQLite every write transaction has it.
    static func take(on connection: DatabaseConnection) throws -> Bool {
        guard connection.dialect == .postgres else { return true }
        // Whoever waits for a table's lock holds up all who come after it, so not for long.
        try connection.executeScript("SET LOCAL lock_timeout = '10s'")
        let rows = try connection.query(
            "SELECT pg_try_advisory_xact_lock($1, hashtext(current_setting('search_path')))", [.integer(number)])
        return try rows.first?.boolean(0) ?? false
    }

    /// Looks first: to be allowed to make schemas is needed only by one who must.
    static func createSchema(_ name: String, on connection: DatabaseConnection) throws {
        guard try connection.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", [.text(name)]).isEmpty else {
            return
        }
        try connection.executeScript("CREATE SCHEMA \(name.quotedIdentifier)")
    }
}
