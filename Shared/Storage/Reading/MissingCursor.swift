import Database

/// The row that a page was to begin at has been deleted since, so that where it would have begun is not known.
public struct MissingCursor: Error {
    /// Throws if a page is empty for that reason, and not since nothing is left.
    static func check(_ id: Int64?, in table: String, on connection: DatabaseConnection, isEmpty: Bool) throws {
        guard isEmpty, let id else { return }
        guard try connection.query("SELECT id FROM \(table) WHERE id = $1", [.integer(id)]).isEmpty else { return }
        throw MissingCursor()
    }
}
