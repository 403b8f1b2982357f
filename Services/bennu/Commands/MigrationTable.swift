import Database
import Domain
import Storage

/// The migrations as people read them.
enum MigrationTable {
    /// One line a migration, in three columns.
    struct Row: Equatable {
        let version: Int
        let name: String
        let state: String
    }

    /// What a database has that is not there yet.
    static let allPending = allMigrations.map { Row(version: $0.version, name: $0.name, state: "pending") }

    static func rows(_ status: [MigrationStatus]) -> [Row] {
        status.map { Row(version: $0.version, name: $0.name, state: state($0)) }
    }

    static func text(_ rows: [Row]) -> String {
        let width = rows.map(\.name.count).max() ?? 0
        return rows.map { row in
            let name = row.name + String(repeating: " ", count: width - row.name.count)
            return "\(number(row.version))  \(name)  \(row.state)\n"
        }.joined()
    }

    private static func number(_ version: Int) -> String {
        let text = String(version)
        return String(repeating: "0", count: max(0, 4 - text.count)) + text
    }

    private static func state(_ migration: MigrationStatus) -> String {
        guard let time = migration.appliedAt else { return "pending" }
        let applied = "applied \(Timestamp.iso8601(time, suffix: "Z"))"
        return migration.isKnown ? applied : "\(applied), by a newer release"
    }
}
