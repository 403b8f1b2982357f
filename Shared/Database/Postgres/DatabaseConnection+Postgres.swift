extension DatabaseConnection {
    /// Whether the server can compress values by lz4 (Postgres 14 and newer, if it was built so). False on SQLite.
    public func supportsLZ4() throws -> Bool {
        guard dialect == .postgres else { return false }
        let rows = try query(
            "SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'")
        return try rows.first?.boolean(0) ?? false
    }
}
