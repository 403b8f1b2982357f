import Database

// What arrives is the newest, so the latest time belongs at an index's right end: there both engines append, and leave full
// pages behind. The other way round each page was split in the middle. Lists of the newest first read them backwards.
extension Migration {
    static let indexesByTime = Migration(
        version: 10, name: "indexes by time",
        // SQLite ends each entry with the row's id by itself.
        up: [.postgres: indexes(by: "start_time, id"), .sqlite: indexes(by: "start_time")],
        down: [
            .postgres: indexes(by: "start_time DESC, id DESC"), .sqlite: indexes(by: "start_time DESC, id DESC"),
        ])

    private static func indexes(by columns: String) -> String {
        ["spans", "traces", "project_sessions"].map { table in
            """
            DROP INDEX \(table)_by_project;
            CREATE INDEX \(table)_by_project ON \(table) (project_id, \(columns));
            """
        }.joined(separator: "\n")
    }
}
