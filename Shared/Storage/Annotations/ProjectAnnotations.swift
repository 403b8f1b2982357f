import Database
import Domain

/// Which of a project's annotations are wanted, the newest first.
public struct AnnotationQuery: Sendable {
    public var projectID: Int64
    /// Targets by their own ids; nil for all.
    public var keys: [[UInt8]]?
    public var identifiers: [String]?
    public var names: [String]?
    public var excludedNames: [String] = []
    /// The first annotation of the page.
    public var from: Int64?
    public var limit: Int

    public init(projectID: Int64, limit: Int) {
        self.projectID = projectID
        self.limit = limit
    }
}

/// Which of a project's annotations go. Every part that is set must hold.
public struct AnnotationRemoval: Sendable {
    /// What the times are of.
    public enum TimeField: Sendable {
        case created
        case targetStart
    }

    public var projectID: Int64
    public var name: String?
    public var identifier: String?
    public var annotatorKind: AnnotatorKind?
    /// Only this user's.
    public var userID: Int64?
    /// Nanoseconds since 1970; the first is included, the second not.
    public var startTime: Int64?
    public var endTime: Int64?
    public var timeField = TimeField.created

    public init(projectID: Int64) {
        self.projectID = projectID
    }
}

/// The annotations of a project as a whole.
extension AnnotationRepository {
    // Small enough for a transaction to stay well below what writers wait for.
    private static let removedAtOnce = 1000
    private static let namedAtOnce = 10_000

    /// A page of a project's annotations.
    public func page(_ query: AnnotationQuery) async throws -> [AnnotationRecord] {
        var conditions = SQLConditions()
        conditions.add("t.project_id = ?", .integer(query.projectID))
        if let keys = query.keys {
            subject.add(to: &conditions, keys.prefix(Self.namedAtOnce), of: "t", database.dialect)
        }
        if let identifiers = query.identifiers {
            conditions.add("a.identifier", isOneOf: identifiers.map(SQLValue.text))
        }
        AnnotationFilter(include: .init(names: query.names), exclude: .init(names: query.excludedNames))
            .add(to: &conditions)
        if let from = query.from { conditions.add("a.id <= ?", .integer(from)) }
        let (sql, values) = (conditions.sql, conditions.values)
        return try await database.read { [subject] connection in
            try connection.query(
                """
                SELECT \(AnnotationRecord.columns(subject)) FROM \(AnnotationRecord.source(subject))
                WHERE \(sql) ORDER BY a.id DESC LIMIT \(query.limit)
                """, values
            ).map { try AnnotationRecord($0, subject) }
        }
    }

    /// Whether the project has one of these targets.
    public func hasTarget(amongKeys keys: [[UInt8]], projectID: Int64) async throws -> Bool {
        try await database.read { [subject] connection in
            try !AnnotationTargets.rows(ofKeys: Set(keys), subject, projectID: projectID, on: connection).isEmpty
        }
    }

    /// Deletes annotations, in transactions of a thousand. Returns how many there were.
    public func remove(_ removal: AnnotationRemoval) async throws -> Int {
        var conditions = SQLConditions()
        conditions.add("t.project_id = ?", .integer(removal.projectID))
        if let name = removal.name { conditions.add("a.name = ?", .text(name)) }
        if let identifier = removal.identifier { conditions.add("a.identifier = ?", .text(identifier)) }
        if let kind = removal.annotatorKind { conditions.add("a.annotator_kind = ?", .text(kind.rawValue)) }
        if let user = removal.userID { conditions.add("a.user_id = ?", .integer(user)) }
        let time = removal.timeField == .created ? "a.created_at" : "t.start_time"
        if let start = removal.startTime { conditions.add("\(time) >= ?", .integer(start)) }
        if let end = removal.endTime { conditions.add("\(time) < ?", .integer(end)) }
        let sql = """
            DELETE FROM \(subject.table) WHERE id IN (
                SELECT a.id FROM \(AnnotationRecord.source(subject)) WHERE \(conditions.sql)
                ORDER BY a.id LIMIT \(Self.removedAtOnce)
            )
            """
        var (removed, total) = (0, 0)
        repeat {
            removed = try await database.write { [values = conditions.values] in try $0.execute(sql, values) }
            total += removed
        } while removed == Self.removedAtOnce
        return total
    }
}
