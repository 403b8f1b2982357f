import Database

/// Reads projects' numbers from their rollups: the work grows with the days kept, not with the spans.
public struct ProjectStatistics: Sendable {
    let database: Database

    public init(database: Database) {
        self.database = database
    }

    static func sum(_ column: String) -> String { "CAST(SUM(\(column)) AS BIGINT)" }
}
