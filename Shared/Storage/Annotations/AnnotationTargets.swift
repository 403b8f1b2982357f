import Database

/// Finds the rows of targets that clients name by their own ids.
enum AnnotationTargets {
    // Well below what a statement may have of values in either engine.
    private static let namedAtOnce = 500

    /// The rows of those that are there.
    static func rows(
        ofKeys keys: Set<[UInt8]>, _ subject: AnnotationSubject, projectID: Int64? = nil,
        on connection: DatabaseConnection
    ) throws -> [[UInt8]: Int64] {
        var found: [[UInt8]: Int64] = [:]
        for some in Array(keys).chunks(of: namedAtOnce) {
            var conditions = SQLConditions()
            subject.add(to: &conditions, some, of: subject.targetTable, connection.dialect)
            if let projectID { conditions.add("project_id = ?", .integer(projectID)) }
            let rows = try connection.query(
                "SELECT id, \(subject.keyColumn) FROM \(subject.targetTable) WHERE \(conditions.sql)", conditions.values
            )
            for row in rows { found[try subject.key(row, 1)] = try row.integer(0) }
        }
        return found
    }

    /// Those of the given rows that are there.
    static func existing(
        _ ids: Set<Int64>, _ subject: AnnotationSubject, on connection: DatabaseConnection
    ) throws -> Set<Int64> {
        var found: Set<Int64> = []
        for some in Array(ids).chunks(of: namedAtOnce) {
            var conditions = SQLConditions()
            conditions.add("id", isOneOf: some.map(SQLValue.integer))
            let rows = try connection.query(
                "SELECT id FROM \(subject.targetTable) WHERE \(conditions.sql)", conditions.values)
            for row in rows { found.insert(try row.integer(0)) }
        }
        return found
    }
}

extension Array {
    /// In pieces of at most `size` elements.
    func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
