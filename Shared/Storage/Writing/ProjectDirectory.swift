import Database
import Domain
import Synchronization

/// The ids of projects by name, kept in memory: projects are few and named by every request.
///
/// A project that was deleted elsewhere stays here until `forget`; the foreign key of `traces` refuses it, and the
/// writer then asks anew.
final class ProjectDirectory: Sendable {
    private static let entriesMax = 10_000

    private let database: Database
    private let ids = Mutex<[String: Int64]>([:])

    init(database: Database) {
        self.database = database
    }

    /// The ids of the projects of these names, made where they are missing.
    func ids(of names: Set<String>) async throws -> [String: Int64] {
        let known = ids.withLock { ids in names.reduce(into: [:]) { $0[$1] = ids[$1] } }
        let missing = names.subtracting(known.keys)
        guard !missing.isEmpty else { return known }
        let sorted = missing.sorted()
        let found = try await database.write { connection in
            try Self.ensure(sorted, on: connection)
        }
        ids.withLock { ids in
            if ids.count + found.count > Self.entriesMax { ids.removeAll() }
            ids.merge(found) { $1 }
        }
        return known.merging(found) { $1 }
    }

    /// Drops what is known, after a project was deleted or renamed.
    func forget() {
        ids.withLock { $0.removeAll() }
    }

    private static func ensure(_ names: [String], on connection: DatabaseConnection) throws -> [String: Int64] {
        var found: [String: Int64] = [:]
        for name in names {
            try ProjectRow.insertIfMissing(name: name, on: connection)
            let rows = try connection.query("SELECT id FROM projects WHERE name = $1", [.text(name)])
            if let row = rows.first { found[name] = try row.integer(0) }
        }
        return found
    }
}

/// How a project's row begins.
enum ProjectRow {
    static let gradientStartColor = "#5bdbff"
    static let gradientEndColor = "#1c76fc"

    /// Makes the row of a project that was named by a span.
    static func insertIfMissing(name: String, on connection: DatabaseConnection) throws {
        let now = SystemClock.now()
        try connection.execute(
            """
            INSERT INTO projects (name, gradient_start_color, gradient_end_color, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $4) ON CONFLICT (name) DO NOTHING
            """,
            [.text(name), .text(gradientStartColor), .text(gradientEndColor), .integer(now)])
    }
}
