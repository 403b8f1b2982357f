import Database
import Domain

/// What a look at the waiting annotations has come to.
public struct WaitingOutcome: Sendable, Equatable {
    /// How many were stored, as their target has come.
    public var stored = 0
    /// How many were dropped, as their time was up, by subject.
    public var dropped: [AnnotationSubject: Int] = [:]
    /// How many were looked at.
    public var examined = 0
}

/// The table `waiting_annotations`: annotations whose target has not come yet.
///
/// Spans pay nothing for them: what waits looks for its target now and then, less often the longer it has waited, and the
/// newest of it whenever spans have come.
public struct WaitingAnnotations: Sendable {
    /// Looked at in one transaction.
    public static let examinedAtOnce = 500
    private static let pauseMin: Int64 = Timestamp.nanosecondsPerSecond / 2
    private static let doublingsMax: Int64 = 7

    private let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// How many wait.
    public func count() async throws -> Int64 {
        try await database.read { try $0.query("SELECT COUNT(*) FROM waiting_annotations")[0].integer(0) }
    }

    /// Stores those whose target has come, and drops those whose time is up.
    ///
    /// - Parameter spansHaveCome: looks at those too whose next turn is still to come.
    public func examine(spansHaveCome: Bool, now: Int64 = SystemClock.now()) async throws -> WaitingOutcome {
        try await database.writeAgainstDeletions { connection in
            var outcome = WaitingOutcome()
            let due = try Self.due(spansHaveCome: spansHaveCome, now: now, on: connection)
            outcome.examined = due.count
            for subject in AnnotationSubject.allCases {
                let waiting = due.filter { $0.subject == subject }
                let ids = try AnnotationWriting.store(waiting.map(\.annotation), subject, on: connection)
                outcome.stored += ids.count
                let expired = waiting.indices.filter { ids[$0] == nil && waiting[$0].expiresAt <= now }
                if !expired.isEmpty { outcome.dropped[subject] = expired.count }
                let done = Set(ids.keys).union(expired)
                try Self.delete(done.map { waiting[$0].id }, on: connection)
                try Self.postpone(
                    waiting.indices.filter { !done.contains($0) }.map { waiting[$0] }, now: now, on: connection)
            }
            return outcome
        }
    }
}

extension WaitingAnnotations {
    private struct Entry {
        var id: Int64
        var subject: AnnotationSubject
        var annotation: NewAnnotation
        var attempts: Int64
        var expiresAt: Int64
    }

    static func add(
        _ annotations: [NewAnnotation], _ subject: AnnotationSubject, expiresAt: Int64,
        on connection: DatabaseConnection
    ) throws {
        for annotation in annotations.sorted(by: { key($0).lexicographicallyPrecedes(key($1)) }) {
            guard case .key(let target) = annotation.target else { continue }
            try connection.execute(
                insertSQL,
                [.text(subject.rawValue), .bytes(target), .integer(annotation.documentPosition ?? -1)]
                    + annotation.content.values
                    + [.integer(annotation.time), .integer(annotation.time + pauseMin), .integer(expiresAt)])
        }
    }

    /// All writers lock rows in the same order.
    private static func key(_ annotation: NewAnnotation) -> [UInt8] {
        guard case .key(let target) = annotation.target else { return [] }
        let position = UInt64(bitPattern: annotation.documentPosition ?? -1)
        return target + Array("\(position) \(annotation.content.name)\u{0}\(annotation.content.identifier)".utf8)
    }

    private static let insertSQL: String = {
        let columns = AnnotationContent.columns
        let numbers = columns.indices.map { "$\($0 + 4)" }.joined(separator: ", ")
        let next = columns.count + 4
        let replaced = (columns + ["created_at", "updated_at", "next_attempt_at", "expires_at"])
            .map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        return """
            INSERT INTO waiting_annotations (subject, target, document_position, \(columns.joined(separator: ", ")),
                created_at, updated_at, attempts, next_attempt_at, expires_at)
            VALUES ($1, $2, $3, \(numbers), $\(next), $\(next), 0, $\(next + 1), $\(next + 2))
            ON CONFLICT (subject, target, document_position, name, identifier) DO UPDATE SET \(replaced), attempts = 0
            WHERE excluded.updated_at >= waiting_annotations.updated_at
            """
    }()

    private static func due(
        spansHaveCome: Bool, now: Int64, on connection: DatabaseConnection
    ) throws -> [Entry] {
        let columns = AnnotationContent.columns.joined(separator: ", ")
        // Two API servers look at different rows.
        let lock = connection.dialect == .postgres ? "FOR UPDATE SKIP LOCKED" : ""
        let condition = spansHaveCome ? "next_attempt_at < $1" : "next_attempt_at <= $1"
        let until = spansHaveCome ? Int64.max : now
        return try connection.query(
            """
            SELECT id, subject, target, document_position, attempts, expires_at, updated_at, \(columns)
            FROM waiting_annotations WHERE \(condition) ORDER BY next_attempt_at, id LIMIT \(examinedAtOnce) \(lock)
            """, [.integer(until)]
        ).compactMap { row in
            guard let subject = AnnotationSubject(rawValue: try row.text(1)) else { return nil }
            let position = try row.integer(3)
            return Entry(
                id: try row.integer(0), subject: subject,
                annotation: NewAnnotation(
                    target: .key(try row.bytes(2)), documentPosition: position < 0 ? nil : position,
                    content: try AnnotationContent(row, from: 7), time: try row.integer(6)),
                attempts: try row.integer(4), expiresAt: try row.integer(5))
        }
    }

    private static func delete(_ ids: [Int64], on connection: DatabaseConnection) throws {
        guard !ids.isEmpty else { return }
        var conditions = SQLConditions()
        conditions.add("id", isOneOf: ids.map(SQLValue.integer))
        try connection.execute("DELETE FROM waiting_annotations WHERE \(conditions.sql)", conditions.values)
    }

    /// Half a second, then twice as long each time, up to a minute.
    private static func postpone(_ entries: [Entry], now: Int64, on connection: DatabaseConnection) throws {
        for (attempts, entries) in Dictionary(grouping: entries, by: \.attempts) {
            var conditions = SQLConditions()
            let next = conditions.addValue(.integer(now + pauseMin << min(attempts + 1, doublingsMax)))
            conditions.add("id", isOneOf: entries.map { .integer($0.id) })
            try connection.execute(
                """
                UPDATE waiting_annotations SET attempts = attempts + 1, next_attempt_at = \(next)
                WHERE \(conditions.sql)
                """, conditions.values)
        }
    }
}
